// Made from the contract by scripts/generate.ts; change the contract, then run: pnpm --filter @pandaprobe/sdk generate

/** The traces that started in one bucket. */
export interface AnalyticsBucket {
  /** When the bucket begins, in UTC. */
  bucket: string;
  trace_count: number;
  /** Traces with status ERROR. */
  error_count: number;
  /** The mean of the traces that have ended. */
  avg_latency_ms: number | null;
  /** The median, exact, of the traces that have ended. */
  p50_latency_ms: number | null;
  /** The 90th percentile, exact, of the traces that have ended. */
  p90_latency_ms: number | null;
  /** The 99th percentile, exact, of the traces that have ended. */
  p99_latency_ms: number | null;
}

/** How long a bucket is, in UTC; a week starts on Monday. */
export type AnalyticsGranularity = "hour" | "day" | "week";

export type AnalyticsMetric = "volume" | "errors" | "latency" | "cost" | "tokens" | "models";

export interface ApiKeyInfo {
  id: string;
  /** A label, to tell keys apart. */
  name: string;
  /** How the key begins. The key itself is not kept. */
  hint: string;
  scopes: KeyScope[];
  /** The projects that it opens, by name; `null`: all. */
  projects: string[] | null;
  created_at: string;
  /** From when on it no longer works; `null`: never. */
  expires_at: string | null;
  revoked_at: string | null;
  /** When it was last used, up to a minute behind; `null`: never since this is recorded. */
  last_used_at: string | null;
}

export interface ApiKeyPage {
  items: ApiKeyInfo[];
  /** How many items match in all, on every page. */
  total: number;
  limit: number;
  offset: number;
}

export interface AuditEvent {
  id: string;
  at: string;
  /** Such as `key.created`, `trace.deleted`, `monitor.changed` or `settings.changed`. */
  action: string;
  /** The project's name then; `null` for the whole organization. */
  project: string | null;
  /** What it was done to: an id, or a project's name. */
  subject: string | null;
  /** The key that did it; `null`: the server or its command line. */
  key_id: string | null;
  /** The `X-Request-ID` of the request. */
  request_id: string | null;
  details: Record<string, unknown>;
}

export interface AuditEventPage {
  items: AuditEvent[];
  /** How many items match in all, on every page. */
  total: number;
  limit: number;
  offset: number;
}

export interface BatchCreateItem {
  /** Where the trace stands in `traces`, from 0. */
  index: number;
  /** `null` where it was rejected and named no id that could be read. */
  trace_id: string | null;
  status: "accepted" | "rejected";
  /** Why it was rejected. */
  error: BatchItemError | null;
  /** What was cut or dropped because it was too large. Left out where everything was stored. */
  warnings?: string[] | undefined;
}

export interface BatchCreateRequest {
  /** 1 to 100 traces, each checked by itself. Traces of one id are merged in their order. */
  traces: TraceCreate[];
}

/** The accepted traces are stored and visible to every later request. */
export interface BatchCreateResponse {
  /** What became of each trace, in the order they were sent. */
  items: BatchCreateItem[];
  /** How many were stored. */
  accepted: number;
  /** How many were not. */
  rejected: number;
}

export interface BatchDeleteRequest {
  /** 1 to 500 ids; repeated ids count once. */
  trace_ids: string[];
}

export interface BatchDeleteResponse {
  /** How many of the traces there were. */
  deleted: number;
}

export interface BatchItemError {
  /** The code that the trace by itself would have been refused with. */
  code: string;
  /** What is wrong with it. */
  detail: string;
  /** Each thing that is wrong with it. */
  errors: ProblemError[];
}

export interface BatchTagsRequest {
  /** 1 to 500 ids; repeated ids count once. */
  trace_ids: string[];
  /** Put behind the tags that a trace has, unless it has them. */
  add_tags?: string[] | undefined;
  /** Taken away after `add_tags` were added: a tag in both is gone. */
  remove_tags?: string[] | undefined;
}

export interface BatchTagsResponse {
  /** How many of the traces there are: each has the tags asked for now. */
  updated: number;
}

export interface CreateApiKeyRequest {
  /** A label, to tell keys apart. */
  name: string;
  /**
   * What it may do.
   * @defaultValue `["ingest","read","evaluate"]`
   */
  scopes?: KeyScope[] | undefined;
  /** The projects that it opens, by name, whether they exist yet or not; `null` or left out: all of the organization. A key with `admin` opens all. */
  projects?: string[] | null | undefined;
  /** From when on it no longer works; `null` or left out: never. */
  expires_at?: string | null | undefined;
}

export interface CreateBatchEvalRunRequest {
  /** The traces to evaluate; repeated ids count once. */
  trace_ids: string[];
  /** Metric names; repeated names count once. */
  metrics: string[];
  /** A label for people. */
  name?: string | null | undefined;
  /** The judge as `provider/model`, such as `openai/gpt-5.4`; the server's default if left out. */
  model?: string | null | undefined;
  /** From which score on a metric counts as a success, by metric. Changes `success` in the metadata of a score, never the score. */
  thresholds?: Record<string, number> | null | undefined;
  /** The most that the run may cost, in USD; `null` or left out: no limit. Where the next call could cost more than what is left, the pairs that need it end FAILED, with a reason that begins with `budget_exceeded`; a retry goes on from there. The price of each model that the run needs has to be known. */
  max_cost_usd?: number | null | undefined;
  /** Whether (by default not) to ask the judge anew what it has answered before in this project: to see how much its judgment varies. The calls are paid again. */
  fresh?: boolean | null | undefined;
}

