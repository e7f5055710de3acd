import type {
  EvaluationStatus,
  KeyScope,
  MonitorStatus,
  ScoreDataType,
  ScoreSource,
  ScoreStatus,
  SpanKind,
  SpanStatusCode,
  TraceStatus,
} from "@pandaprobe/contract";
import type { ColumnType, Generated, Insertable, Selectable, Updateable } from "kysely";

/** A `timestamptz`: read as UTC text with milliseconds (`database.ts` sets the parser), written as such. */
export type Timestamp = string;
/** Set by the database when the row is inserted. */
type DefaultNow = ColumnType<Timestamp, Timestamp | undefined, Timestamp>;
/** A `json` column: read parsed, written as text that `db/json.ts` made. */
export type Json<T> = ColumnType<T, string, string>;
export type JsonObject = Record<string, unknown>;

export interface OrganizationsTable {
  id: string;
  name: string;
  created_at: DefaultNow;
}

export interface ApiKeysTable {
  organization_id: string;
  id: string;
  name: string;
  key_hash: Buffer;
  /** The key's beginning, to tell keys apart; the key itself is not kept. */
  hint: string;
  created_at: DefaultNow;
  expires_at: Timestamp | null;
  revoked_at: Timestamp | null;
  scopes: KeyScope[];
  /** The names of the projects that it opens; `null`: all of the organization. */
  projects: string[] | null;
  /** Up to a minute behind. */
  last_used_at: Timestamp | null;
}

export interface ProjectsTable {
  organization_id: string;
  id: string;
  name: string;
  created_at: DefaultNow;
  /** What a project was called that is being erased. */
  deleted_name: string | null;
  /** When its monitors made their latest runs, within a minute. */
  monitor_runs: Generated<Timestamp[]>;
}

/** Who did what in an organization. */
export interface AuditEventsTable {
  organization_id: string;
  id: string;
  at: DefaultNow;
  action: string;
  /** Its name then. */
  project: string | null;
  subject: string | null;
  key_id: string | null;
  request_id: string | null;
  details: Json<JsonObject>;
}

/** A change of what a project uses; only triggers write here. */
export interface ProjectUsageDeltasTable {
  project_id: string;
  id: Generated<number>;
  day: string;
  traces: number;
  bytes: number;
  runs: number;
  usd: number;
}

/** What a project holds, but for what the deltas say. */
export interface ProjectTotalsTable {
  project_id: string;
  traces: number;
  bytes: number;
}

/** What a project did on a day (UTC), but for what the deltas say. */
export interface ProjectDaysTable {
  project_id: string;
  day: string;
  runs: number;
  usd: number;
}

export interface TracesTable {
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
  /** The transaction that last wrote it; the database keeps it. */
  changed_xid: ColumnType<string, never, never>;
  /** Of its own content, without its spans; the database keeps it. `null`: written before this was measured. */
  content_bytes: ColumnType<number | null, never, never>;
}

export interface SpansTable {
  project_id: string;
  trace_id: string;
  span_id: string;
  /** Order of arrival, for spans that started at the same time. */
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
  ended_at: Timestamp | null;
  error: string | null;
  completion_start_time: Timestamp | null;
  model_parameters: Json<JsonObject | null>;
  cost: Json<Record<string, number> | null>;
  /** Read off `token_usage` and `cost` when the span is written, so that lists need not open them. */
  total_tokens: number;
  total_cost: number;
  prompt_tokens: Generated<number>;
  completion_tokens: Generated<number>;
  /** Of its texts and JSON; `null` where an older server wrote it last. */
  bytes: number | null;
  /** Of its content; the database keeps it. `null`: written before this was measured. */
  content_bytes: ColumnType<number | null, never, never>;
}

