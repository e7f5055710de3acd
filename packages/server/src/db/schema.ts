import type {
  EvaluationStatus,
  JuryAggregate,
  KeyScope,
  MetricDefinition,
  MonitorStatus,
  ScoreDataType,
  ScoreSource,
  ScoreStatus,
  SpanKind,
  SpanStatusCode,
  TraceStatus,
} from "@pandaprobe/contract";
import type { TraceSummary } from "@pandaprobe/contract/otel";
import type {
  ColumnType,
  Generated,
  GeneratedAlways,
  Insertable,
  RawBuilder,
  Selectable,
  Updateable,
} from "kysely";

/** A `timestamptz`: read and written as UTC text with milliseconds (`database.ts` sets the parser). */
export type Timestamp = string;
/** Set by the database when the row is inserted. */
type DefaultNow = ColumnType<Timestamp, Timestamp | undefined, Timestamp>;
/** A `json` column: parsed when read, written as text from `db/storable.ts`. */
export type Json<T> = ColumnType<T, string, string>;
export type JsonObject = Record<string, unknown>;

interface OrganizationsTable {
  id: string;
  name: string;
  created_at: DefaultNow;
}

interface ApiKeysTable {
  organization_id: string;
  id: string;
  name: string;
  key_hash: Buffer;
  /** The first characters of the key, to tell keys apart. The key itself is not stored. */
  hint: string;
  created_at: DefaultNow;
  expires_at: Timestamp | null;
  revoked_at: Timestamp | null;
  scopes: KeyScope[];
  /** The names of the projects that the key opens; `null`: all of the organization. */
  projects: string[] | null;
  /** Up to a minute behind. */
  last_used_at: Timestamp | null;
}

interface ProjectsTable {
  organization_id: string;
  id: string;
  name: string;
  created_at: DefaultNow;
  /** The former name of a project that is being erased. */
  deleted_name: string | null;
  /** When its monitors created runs, within the last minute. */
  monitor_runs: Generated<Timestamp[]>;
}

/** Audit events: who did what in an organization. */
export interface AuditEventsTable {
  organization_id: string;
  id: string;
  at: DefaultNow;
  action: string;
  /** Its name at that time. */
  project: string | null;
  subject: string | null;
  key_id: string | null;
  request_id: string | null;
  details: Json<JsonObject>;
}

/** A change of a project's usage. Only triggers write here. */
export interface ProjectUsageDeltasTable {
  project_id: string;
  id: Generated<number>;
  day: string;
  traces: number;
  bytes: number;
  runs: number;
  usd: number;
}

/** What a project stores, without the changes in the deltas. */
export interface ProjectTotalsTable {
  project_id: string;
  traces: number;
  bytes: number;
}

/** What a project did on a day (UTC), without the changes in the deltas. */
export interface ProjectDaysTable {
  project_id: string;
  day: string;
  runs: number;
  usd: number;
}

interface TracesTable {
  project_id: string;
  trace_id: string;
  name: string;
  status: TraceStatus;
  input: Json<unknown>;
  output: Json<unknown>;
  metadata: Json<JsonObject>;
  started_at: Timestamp;
  ended_at: Timestamp | null;
  session_id: string | null;
  user_id: string | null;
  tags: string[];
  environment: string | null;
  release: string | null;
  created_at: DefaultNow;
  updated_at: DefaultNow;
  /** The last transaction that wrote the row. The database maintains it. */
  changed_xid: ColumnType<string, never, never>;
  /** The size of its own content, without spans. The database maintains it. `null`: written before this was measured. */
  content_bytes: ColumnType<number | null, never, never>;
  /** Which of its spans decide its fields (`contract/otel`); `null` if it did not come from OpenTelemetry. */
  summary: ColumnType<TraceSummary | null, string | undefined, string>;
  /**
   * Changes with what a judge reads of the trace (`features/traces/trace-content.ts`). Read it as text, since it has 64
   * bits. A writer gives the part of the spans; the database adds the trace's own.
   */
  content_hash: ColumnType<number, string | undefined, RawBuilder<number>>;
}