export interface CreateBatchSessionEvalRunRequest {
  /** The sessions to evaluate; repeated ids count once. */
  session_ids: string[];
  /** Metric names; repeated names count once. */
  metrics: string[];
  /** A label for people. */
  name?: string | null | undefined;
  /** The judge as `provider/model`, such as `openai/gpt-5.4`; the server's default if left out. */
  model?: string | null | undefined;
  /** From which score on a metric counts as a success, by metric. Changes `success` in the metadata of a score, never the score. */
  thresholds?: Record<string, number> | null | undefined;
  /** The most that the run may cost, in USD; `null` or left out: no limit. Where the next call could cost more than what is left, the pairs that need it end FAILED, with a reason that begins with `budget_exceeded`; a retry goes on from there. The price of each model that the run needs has to be known. */
  max_cost_usd?: number | null | undefined;
  /** Whether (by default not) to ask the judge anew what it has answered before in this project: to see how much its judgment varies. The calls are paid again. */
  fresh?: boolean | null | undefined;
  signal_weights?: SignalWeights | null | undefined;
}

export interface CreateEvalRunRequest {
  /** Metric names; repeated names count once. */
  metrics: string[];
  /** A label for people. */
  name?: string | null | undefined;
  /** The judge as `provider/model`, such as `openai/gpt-5.4`; the server's default if left out. */
  model?: string | null | undefined;
  /** From which score on a metric counts as a success, by metric. Changes `success` in the metadata of a score, never the score. */
  thresholds?: Record<string, number> | null | undefined;
  /** The most that the run may cost, in USD; `null` or left out: no limit. Where the next call could cost more than what is left, the pairs that need it end FAILED, with a reason that begins with `budget_exceeded`; a retry goes on from there. The price of each model that the run needs has to be known. */
  max_cost_usd?: number | null | undefined;
  /** Whether (by default not) to ask the judge anew what it has answered before in this project: to see how much its judgment varies. The calls are paid again. */
  fresh?: boolean | null | undefined;
  filters?: EvalRunFilters | undefined;
  /**
   * The fraction of matches to evaluate, drawn uniformly: `max(1, floor(matches × rate))`; 0 selects nothing.
   * @defaultValue `1`
   */
  sampling_rate?: number | undefined;
}

export interface CreateMonitorRequest {
  /** A label for people. Its runs are called `[Monitor] <name>`. */
  name: string;
  /** Metric names of the target type; repeated names count once. */
  metrics: string[];
  /** What a run of the target type may be filtered by: `EvalRunFilters` for TRACE, `SessionEvalRunFilters` for SESSION. */
  filters?: Record<string, unknown> | undefined;
  /** The judge as `provider/model`. `null`: the server's default at the time of each run. */
  model?: string | null | undefined;
  /** The most that each of its runs may cost, in USD; `null` or left out: no limit. */
  max_cost_usd?: number | null | undefined;
  /** `every_6h`, `daily` or `weekly`, counted from the monitor's creation; or `cron:` and five fields: minute, hour, day of month, month, weekday (`cron:30 6 * * MON-FRI`). */
  cadence: string;
  /**
   * The IANA time zone of a `cron:` cadence. A local time that a spring change skips fires at the first instant after the gap; one that an autumn change repeats fires once, the first time.
   * @defaultValue `"UTC"`
   */
  timezone?: string | undefined;
  /**
   * Whether a tick is skipped where no matching trace was stored or changed since the last run.
   * @defaultValue `true`
   */
  only_if_changed?: boolean | undefined;
  /** How much the risk of each signal weighs; with target type SESSION only. Kept in `filters.signal_weights`. */
  signal_weights?: SignalWeights | null | undefined;
  /** What it evaluates: traces, or whole sessions. */
  target_type: "TRACE" | "SESSION";
  /**
   * The fraction of matches to evaluate, drawn uniformly: `max(1, floor(matches × rate))`; 0 selects nothing.
   * @defaultValue `1`
   */
  sampling_rate?: number | undefined;
}

export interface CreateSessionEvalRunRequest {
  /** Metric names; repeated names count once. */
  metrics: string[];
  /** A label for people. */
  name?: string | null | undefined;
  /** The judge as `provider/model`, such as `openai/gpt-5.4`; the server's default if left out. */
  model?: string | null | undefined;
  /** From which score on a metric counts as a success, by metric. Changes `success` in the metadata of a score, never the score. */
  thresholds?: Record<string, number> | null | undefined;
  /** The most that the run may cost, in USD; `null` or left out: no limit. Where the next call could cost more than what is left, the pairs that need it end FAILED, with a reason that begins with `budget_exceeded`; a retry goes on from there. The price of each model that the run needs has to be known. */
  max_cost_usd?: number | null | undefined;
  /** Whether (by default not) to ask the judge anew what it has answered before in this project: to see how much its judgment varies. The calls are paid again. */
  fresh?: boolean | null | undefined;
  signal_weights?: SignalWeights | null | undefined;
  filters?: SessionEvalRunFilters | undefined;
  /**
   * The fraction of matches to evaluate, drawn uniformly: `max(1, floor(matches × rate))`; 0 selects nothing.
   * @defaultValue `1`
   */
  sampling_rate?: number | undefined;
}

export interface CreateTraceScoreRequest {
  trace_id: string;
  /** A metric's name or a label of your own. */
  name: string;
  /** NUMERIC: a plain decimal from 0 to 1 ("0.85"); BOOLEAN: "true" or "false"; CATEGORICAL: any label. */
  value: string;
  /** @defaultValue `"NUMERIC"` */
  data_type?: ScoreDataType | undefined;
  /** @defaultValue `"ANNOTATION"` */
  source?: "ANNOTATION" | "PROGRAMMATIC" | undefined;
  reason?: string | null | undefined;
  metadata?: Record<string, unknown> | undefined;
}

export interface CreatedApiKey {
  id: string;
  /** A label, to tell keys apart. */
  name: string;
  /** How the key begins. The key itself is not kept. */
  hint: string;
  scopes: KeyScope[];
  /** The projects that it opens, by name; `null`: all. */
  projects: string[] | null;
  created_at: string;
  /** From when on it no longer works; `null`: never. */
  expires_at: string | null;
  revoked_at: string | null;
  /** When it was last used, up to a minute behind; `null`: never since this is recorded. */
  last_used_at: string | null;
  /** The key. It is shown this once. */
  key: string;
}