export interface EvalRunsTable {
  project_id: string;
  id: string;
  target_type: "TRACE" | "SESSION";
  name: string | null;
  status: EvaluationStatus;
  metric_names: string[];
  filters: Json<JsonObject>;
  sampling_rate: number;
  model: string | null;
  /** The model that embeds for it, as it was resolved when the run was made; `null` where nothing is embedded. */
  embedding_model: string | null;
  thresholds: Json<Record<string, number>>;
  monitor_id: string | null;
  /** Whether it judges anew what was answered in earlier runs. */
  fresh: Generated<boolean>;
  /** The most that it may cost; `null`: no limit. */
  max_cost_usd: number | null;
  total_targets: number;
  evaluated_count: Generated<number>;
  failed_count: Generated<number>;
  /** How many targets, in order of position, have been handed to the queue. */
  fed_count: Generated<number>;
  /** The turn of the last of them. */
  fed_turn: Generated<number>;
  /** How many targets have to have ended before the next ones are handed to the queue. */
  feed_again_at: Generated<number>;
  error_message: string | null;
  created_at: DefaultNow;
  completed_at: Timestamp | null;
}

export interface EvalRunTargetsTable {
  project_id: string;
  run_id: string;
  position: number;
  /** A trace's id, or a session's. */
  target_id: string;
  /** The metrics to judge, where they are not all of the run's (a retry). */
  metric_names: string[] | null;
  /** The metrics that have ended, well or badly: each is counted once, however often its job runs. */
  ended_metrics: Generated<string[]>;
}

export interface TraceScoresTable {
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
  created_at: DefaultNow;
  updated_at: DefaultNow;
}

export interface SessionScoresTable {
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
  created_at: DefaultNow;
  updated_at: DefaultNow;
}

/** Whose scores a row of the rollups counts. */
type ScoreTargetType = "TRACE" | "SESSION";

/** A change of scores that is not in the rollups yet; only triggers write here. */
export interface ScoreDeltasTable {
  project_id: string;
  id: Generated<number>;
  target_type: ScoreTargetType;
  name: string;
  hour: Timestamp;
  /** The decimal that statistics count; NaN for scores that they leave out. */
  value: number;
  /** How many more, or fewer, scores there are since. */
  scores: number;
  successes: number;
  failures: number;
}

/** How many scores of a name had which value on a day (UTC); only `fold_score_deltas` writes here. */
export interface ScoreDaysTable extends Omit<ScoreDeltasTable, "id" | "hour"> {
  day: string;
}