interface SpansTable {
  project_id: string;
  trace_id: string;
  span_id: string;
  /** In the order of arrival. */
  seq: Generated<number>;
  parent_span_id: string | null;
  name: string;
  kind: SpanKind;
  status: SpanStatusCode;
  input: Json<unknown>;
  output: Json<unknown>;
  model: string | null;
  token_usage: Json<JsonObject | null>;
  metadata: Json<JsonObject>;
  started_at: Timestamp;
  /** The nanoseconds that `started_at` leaves out. */
  started_ns: Generated<number>;
  ended_at: Timestamp | null;
  error: string | null;
  completion_start_time: Timestamp | null;
  model_parameters: Json<JsonObject | null>;
  cost: Json<Record<string, number> | null>;
  /** Computed from `token_usage` and `cost` when the span is written, so that lists need not read them. */
  total_tokens: number;
  total_cost: number;
  prompt_tokens: Generated<number>;
  completion_tokens: Generated<number>;
  /**
   * The size of all its texts and JSON, which limits traces and plans reading them in pieces; `null` if an older server
   * wrote it last. `content_bytes` cannot replace it: it counts only what `QUOTA_BYTES` promises to count, so it misses
   * up to 3 MB of parameters, usage and cost per span. Widening it would change what projects are charged for and rewrite
   * every span, and dropping this column would break older servers, which write it.
   */
  bytes: number | null;
  /** The size of its content. The database maintains it. `null`: written before this was measured. */
  content_bytes: ColumnType<number | null, never, never>;
}

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

interface TraceScoresTable {
  project_id: string;
  id: string;
  trace_id: string;
  name: string;
  data_type: ScoreDataType;
  value: string | null;
  /** The value of a NUMERIC score as a number. */
  numeric_value: number | null;
  source: ScoreSource;
  status: ScoreStatus;
  eval_run_id: string | null;
  author_user_id: string | null;
  reason: string | null;
  environment: string | null;
  config_id: string | null;
  metadata: Json<JsonObject>;
  /** Whether there was something to judge. */
  applicable: GeneratedAlways<boolean>;
  /** Whether the score reached its threshold; null without a threshold, or if it failed or is not applicable. */
  passed: GeneratedAlways<boolean | null>;
  /** The `content_hash` of the trace when it was judged; `null`: unknown. Read it as text, since it has 64 bits. */
  content_hash: ColumnType<number | null, string | null | undefined, RawBuilder<number>>;
  /** Whether a person has changed its value. */
  corrected: Generated<boolean>;
  created_at: DefaultNow;
  updated_at: DefaultNow;
}

interface SessionScoresTable {
  project_id: string;
  id: string;
  session_id: string;
  name: string;
  data_type: ScoreDataType;
  value: string | null;
  /** The value of a NUMERIC score as a number. */
  numeric_value: number | null;
  source: ScoreSource;
  status: ScoreStatus;
  eval_run_id: string | null;
  author_user_id: string | null;
  reason: string | null;
  metadata: Json<JsonObject>;
  /** Whether there was something to judge. */
  applicable: GeneratedAlways<boolean>;
  /** Whether the score reached its threshold; null without a threshold, or if it failed or is not applicable. */
  passed: GeneratedAlways<boolean | null>;
  /** The `session_content` of the session when it was judged; `null`: unknown. Read it as text, since it has 64 bits. */
  content_hash: ColumnType<number | null, string | null | undefined, RawBuilder<number>>;
  /** Whether a person has changed its value. */
  corrected: Generated<boolean>;
  created_at: DefaultNow;
  updated_at: DefaultNow;
}

/** Scores of single spans, by people and programs. */
interface SpanScoresTable {
  project_id: string;
  id: string;
  trace_id: string;
  span_id: string;
  name: string;
  data_type: ScoreDataType;
  value: string;
  source: "ANNOTATION" | "PROGRAMMATIC";
  author_user_id: string | null;
  reason: string | null;
  metadata: Json<JsonObject>;
  created_at: DefaultNow;
  updated_at: DefaultNow;
}