/** The query of `deleteSessionRun`. */
export interface DeleteSessionRunQuery {
  /**
   * Whether its scores are deleted too, a session run's signals among them; else they stay, without a run.
   * @defaultValue `false`
   */
  delete_scores?: boolean | undefined;
}

/** The query of `deleteTraceRun`. */
export interface DeleteTraceRunQuery {
  /**
   * Whether its scores are deleted too, a session run's signals among them; else they stay, without a run.
   * @defaultValue `false`
   */
  delete_scores?: boolean | undefined;
}

/** Which traces; all given filters must hold. */
export interface EvalRunFilters {
  /** Traces that started at or after this time. */
  date_from?: string | null | undefined;
  /** Traces that started before this time. */
  date_to?: string | null | undefined;
  status?: TraceStatus | null | undefined;
  /** Exactly this session. */
  session_id?: string | null | undefined;
  /** Exactly this user. */
  user_id?: string | null | undefined;
  /** Traces with ANY of these tags. */
  tags?: string[] | null | undefined;
  /** A part of the trace's name, in any case, taken literally. */
  name?: string | null | undefined;
  /** Exactly this environment. */
  environment?: string | null | undefined;
  /** Exactly this release. */
  release?: string | null | undefined;
}

export interface EvalRunPage {
  items: EvalRunResponse[];
  /** How many items match in all, on every page. */
  total: number;
  limit: number;
  offset: number;
}

/** An evaluation run and how far it has come. */
export interface EvalRunResponse {
  id: string;
  name: string | null;
  status: EvaluationStatus;
  metric_names: string[];
  /** How many targets were sampled: traces, or sessions in a session run. */
  total_traces: number;
  /** The same number as `total_traces`. */
  total_targets: number;
  /** Targets whose every metric has ended, well or badly. */
  evaluated_count: number;
  /** Target and metric pairs that ended FAILED. */
  failed_count: number;
  created_at: string;
  completed_at: string | null;
  project_id: string;
  /** `TRACE` or `SESSION`. */
  target_type: string;
  /** What the run was asked to select, as it was given. */
  filters: Record<string, unknown>;
  sampling_rate: number;
  /** The judge that was resolved, as `provider/model`. */
  model: string | null;
  monitor_id: string | null;
  /** Why the run itself could not go on. */
  error_message: string | null;
  /** The most that it may cost, in USD; `null`: no limit. */
  max_cost_usd: number | null;
  usage: RunUsage;
  /** What keeps the run from going on at the moment, if anything does. */
  waiting_for: RunWait | null;
}

/** A request for a run, filled in for one metric. */
export interface EvalRunTemplate {
  metric: MetricInfo;
  filters: EvalRunFilters;
  sampling_rate: number;
  /** The server's default judge. */
  model: string | null;
}

/** A run is over once it is COMPLETED or FAILED. */
export type EvaluationStatus = "PENDING" | "RUNNING" | "COMPLETED" | "FAILED";

/** The query of `getSessionAnalytics`. */
export interface GetSessionAnalyticsQuery {
  /** @defaultValue `"day"` */
  granularity?: AnalyticsGranularity | undefined;
  /** What started at or after this time. */
  started_after: string;
  /** What started before this time. */
  started_before: string;
}

