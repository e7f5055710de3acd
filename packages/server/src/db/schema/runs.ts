import type { EvaluationStatus, JuryAggregate, MetricDefinition, MonitorStatus } from "@pandaprobe/contract";
import type { ColumnType, Generated } from "kysely";
import type { DefaultNow, Json, JsonObject, Timestamp } from "./columns.ts";

interface EvalRunsTable {
  project_id: string;
  id: string;
  target_type: "TRACE" | "SESSION";
  name: string | null;
  status: EvaluationStatus;
  metric_names: string[];
  /** The version of each of its metrics that is the project's own. */
  metric_versions: ColumnType<Record<string, number>, string | undefined, string>;
  filters: Json<JsonObject>;
  sampling_rate: number;
  /** The judge, as resolved when the run was created; `jury` if the run has several. */
  model: string | null;
  /** How often each question is judged. */
  repeats: Generated<number>;
  /** The members of the jury, as resolved; `null`: one judge, `model`. */
  judges: string[] | null;
  /** `null` without a jury. */
  aggregate: JuryAggregate | null;
  /** The embedding model, as resolved when the run was created; `null` if the run embeds nothing. */
  embedding_model: string | null;
  thresholds: Json<Record<string, number>>;
  monitor_id: string | null;
  /** Whether answers from earlier runs are not reused. */
  fresh: Generated<boolean>;
  /** The budget of the run in USD; `null`: no limit. */
  max_cost_usd: number | null;
  total_targets: number;
  evaluated_count: Generated<number>;
  failed_count: Generated<number>;
  /** How many targets, in order of position, the dispatcher has handed to the queue. */
  fed_count: Generated<number>;
  /** The virtual start time of the last of them. */
  fed_turn: Generated<number>;
  /** The dispatcher runs again once this many targets have ended. */
  feed_again_at: Generated<number>;
  error_message: string | null;
  created_at: DefaultNow;
  completed_at: Timestamp | null;
}

interface EvalRunTargetsTable {
  project_id: string;
  run_id: string;
  position: number;
  /** The id of a trace or a session. */
  target_id: string;
  /** The metrics of this target, if they are not all metrics of the run (in a retry); otherwise `null`. */
  metric_names: string[] | null;
  /** The metrics whose items have ended, with or without success. Each item counts once, however often its job runs. */
  ended_metrics: Generated<string[]>;
}

/** The definitions that a run began with. */
interface EvalRunMetricsTable {
  project_id: string;
  run_id: string;
  name: string;
  version: number;
  definition: Json<MetricDefinition>;
  /** The judge, if it is not the run's. */
  model: string | null;
}

/** The budget of a run with a `max_cost_usd`. */
interface EvalRunBudgetsTable {
  project_id: string;
  run_id: string;
  max_usd: number;
  /** The cost of calls that have ended. */
  spent_usd: Generated<number>;
  /** The highest cost of calls in flight. */
  reserved_usd: Generated<number>;
}

/** The totals of the ended calls of a run. */
interface EvalRunUsageTable {
  project_id: string;
  run_id: string;
  /** The process that counted. Each process has its own row. */
  process_id: string;
  calls: Generated<number>;
  cached_calls: Generated<number>;
  input_tokens: Generated<number>;
  output_tokens: Generated<number>;
  cost_usd: Generated<string>;
  /** Calls to models without a known price. */
  unpriced_calls: Generated<number>;
}

interface MonitorsTable {
  project_id: string;
  id: string;
  name: string;
  target_type: "TRACE" | "SESSION";
  metric_names: string[];
  filters: Json<JsonObject>;
  sampling_rate: number;
  /** `null`: the server's default at the time of the run, or a jury. */
  model: string | null;
  repeats: Generated<number>;
  /** The members of the jury, as given; `null`: one judge. */
  judges: string[] | null;
  /** `null` without a jury. */
  aggregate: JuryAggregate | null;
  /** The budget of each of its runs in USD; `null`: no limit. */
  max_cost_usd: number | null;
  cadence: string;
  timezone: string;
  only_if_changed: boolean;
  status: MonitorStatus;
  last_run_at: Timestamp | null;
  last_run_id: string | null;
  next_run_at: Timestamp | null;
  /** The `pg_snapshot` of its last check for changes. `null`: everything counts as changed. */
  seen: string | null;
  /** At that check, traces that had changed after this time might not have been complete. `null`: none. */
  seen_quiet: Timestamp | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

/** The metrics that projects define themselves. */
interface MetricsTable {
  project_id: string;
  name: string;
  /** The latest. A deleted metric keeps its row, so that a new one with the same name continues the numbers. */
  version: number;
  created_at: DefaultNow;
  deleted_at: Timestamp | null;
}

interface MetricVersionsTable {
  project_id: string;
  name: string;
  version: number;
  definition: Json<MetricDefinition>;
  created_at: DefaultNow;
}

/** Requests in progress that try a metric. */
interface MetricTrialsTable {
  project_id: string;
  /** The `run_id` of its judge calls. */
  id: string;
  /** What it may spend of the project's quota; `null`: no limit. */
  max_usd: number | null;
  expires_at: Timestamp;
}

/** Runs, the monitors that create them, and metrics of projects. */
export interface RunTables {
  eval_runs: EvalRunsTable;
  eval_run_targets: EvalRunTargetsTable;
  eval_run_usage: EvalRunUsageTable;
  eval_run_budgets: EvalRunBudgetsTable;
  monitors: MonitorsTable;
  metrics: MetricsTable;
  metric_versions: MetricVersionsTable;
  metric_trials: MetricTrialsTable;
  eval_run_metrics: EvalRunMetricsTable;
}