/** Which scores a row of the rollups counts. */
type ScoreTargetType = "TRACE" | "SESSION";

/** A change of scores that is not in the rollups yet. Only triggers write here. */
export interface ScoreDeltasTable {
  project_id: string;
  id: Generated<number>;
  target_type: ScoreTargetType;
  name: string;
  hour: Timestamp;
  /** The number that statistics count; NaN for scores that they leave out. */
  value: number;
  /** By how much the number of scores changed. */
  scores: number;
  successes: number;
  failures: number;
  /** Of the graded scores, those that reached their threshold. */
  passes: number;
  /** Applicable scores that have a threshold. */
  graded: number;
  not_applicable: number;
}

/** How many scores of a name had which value on a day (UTC). Only `fold_score_deltas` writes here. */
export interface ScoreDaysTable extends Omit<ScoreDeltasTable, "id" | "hour"> {
  day: string;
}

/** How many scores of a name had a number in an hour, and their sum. Only `fold_score_deltas` writes here. */
export interface ScoreHoursTable
  extends Pick<ScoreDeltasTable, "project_id" | "target_type" | "name" | "hour" | "scores"> {
  total: number;
}
/** The state of a trace or session score before a change. */
export interface ScoreRevisionsTable {
  project_id: string;
  score_id: string;
  /** From 1. */
  revision: number;
  value: string | null;
  status: ScoreStatus;
  source: ScoreSource;
  author_user_id: string | null;
  reason: string | null;
  metadata: Json<JsonObject>;
  set_at: Timestamp;
  replaced_at: Timestamp;
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
  /** At that check, traces that had changed later could still be written. `null`: none could. */
  seen_quiet: Timestamp | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

/** Results of evaluations from OpenTelemetry, for 24 hours. */
interface OtelEventsTable {
  project_id: string;
  trace_id: string;
  span_id: string;
  name: string;
  /** Nanoseconds since 1970. */
  time_ns: string;
  /** The score that it becomes when its trace comes; `null` once it has. */
  score: Json<JsonObject> | null;
  received_at: DefaultNow;
}

/** The metrics that projects define themselves. */
interface MetricsTable {
  project_id: string;
  name: string;
  /** The latest. A deleted metric keeps its row, so that one of the same name continues the numbers. */
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

/** The definitions that a run began with. */
interface EvalRunMetricsTable {
  project_id: string;
  run_id: string;
  name: string;
  version: number;
  definition: Json<MetricDefinition>;
  /** The judge, if it is another one than the run's. */
  model: string | null;
}

/** Calls to models, one row for each attempt. */
export interface JudgeCallsTable {
  project_id: string;
  id: string;
  /** The run may have been deleted. */
  run_id: string;
  kind: "ASK" | "EMBED";
  /** `provider/model`. */
  model: string;
  settings: Json<JsonObject>;
  /** The keys of its answers. */
  keys: Buffer[];
  /** The attempt at the question, from 1. */
  attempt: number;
  /** PENDING: in flight, or its process died. The reserved cost counts as spent. */
  status: "PENDING" | "ANSWERED" | "FAILED" | "UNKNOWN";
  /** Its highest possible cost in USD; `null` if the price is unknown, as in `cost_usd`. */
  reserved_usd: string | null;
  cost_usd: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  latency_ms: number | null;
  error: string | null;
  /** Whether `judge_questions` has its traces; false if an older server made the call. */
  is_linked: Generated<boolean>;
  created_at: DefaultNow;
  ended_at: Timestamp | null;
}

/** Answers of models: either a text or a vector. */
export interface JudgeAnswersTable {
  project_id: string;
  /** SHA-256 of everything that the answer depends on. */
  key: Buffer;
  call_id: string;
  answer: string | null;
  /** 32-bit floats, little-endian. */
  vector: Buffer | null;
  /** As in `judge_calls`. */
  is_linked: Generated<boolean>;
  created_at: DefaultNow;
}

/** Links questions to the traces that they are about. */
interface JudgeQuestionsTable {
  project_id: string;
  trace_id: string;
  /** As in `judge_answers`, which may have no row for it. */
  key: Buffer;
  /** Precise to the day. */
  asked_at: DefaultNow;
}

/** The questions of calls in flight. */
export interface JudgeClaimsTable {
  project_id: string;
  /** As in `judge_answers`. */
  key: Buffer;
  call_id: string;
  process_id: string;
  /** After this time, the process of the call must have died. */
  expires_at: Timestamp;
}

/** The budget of a run with a `max_cost_usd`. */
export interface EvalRunBudgetsTable {
  project_id: string;
  run_id: string;
  max_usd: number;
  /** The cost of calls that have ended. */
  spent_usd: Generated<number>;
  /** The highest cost of calls in flight. */
  reserved_usd: Generated<number>;
}

/** The totals of the ended calls of a run. */
export interface EvalRunUsageTable {
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

/** The virtual clock of the fair queue, in one row. */
export interface FeedingClockTable {
  only_one: Generated<boolean>;
  /** The current virtual time, as far as dispatchers have advanced it. */
  turn: number;
}

/** The state of models, shared by all processes. */
export interface JudgeModelsTable {
  /** As `provider/model`, or a provider whose models share their limits. */
  model: string;
  /** A `ModelState` of `judge/limits`. */
  state: Json<JsonObject>;
}

export interface WorkersTable {
  /** The id that locks the worker's jobs. */
  id: string;
  pid: number;
  hostname: string;
  /** Its last heartbeat. */
  seen_at: Timestamp;
  /** How many jobs of one project the worker runs at once: its slots. */
  places: Generated<number>;
  /** The id under which its process claims questions. */
  process_id: string | null;
}

interface RateLimitsTable {
  api_key_id: string;
  route: string;
  hits: Timestamp[];
}

/** Requests of a key per second. */
export interface RequestCountsTable {
  api_key_id: string;
  /** The newest second with requests, counted from 1970. */
  second: number;
  /** The counts of that second, the one before, and so on. */
  counts: number[];
}

interface IdempotencyKeysTable {
  project_id: string;
  key: string;
  request_hash: Buffer;
  status: number | null;
  body: Json<unknown>;
  created_at: DefaultNow;
}

export interface Schema {
  organizations: OrganizationsTable;
  api_keys: ApiKeysTable;
  projects: ProjectsTable;
  audit_events: AuditEventsTable;
  project_usage_deltas: ProjectUsageDeltasTable;
  project_totals: ProjectTotalsTable;
  project_days: ProjectDaysTable;
  traces: TracesTable;
  spans: SpansTable;
  eval_runs: EvalRunsTable;
  eval_run_targets: EvalRunTargetsTable;
  trace_scores: TraceScoresTable;
  session_scores: SessionScoresTable;
  span_scores: SpanScoresTable;
  judge_calls: JudgeCallsTable;
  judge_answers: JudgeAnswersTable;
  judge_questions: JudgeQuestionsTable;
  judge_claims: JudgeClaimsTable;
  eval_run_usage: EvalRunUsageTable;
  eval_run_budgets: EvalRunBudgetsTable;
  score_deltas: ScoreDeltasTable;
  score_days: ScoreDaysTable;
  score_hours: ScoreHoursTable;
  trace_score_revisions: ScoreRevisionsTable;
  session_score_revisions: ScoreRevisionsTable;
  monitors: MonitorsTable;
  otel_events: OtelEventsTable;
  metrics: MetricsTable;
  metric_versions: MetricVersionsTable;
  metric_trials: MetricTrialsTable;
  eval_run_metrics: EvalRunMetricsTable;
  feeding_clock: FeedingClockTable;
  judge_models: JudgeModelsTable;
  workers: WorkersTable;
  rate_limits: RateLimitsTable;
  request_counts: RequestCountsTable;
  idempotency_keys: IdempotencyKeysTable;
}

export type Row<Table extends keyof Schema> = Selectable<Schema[Table]>;
export type NewRow<Table extends keyof Schema> = Insertable<Schema[Table]>;
export type ChangedRow<Table extends keyof Schema> = Updateable<Schema[Table]>;