/** How many scores of a name had a number in an hour, and their sum; only `fold_score_deltas` writes here. */
export interface ScoreHoursTable
  extends Pick<ScoreDeltasTable, "project_id" | "target_type" | "name" | "hour" | "scores"> {
  total: number;
}
/** What a trace score was before a change. */
export interface TraceScoreRevisionsTable {
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
export interface MonitorsTable {
  project_id: string;
  id: string;
  name: string;
  target_type: "TRACE" | "SESSION";
  metric_names: string[];
  filters: Json<JsonObject>;
  sampling_rate: number;
  /** `null`: the server's default when it runs. */
  model: string | null;
  /** The most that each of its runs may cost; `null`: no limit. */
  max_cost_usd: number | null;
  cadence: string;
  timezone: string;
  only_if_changed: boolean;
  status: MonitorStatus;
  last_run_at: Timestamp | null;
  last_run_id: string | null;
  next_run_at: Timestamp | null;
  /** A `pg_snapshot`: what had been committed when it last looked. `null`: everything is new to it. */
  seen: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

/** Calls to models, one row for each try. */
export interface JudgeCallsTable {
  project_id: string;
  id: string;
  /** Of a run that may be gone. */
  run_id: string;
  kind: "ASK" | "EMBED";
  /** `provider/model`. */
  model: string;
  settings: Json<JsonObject>;
  /** What its answers are kept under. */
  keys: Buffer[];
  /** Which try of the question it was, from 1. */
  attempt: number;
  /** PENDING: it is under way, or whoever made it died; what was reserved for it counts as spent. */
  status: "PENDING" | "ANSWERED" | "FAILED" | "UNKNOWN";
  /** The most that it can cost, in USD; `null` where the price is unknown, as in `cost_usd`. */
  reserved_usd: string | null;
  cost_usd: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  latency_ms: number | null;
  error: string | null;
  /** Whether `judge_questions` says which traces it is about; false where an older server made the call. */
  is_linked: Generated<boolean>;
  created_at: DefaultNow;
  ended_at: Timestamp | null;
}

/** What models have answered; either an answer or a vector. */
export interface JudgeAnswersTable {
  project_id: string;
  /** SHA-256 of all that the answer depends on. */
  key: Buffer;
  call_id: string;
  answer: string | null;
  /** 32-bit floats, little-endian. */
  vector: Buffer | null;
  /** As in `judge_calls`. */
  is_linked: Generated<boolean>;
  created_at: DefaultNow;
}

/** Which traces each question is about. */
export interface JudgeQuestionsTable {
  project_id: string;
  trace_id: string;
  /** As in `judge_answers`, which may have no answer to it. */
  key: Buffer;
  /** To the day. */
  asked_at: DefaultNow;
}

/** Questions that calls in flight are asking. */
export interface JudgeClaimsTable {
  project_id: string;
  /** As in `judge_answers`. */
  key: Buffer;
  call_id: string;
  process_id: string;
  /** When its call has lost its process. */
  expires_at: Timestamp;
}

/** What a run with a `max_cost_usd` has left. */
export interface EvalRunBudgetsTable {
  project_id: string;
  run_id: string;
  max_usd: number;
  /** By calls that have ended. */
  spent_usd: Generated<number>;
  /** For calls under way. */
  reserved_usd: Generated<number>;
}

/** What the calls of a run that have ended add up to. */
export interface EvalRunUsageTable {
  project_id: string;
  run_id: string;
  /** Whoever counted: each process in a row of its own. */
  process_id: string;
  calls: Generated<number>;
  cached_calls: Generated<number>;
  input_tokens: Generated<number>;
  output_tokens: Generated<number>;
  cost_usd: Generated<string>;
  /** Calls to models whose price is unknown. */
  unpriced_calls: Generated<number>;
}

export interface FeedingClockTable {
  only_one: Generated<boolean>;
  /** The turn that has come, as far as feeders have told. */
  turn: number;
}

/** What all processes know of the models that they call. */
export interface JudgeModelsTable {
  /** `provider/model`, or a provider whose models have common limits. */
  model: string;
  /** A `ModelState` of `judge/limits`. */
  state: Json<JsonObject>;
}

export interface WorkersTable {
  /** The id that the worker's jobs are locked by. */
  id: string;
  pid: number;
  hostname: string;
  seen_at: Timestamp;
  /** How many jobs of one project it takes at once. */
  places: Generated<number>;
  /** Under which its process claims questions. */
  process_id: string | null;
}

export interface RateLimitsTable {
  api_key_id: string;
  route: string;
  hits: Timestamp[];
}

/** Requests of a key by the second. */
export interface RequestCountsTable {
  api_key_id: string;
  /** The newest second that has any, since 1970. */
  second: number;
  /** Of that second, of the one before, and so on. */
  counts: number[];
}

export interface IdempotencyKeysTable {
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
  judge_calls: JudgeCallsTable;
  judge_answers: JudgeAnswersTable;
  judge_questions: JudgeQuestionsTable;
  judge_claims: JudgeClaimsTable;
  eval_run_usage: EvalRunUsageTable;
  eval_run_budgets: EvalRunBudgetsTable;
  score_deltas: ScoreDeltasTable;
  score_days: ScoreDaysTable;
  score_hours: ScoreHoursTable;
  trace_score_revisions: TraceScoreRevisionsTable;
  monitors: MonitorsTable;
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