/** The query of `getSession`. */
export interface GetSessionQuery {
  /**
   * Page size, 1 to 1000; 200 by default.
   * @defaultValue `200`
   */
  limit?: number | undefined;
  /**
   * How many items to skip.
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

/** The query of `getSessionRunScores`. */
export interface GetSessionRunScoresQuery {
  /** How many at the most; all of them if it is left out. */
  limit?: number | undefined;
  /** How many of the newest to pass over. */
  offset?: number | undefined;
}

/** The query of `getSessionScoreComparison`. */
export interface GetSessionScoreComparisonQuery {
  /** Exactly this metric, or label of your own. */
  metric_name: string;
  /** @defaultValue `"asc"` */
  sort_order?: SortOrder | undefined;
  /**
   * Page size, 1 to 100; 20 by default.
   * @defaultValue `20`
   */
  limit?: number | undefined;
  /**
   * How many items to skip.
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

/** The query of `getSessionScoreDistribution`. */
export interface GetSessionScoreDistributionQuery {
  /** Exactly this metric, or label of your own. */
  metric_name: string;
  /** Scores made at or after this time. */
  date_from?: string | undefined;
  /** Scores made before this time. */
  date_to?: string | undefined;
  /**
   * How many equal parts, 1 to 100; 10 by default.
   * @defaultValue `10`
   */
  buckets?: number | undefined;
}

/** The query of `getSessionScoreHistory`. */
export interface GetSessionScoreHistoryQuery {
  /** Exactly this metric, or label of your own. */
  metric_name?: string | undefined;
  /**
   * How many of the newest scores, 1 to 200; 50 by default.
   * @defaultValue `50`
   */
  limit?: number | undefined;
}

/** The query of `getSessionScoreSummary`. */
export interface GetSessionScoreSummaryQuery {
  /** Scores made at or after this time. */
  date_from?: string | undefined;
  /** Scores made before this time. */
  date_to?: string | undefined;
}

/** The query of `getSessionScoreTrend`. */
export interface GetSessionScoreTrendQuery {
  /** Exactly this metric, or label of your own. */
  metric_name: string;
  /** Scores made at or after this time. */
  date_from?: string | undefined;
  /** Scores made before this time. */
  date_to?: string | undefined;
  /** @defaultValue `"day"` */
  granularity?: AnalyticsGranularity | undefined;
}

/** The query of `getTraceAnalytics`. */
export interface GetTraceAnalyticsQuery {
  /** @defaultValue `"volume"` */
  metric?: AnalyticsMetric | undefined;
  /** @defaultValue `"day"` */
  granularity?: AnalyticsGranularity | undefined;
  /** What started at or after this time. */
  started_after: string;
  /** What started before this time. */
  started_before: string;
}

/** The query of `getTraceRunScores`. */
export interface GetTraceRunScoresQuery {
  /** How many at the most; all of them if it is left out. */
  limit?: number | undefined;
  /** How many of the newest to pass over. */
  offset?: number | undefined;
}

/** The query of `getTraceRunTemplate`. */
export interface GetTraceRunTemplateQuery {
  metric: string;
}

/** The query of `getTraceScoreDistribution`. */
export interface GetTraceScoreDistributionQuery {
  /** Exactly this metric, or label of your own. */
  metric_name: string;
  /** Scores made at or after this time. */
  date_from?: string | undefined;
  /** Scores made before this time. */
  date_to?: string | undefined;
  /**
   * How many equal parts, 1 to 100; 10 by default.
   * @defaultValue `10`
   */
  buckets?: number | undefined;
}

/** The query of `getTraceScoreSummary`. */
export interface GetTraceScoreSummaryQuery {
  /** Scores made at or after this time. */
  date_from?: string | undefined;
  /** Scores made before this time. */
  date_to?: string | undefined;
}

/** The query of `getTraceScoreTrend`. */
export interface GetTraceScoreTrendQuery {
  /** Exactly this metric, or label of your own. */
  metric_name: string;
  /** Scores made at or after this time. */
  date_from?: string | undefined;
  /** Scores made before this time. */
  date_to?: string | undefined;
  /** @defaultValue `"day"` */
  granularity?: AnalyticsGranularity | undefined;
}

export interface Health {
  status: "ok";
}

/** `ingest`: write and delete traces and spans. `read`: read everything in a project. `evaluate`: runs, scores and monitors. `admin`: keys, the audit log, and deleting projects. */
export type KeyScope = "ingest" | "read" | "evaluate" | "admin";

/** The query of `listApiKeys`. */
export interface ListApiKeysQuery {
  /**
   * Page size, 1 to 200; 50 by default.
   * @defaultValue `50`
   */
  limit?: number | undefined;
  /**
   * How many items to skip.
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

/** The query of `listAuditEvents`. */
export interface ListAuditEventsQuery {
  /**
   * Page size, 1 to 200; 50 by default.
   * @defaultValue `50`
   */
  limit?: number | undefined;
  /**
   * How many items to skip.
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

/** The query of `listMonitorRuns`. */
export interface ListMonitorRunsQuery {
  /**
   * Page size, 1 to 200; 50 by default.
   * @defaultValue `50`
   */
  limit?: number | undefined;
  /**
   * How many items to skip.
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

/** The query of `listMonitors`. */
export interface ListMonitorsQuery {
  status?: MonitorStatus | undefined;
  /**
   * Page size, 1 to 200; 50 by default.
   * @defaultValue `50`
   */
  limit?: number | undefined;
  /**
   * How many items to skip.
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

/** The query of `listProjects`. */
export interface ListProjectsQuery {
  /**
   * Page size, 1 to 200; 50 by default.
   * @defaultValue `50`
   */
  limit?: number | undefined;
  /**
   * How many items to skip.
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

/** The query of `listSessionRuns`. */
export interface ListSessionRunsQuery {
  status?: EvaluationStatus | undefined;
  /**
   * Page size, 1 to 200; 50 by default.
   * @defaultValue `50`
   */
  limit?: number | undefined;
  /**
   * How many items to skip.
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

/** The query of `listSessionScores`. */
export interface ListSessionScoresQuery {
  /** Exactly this session. */
  session_id?: string | undefined;
  /** Exactly this name. */
  name?: string | undefined;
  source?: ScoreSource | undefined;
  status?: ScoreStatus | undefined;
  eval_run_id?: string | undefined;
  /** Made at or after this time. */
  date_from?: string | undefined;
  /** Made before this time. */
  date_to?: string | undefined;
  /**
   * Page size, 1 to 200; 50 by default.
   * @defaultValue `50`
   */
  limit?: number | undefined;
  /**
   * How many items to skip.
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

/** The query of `listSessions`. */
export interface ListSessionsQuery {
  user_id?: string | undefined;
  has_error?: boolean | undefined;
  started_after?: string | undefined;
  started_before?: string | undefined;
  /** Sessions with a trace that has ANY of these tags. */
  tags?: string[] | undefined;
  /** A part of the session's id, in any case. */
  query?: string | undefined;
  /** @defaultValue `"recent"` */
  sort_by?: SessionSortBy | undefined;
  /** @defaultValue `"desc"` */
  sort_order?: SortOrder | undefined;
  /**
   * Page size, 1 to 200; 50 by default.
   * @defaultValue `50`
   */
  limit?: number | undefined;
  /**
   * How many items to skip.
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

/** The query of `listSpans`. */
export interface ListSpansQuery {
  /** The `next_cursor` of the page before. */
  cursor?: string | undefined;
  /**
   * Page size, 1 to 500; 100 by default.
   * @defaultValue `100`
   */
  limit?: number | undefined;
}

/** The query of `listTraceRuns`. */
export interface ListTraceRunsQuery {
  status?: EvaluationStatus | undefined;
  /**
   * Page size, 1 to 200; 50 by default.
   * @defaultValue `50`
   */
  limit?: number | undefined;
  /**
   * How many items to skip.
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

/** The query of `listTraceScores`. */
export interface ListTraceScoresQuery {
  trace_id?: string | undefined;
  data_type?: ScoreDataType | undefined;
  /** Exactly this environment. */
  environment?: string | undefined;
  /** Exactly this name. */
  name?: string | undefined;
  source?: ScoreSource | undefined;
  status?: ScoreStatus | undefined;
  eval_run_id?: string | undefined;
  /** Made at or after this time. */
  date_from?: string | undefined;
  /** Made before this time. */
  date_to?: string | undefined;
  /**
   * Page size, 1 to 200; 50 by default.
   * @defaultValue `50`
   */
  limit?: number | undefined;
  /**
   * How many items to skip.
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

/** The query of `listTraceUsers`. */
export interface ListTraceUsersQuery {
  /**
   * Page size, 1 to 200; 50 by default.
   * @defaultValue `50`
   */
  limit?: number | undefined;
  /**
   * How many items to skip.
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

/** The query of `listTraces`. */
export interface ListTracesQuery {
  session_id?: string | undefined;
  status?: TraceStatus | undefined;
  user_id?: string | undefined;
  /** Traces with ANY of these tags. */
  tags?: string[] | undefined;
  /** A part of the name, in any case. */
  name?: string | undefined;
  environment?: string | undefined;
  release?: string | undefined;
  /** Started at or after this time. */
  started_after?: string | undefined;
  /** Started before this time. */
  started_before?: string | undefined;
  /** @defaultValue `"started_at"` */
  sort_by?: TraceSortBy | undefined;
  /** @defaultValue `"desc"` */
  sort_order?: SortOrder | undefined;
  /**
   * Page size, 1 to 200; 50 by default.
   * @defaultValue `50`
   */
  limit?: number | undefined;
  /**
   * How many items to skip.
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

export interface MetricInfo {
  /** The name to ask for in `metrics`. */
  name: string;
  description: string;
  /** `trace` or `session`. */
  category: string;
  /** A score at or above it is a success, unless the run says otherwise. */
  default_threshold: number;
  prompt_preview: PromptPreview[];
}

export interface MetricSummary {
  /** The name to ask for in `metrics`. */
  name: string;
  description: string;
  /** `trace` or `session`. */
  category: string;
}

export interface MonitorPage {
  items: MonitorResponse[];
  /** How many items match in all, on every page. */
  total: number;
  limit: number;
  offset: number;
}

/** An evaluation that runs by itself, again and again. */
export interface MonitorResponse {
  id: string;
  project_id: string;
  name: string;
  /** `TRACE` or `SESSION`. */
  target_type: string;
  metric_names: string[];
  /** As they were given; the signal weights among them. */
  filters: Record<string, unknown>;
  sampling_rate: number;
  /** As it was given; `null` for the server's default. */
  model: string | null;
  /** The most that each of its runs may cost, in USD; `null`: no limit. */
  max_cost_usd: number | null;
  cadence: string;
  timezone: string;
  only_if_changed: boolean;
  /** `ACTIVE` or `PAUSED`. */
  status: string;
  /** When it last made a run, by a tick or a trigger. */
  last_run_at: string | null;
  /** That run, while it exists. */
  last_run_id: string | null;
  /** When it fires next; `null` while it is paused. */
  next_run_at: string | null;
  /** Where its cadence names times that are closer together than the server allows: the shortest time between two ticks. `null`: it fires as its cadence says. */
  stretched_to_seconds: number | null;
  created_at: string;
  updated_at: string;
}

export type MonitorStatus = "ACTIVE" | "PAUSED";

/** An error, as RFC 9457 describes it. */
export interface Problem {
  /** A URI reference that identifies the kind of problem. */
  type: string;
  /** The kind of problem; the same for every occurrence. */
  title: string;
  /** The HTTP status. */
  status: number;
  /** What went wrong this time, and what to do about it. */
  detail: string;
  /** A stable code for programs, such as `unknown_metric`. */
  code: string;
  /** Each thing that was wrong, where there are several. */
  errors?: ProblemError[] | undefined;
  /** Also in the `X-Request-ID` header; quote it in reports. */
  request_id: string;
}

export interface ProblemError {
  /** Where: `["body", "metrics", 0]`, `["query", "limit"]`, `["path", "run_id"]`. */
  loc: (string | number)[];
  /** What is wrong, for a person. */
  msg: string;
  /** What is wrong, for a program. */
  type: string;
}

export interface ProjectListItem {
  id: string;
  name: string;
  created_at: string;
  /** How many traces it holds. */
  traces: number;
  /** When its latest trace started; `null` where it has none. */
  last_trace_at: string | null;
}

export interface ProjectPage {
  items: ProjectListItem[];
  /** How many items match in all, on every page. */
  total: number;
  limit: number;
  offset: number;
}

/** What a project uses, and what it may use at the most. */
export interface ProjectUsage {
  project: string;
  /** Traces that it holds. */
  traces: QuotaUsage;
  /** Bytes of JSON and text in these traces and their spans. */
  bytes: QuotaUsage;
  /** Monitors that it has, paused ones included. */
  monitors: QuotaUsage;
  /** Runs that were created since midnight UTC, those deleted since included. */
  runs_today: QuotaUsage;
  /** What judge calls have cost since midnight UTC, in USD. */
  usd_today: QuotaUsage;
  /** What the runs under way that have a `max_cost_usd` may still spend, in USD. */
  usd_committed: number;
  /** The next midnight UTC, when `runs_today` and `usd_today` begin at 0. */
  resets_at: string;
}

export interface PromptPreview {
  /** The stage of the metric that this prompt belongs to. */
  stage: string;
  /** The real prompt, rendered with placeholder data. */
  prompt: string;
}

export interface ProviderInfo {
  /** The part before the slash in `provider/model`. */
  key: string;
  name: string;
  description: string;
  available: boolean;
  /** Where it is not available: which environment variable is missing. */
  message: string;
}

/** How much of a quota is used. */
export interface QuotaUsage {
  used: number;
  /** `null`: no limit. */
  limit: number | null;
}

export interface RetryEvalRunRequest {
  /** Defaults to `Retry: <the original's name or id>`. */
  name?: string | null | undefined;
  /** Another judge, as `provider/model`; the original's if left out. */
  model?: string | null | undefined;
  /** The most that the new run may cost, in USD, whatever the original has cost; `null`: no limit. Left out: the original's limit, anew. */
  max_cost_usd?: number | null | undefined;
  /** Whether (by default not) to ask the judge anew what it has answered before in this project: to see how much its judgment varies. The calls are paid again. */
  fresh?: boolean | null | undefined;
}

export interface RotateApiKeyRequest {
  /**
   * How long the old key goes on working: up to 30 days, a day by default.
   * @defaultValue `86400`
   */
  overlap_seconds?: number | undefined;
}

/** What a run would ask its models. Of many targets a random sample is looked at, and the rest taken to be like it. */
export interface RunEstimate {
  /** How many targets the run would have. */
  targets: number;
  /** Calls to models that the run would make, if none has to be made twice. */
  calls: number;
  /** Calls that it would not make, because the answers are known. */
  cached_calls: number;
  /** `high` is the most that the calls' prompts can be counted as. */
  input_tokens: TokenRange;
  /** `high` is the output limit of each call. */
  output_tokens: TokenRange;
  /** `null` where the price of a model that it would call is unknown. */
  cost_usd: UsdRange | null;
}

/** What a run has used of its models so far. The heuristic judge is free. */
export interface RunUsage {
  /** Calls to models, each try counted. */
  calls: number;
  /** Calls that were not made, because the answers were known. */
  cached_calls: number;
  /** As the providers counted them. */
  input_tokens: number;
  output_tokens: number;
  /** What the calls cost. A call under way, or whose end is unknown, counts with the most that it can cost. `null` where the price of a model is unknown. */
  cost_usd: number | null;
}

/** A model that is down, or has asked to be left alone. The run goes on by itself once it answers. */
export interface RunWait {
  /** The model that the run waits for, as `provider/model`. */
  model: string;
  /** What is wrong with it, for a person. */
  reason: string;
  /** When it is called again; `null` while a call finds out whether it is back. */
  until: string | null;
}

export type ScoreDataType = "NUMERIC" | "BOOLEAN" | "CATEGORICAL";

export interface ScoreDistributionItem {
  /** From 1 on. */
  bucket: number;
  /** Inclusive. */
  bucket_min: number;
  /** Exclusive, but for the last bucket, which 1 belongs to. */
  bucket_max: number;
  count: number;
}

/** Who gave the score: a run, a person, or a program. */
export type ScoreSource = "AUTOMATED" | "ANNOTATION" | "PROGRAMMATIC";

export type ScoreStatus = "SUCCESS" | "FAILED" | "PENDING";

export interface ScoreSummaryItem {
  metric_name: string;
  /** `null` where no successful number was given. */
  avg_score: number | null;
  min_score: number | null;
  max_score: number | null;
  /** Exact; of an even count the mean of the two in the middle. */
  median_score: number | null;
  /** Scores of the name that succeeded, of every data type. */
  success_count: number;
  /** Scores of the name that failed. */
  failed_count: number;
  /** When the newest score of the name was made, of whatever status. */
  latest_score_at: string | null;
}

export interface ScoreTrendItem {
  /** When the hour, day or week begins. */
  bucket: string | null;
  metric_name: string;
  avg_score: number;
  /** How many scores that is the mean of. */
  count: number;
}

/** The sessions whose first trace started in one bucket, each with all its traces. */
export interface SessionAnalyticsBucket {
  /** When the bucket begins, in UTC. */
  bucket: string;
  session_count: number;
  avg_traces_per_session: number | null;
  /** From the start of a session's first trace to the end of what ended last. */
  avg_session_duration_ms: number | null;
}

export interface SessionComparisonItem {
  session_id: string;
  score: number | null;
  evaluated_at: string | null;
  /** The run that made it, while that run exists. */
  eval_run_id: string | null;
}

export interface SessionComparisonPage {
  items: SessionComparisonItem[];
  /** How many items match in all, on every page. */
  total: number;
  limit: number;
  offset: number;
}

export interface SessionDeleteResponse {
  /** How many traces it had. */
  deleted: number;
}

export interface SessionDetail {
  session_id: string;
  trace_count: number;
  first_trace_at: string;
  last_trace_at: string | null;
  /** The sum over its traces. */
  total_latency_ms: number | null;
  /** Whether a trace of it has status ERROR. */
  has_error: boolean;
  /** Of its latest trace that has one. */
  user_id: string | null;
  /** Of all its traces. */
  tags: string[];
  total_span_count: number;
  total_tokens: number;
  /** In USD. */
  total_cost: number;
  /** One page of its traces, in the order they started. */
  traces: TraceResponse[];
}

/** Which sessions: those with a trace for which dates, user and tags all hold. The whole session is evaluated then. */
export interface SessionEvalRunFilters {
  /** Sessions with a trace that started at or after this time. */
  date_from?: string | null | undefined;
  /** Sessions with a trace that started before this time. */
  date_to?: string | null | undefined;
  /** Sessions with a trace of exactly this user. */
  user_id?: string | null | undefined;
  /** Sessions with, or without, a trace of status ERROR among those that match. */
  has_error?: boolean | null | undefined;
  /** Sessions with a trace that has ANY of these tags. */
  tags?: string[] | null | undefined;
  /** Sessions of which at least so many traces match. */
  min_trace_count?: number | null | undefined;
}

export interface SessionPage {
  items: SessionSummary[];
  /** How many items match in all, on every page. */
  total: number;
  limit: number;
  offset: number;
}

export interface SessionScoreHistoryItem {
  metric_name: string;
  /** `null` where the score failed, or is not NUMERIC. */
  score: number | null;
  /** The run that made it, while that run exists. */
  eval_run_id: string | null;
  created_at: string | null;
  status: ScoreStatus;
}

export interface SessionScorePage {
  items: SessionScoreResponse[];
  /** How many items match in all, on every page. */
  total: number;
  limit: number;
  offset: number;
}

export interface SessionScoreResponse {
  id: string;
  session_id: string;
  project_id: string;
  /** The metric's name. */
  name: string;
  data_type: ScoreDataType;
  /** `null` where the score failed. */
  value: string | null;
  source: ScoreSource;
  status: ScoreStatus;
  /** The run that made it, while that run exists. */
  eval_run_id: string | null;
  author_user_id: string | null;
  /** Why this value; why it failed. */
  reason: string | null;
  /** What the score rests on: the risks of each trace, `signal_weights`, `flagged_traces`, `threshold` and `success`; `failed_signals` where some could not be had. */
  metadata: Record<string, unknown>;
  created_at: string;
  updated_at: string;
}

export type SessionSortBy = "recent" | "trace_count" | "latency" | "cost";

export interface SessionSummary {
  session_id: string;
  trace_count: number;
  first_trace_at: string;
  last_trace_at: string | null;
  /** The sum over its traces. */
  total_latency_ms: number | null;
  /** Whether a trace of it has status ERROR. */
  has_error: boolean;
  /** Of its latest trace that has one. */
  user_id: string | null;
  /** Of all its traces. */
  tags: string[];
  total_span_count: number;
  total_tokens: number;
  /** In USD. */
  total_cost: number;
}

export interface SignalWeights {
  confidence?: number | undefined;
  loop_detection?: number | undefined;
  tool_correctness?: number | undefined;
  coherence?: number | undefined;
}

export type SortOrder = "asc" | "desc";

/** One step of a trace: a model call, a tool call, a retrieval. */
export interface SpanCreate {
  /** Made by the server if left out. */
  span_id?: string | undefined;
  parent_span_id?: string | null | undefined;
  name: string;
  /** OTHER if left out. */
  kind?: SpanKind | undefined;
  /** UNSET if left out. */
  status?: SpanStatusCode | undefined;
  input?: unknown;
  output?: unknown;
  /** The model of an LLM or embedding call. */
  model?: string | null | undefined;
  /** `prompt_tokens` and `completion_tokens` (or `input_tokens` and `output_tokens`), `total_tokens`. */
  token_usage?: Record<string, unknown> | null | undefined;
  /** Kept to 1000000 bytes of JSON: beyond, its largest values are cut, with a mark, and a warning says so. */
  metadata?: Record<string, unknown> | undefined;
  started_at: string;
  ended_at?: string | null | undefined;
  error?: string | null | undefined;
  /** When the first token came. */
  completion_start_time?: string | null | undefined;
  /** Temperature and the like; the tools declared to the model under `tools`. */
  model_parameters?: Record<string, unknown> | null | undefined;
  /** In USD: `total`, or its parts. */
  cost?: Record<string, number> | null | undefined;
}

export type SpanKind = "AGENT" | "TOOL" | "LLM" | "RETRIEVER" | "CHAIN" | "EMBEDDING" | "OTHER";

export interface SpanPage {
  /** In the order they started. */
  items: SpanResponse[];
  /** What to send as `cursor` for the next page; `null` on the last one. */
  next_cursor: string | null;
}

export interface SpanResponse {
  span_id: string;
  trace_id: string;
  parent_span_id: string | null;
  name: string;
  kind: SpanKind;
  status: SpanStatusCode;
  input: unknown;
  output: unknown;
  model: string | null;
  token_usage: Record<string, unknown> | null;
  metadata: Record<string, unknown>;
  started_at: string;
  ended_at: string | null;
  error: string | null;
  completion_start_time: string | null;
  model_parameters: Record<string, unknown> | null;
  cost: Record<string, number> | null;
  latency_ms: number | null;
  time_to_first_token_ms: number | null;
}

export type SpanStatusCode = "UNSET" | "OK" | "ERROR";

/** What is left out stays as it is; `null` clears what may be null. */
export interface SpanUpdate {
  /** `null` counts as left out. */
  name?: string | null | undefined;
  /** `null` counts as left out. */
  kind?: SpanKind | null | undefined;
  /** `null` counts as left out. */
  status?: SpanStatusCode | null | undefined;
  input?: unknown;
  output?: unknown;
  model?: string | null | undefined;
  /** Replaces what is stored. */
  token_usage?: Record<string, unknown> | null | undefined;
  /** Replaces what is stored; `null` counts as left out. */
  metadata?: Record<string, unknown> | null | undefined;
  ended_at?: string | null | undefined;
  error?: string | null | undefined;
  completion_start_time?: string | null | undefined;
  /** Replaces what is stored. */
  model_parameters?: Record<string, unknown> | null | undefined;
  /** Replaces what is stored. */
  cost?: Record<string, number> | null | undefined;
}

export interface SpansAccepted {
  /** One for each span that was sent, in that order. */
  span_ids: string[];
  /** What was cut or dropped because it was too large. Left out where everything was stored. */
  warnings?: string[] | undefined;
}

/** What the traces that started in one bucket used. */
export interface TokenCostBucket {
  /** When the bucket begins, in UTC. */
  bucket: string;
  total_tokens: number;
  /** Tokens that spans count as prompt or input. */
  prompt_tokens: number;
  /** Tokens that spans count as completion or output. */
  completion_tokens: number;
  /** In USD. */
  total_cost: number;
}

/** A number of tokens that is not known yet. */
export interface TokenRange {
  low: number;
  high: number;
}

export interface TopModel {
  model: string;
  /** Spans that name it. */
  call_count: number;
  total_tokens: number;
  /** In USD. */
  total_cost: number;
}

/** The trace is stored and visible to every later request. */
export interface TraceAccepted {
  trace_id: string;
  task_id: string;
  /** What was cut or dropped because it was too large. Left out where everything was stored. */
  warnings?: string[] | undefined;
}

/** One request to an agent, with what it did. */
export interface TraceCreate {
  /** Made by the server if left out. An id that exists is updated. */
  trace_id?: string | undefined;
  name: string;
  /** COMPLETED if left out. */
  status?: TraceStatus | undefined;
  input?: unknown;
  output?: unknown;
  /** Kept to 1000000 bytes of JSON: beyond, its largest values are cut, with a mark, and a warning says so. */
  metadata?: Record<string, unknown> | undefined;
  started_at: string;
  ended_at?: string | null | undefined;
  /** The conversation that this trace is part of. */
  session_id?: string | null | undefined;
  user_id?: string | null | undefined;
  /** The first 100 are kept; a warning says how many were dropped. */
  tags?: string[] | undefined;
  environment?: string | null | undefined;
  release?: string | null | undefined;
  /** Merged into the stored ones by `span_id`. */
  spans?: SpanCreate[] | undefined;
}

export interface TraceListItem {
  trace_id: string;
  name: string;
  status: TraceStatus;
  started_at: string;
  ended_at: string | null;
  session_id: string | null;
  user_id: string | null;
  tags: string[];
  environment: string | null;
  release: string | null;
  latency_ms: number | null;
  span_count: number;
  total_tokens: number;
  /** In USD. */
  total_cost: number;
}

export interface TracePage {
  items: TraceListItem[];
  /** How many items match in all, on every page. */
  total: number;
  limit: number;
  offset: number;
}

export interface TraceResponse {
  trace_id: string;
  project_id: string;
  name: string;
  status: TraceStatus;
  input: unknown;
  output: unknown;
  metadata: Record<string, unknown>;
  started_at: string;
  ended_at: string | null;
  session_id: string | null;
  user_id: string | null;
  tags: string[];
  environment: string | null;
  release: string | null;
  total_tokens: number;
  /** In USD. */
  total_cost: number;
  /** In the order they started. */
  spans: SpanResponse[];
}

export interface TraceScorePage {
  items: TraceScoreResponse[];
  /** How many items match in all, on every page. */
  total: number;
  limit: number;
  offset: number;
}

export interface TraceScoreResponse {
  id: string;
  trace_id: string;
  /** The metric's name, or the caller's own label. */
  name: string;
  /** As it was written; `null` where the score failed. */
  value: string | null;
  status: ScoreStatus;
  source: ScoreSource;
  created_at: string;
  project_id: string;
  data_type: ScoreDataType;
  /** The run that made it, while that run exists. */
  eval_run_id: string | null;
  author_user_id: string | null;
  /** Why this value; why it failed. */
  reason: string | null;
  /** The trace's environment when the score was made. */
  environment: string | null;
  config_id: string | null;
  /** What the score rests on. A run's scores carry `threshold` and `success`. */
  metadata: Record<string, unknown>;
  updated_at: string;
}

/** What a score was before it was changed. */
export interface TraceScoreRevision {
  score_id: string;
  /** 1 is what the score was at first; each change adds one. */
  revision: number;
  value: string | null;
  status: ScoreStatus;
  /** Who gave it: AUTOMATED is a run's judge. */
  source: ScoreSource;
  /** The run that made the score, while that run exists. */
  eval_run_id: string | null;
  author_user_id: string | null;
  reason: string | null;
  metadata: Record<string, unknown>;
  /** Since when it stood. */
  set_at: string;
  /** Until when it stood. */
  replaced_at: string;
}

export type TraceSortBy = "started_at" | "ended_at" | "name" | "latency" | "status";

export type TraceStatus = "PENDING" | "RUNNING" | "COMPLETED" | "ERROR";

/** What is left out stays as it is; `null` clears what may be null. */
export interface TraceUpdate {
  /** `null` counts as left out. */
  name?: string | null | undefined;
  /** `null` counts as left out. */
  status?: TraceStatus | null | undefined;
  input?: unknown;
  output?: unknown;
  /** Replaces what is stored; `null` counts as left out. */
  metadata?: Record<string, unknown> | null | undefined;
  ended_at?: string | null | undefined;
  session_id?: string | null | undefined;
  user_id?: string | null | undefined;
  /** Replaces what is stored; `null` counts as left out. */
  tags?: string[] | null | undefined;
  environment?: string | null | undefined;
  release?: string | null | undefined;
}

/** What is left out stays. `null` clears `model`, `max_cost_usd` and `signal_weights`, and elsewhere counts as left out. */
export interface UpdateMonitorRequest {
  name?: string | null | undefined;
  metrics?: string[] | null | undefined;
  /** Replaces all of them but `signal_weights`; `{}` clears them. */
  filters?: Record<string, unknown> | null | undefined;
  sampling_rate?: number | null | undefined;
  /** The judge as `provider/model`. `null`: the server's default at the time of each run. */
  model?: string | null | undefined;
  /** The most that each of its runs may cost, in USD; `null` or left out: no limit. */
  max_cost_usd?: number | null | undefined;
  cadence?: string | null | undefined;
  timezone?: string | null | undefined;
  only_if_changed?: boolean | null | undefined;
  /** How much the risk of each signal weighs; with target type SESSION only. Kept in `filters.signal_weights`. */
  signal_weights?: SignalWeights | null | undefined;
}

export interface UpdateTraceScoreRequest {
  /** Checked against the data type of the stored score. */
  value?: string | undefined;
  /** `null` clears it. Kept to 100000 bytes; the rest is cut, and a mark says so. */
  reason?: string | null | undefined;
  /** Replaces what is stored; `null` clears it. */
  metadata?: Record<string, unknown> | null | undefined;
}

/** A cost that is not known yet. */
export interface UsdRange {
  low: number;
  high: number;
}

export interface UserPage {
  items: UserSummary[];
  /** How many items match in all, on every page. */
  total: number;
  limit: number;
  offset: number;
}

export interface UserSummary {
  user_id: string;
  trace_count: number;
  /** When their first trace started. */
  first_seen: string;
  /** When their last trace started. */
  last_seen: string;
  /** Their traces with status ERROR. */
  error_count: number;
}
