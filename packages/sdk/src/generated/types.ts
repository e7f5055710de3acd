// Made from the contract by scripts/generate.ts; change the contract, then run: pnpm --filter @pandaprobe/sdk generate

/** How far a judge agrees with people. */
export interface Agreement {
  metric: string;
  threshold: number;
  /** Traces or sessions, drawn at random, that people and the judge scored. All figures are about these. */
  n: number;
  confusion: Confusion;
  /** Cohen's κ: 1 is perfect, 0 is chance. */
  kappa: number | null;
  kappa_ci: Interval | null;
  /** Krippendorff's α between people, over the traces that several of them scored. */
  alpha: number | null;
  /** The share of traces that people pass and the judge passes too. */
  tpr: number | null;
  /** The share of traces that people fail and the judge fails too. */
  tnr: number | null;
  /** How often the judge gives a passed trace a higher value than a failed one. 0.5 is chance. */
  auc: number | null;
  /** The mean squared distance of the judge's value from people's verdict, 1 or 0. 0 is best. */
  brier: number | null;
  pass_rate: PassRates;
  left_out: LabelsLeftOut;
  /** Why figures are `null`: agreement needs 30 traces, and a rate needs 10 of its class. */
  not_enough: string[];
  disagreement_count: number;
  /** Up to 50, including targeted ones and corrections, those in which the judge is surest first. */
  disagreements: Disagreement[];
}

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
  /** A label. */
  name: string;
  /** The first characters of the key. The key itself is not stored. */
  hint: string;
  scopes: KeyScope[];
  /** The projects it can access, by name. `null`: all. */
  projects: string[] | null;
  created_at: string;
  /** When it stops working. `null`: never. */
  expires_at: string | null;
  revoked_at: string | null;
  /** When it was last used, with a delay of up to a minute. `null`: not since this has been recorded. */
  last_used_at: string | null;
}

export interface ApiKeyPage {
  items: ApiKeyInfo[];
  /** The number of matching items on all pages. */
  total: number;
  limit: number;
  offset: number;
}

export interface AuditEvent {
  id: string;
  at: string;
  /** Such as `key.created`, `trace.deleted`, `monitor.changed` or `settings.changed`. */
  action: string;
  /** The project's name at that time. `null`: the whole organization. */
  project: string | null;
  /** What was changed: an id, or a project's name. */
  subject: string | null;
  /** The key that did it. `null`: the server or its command line. */
  key_id: string | null;
  /** The `X-Request-ID` of the request. */
  request_id: string | null;
  details: Record<string, unknown>;
}

export interface AuditEventPage {
  items: AuditEvent[];
  /** The number of matching items on all pages. */
  total: number;
  limit: number;
  offset: number;
}

export interface BatchCreateItem {
  /** The index of the trace in `traces`, from 0. */
  index: number;
  /** `null` if the trace was rejected and its id could not be read. */
  trace_id: string | null;
  status: "accepted" | "rejected";
  /** Of an accepted trace: `true` if it is new, `false` if it was merged into an existing one. */
  created?: boolean | undefined;
  /** Why it was rejected. */
  error: BatchItemError | null;
  /** What was cut or dropped because it was too large, and which unknown fields were ignored. At most 20. Left out if everything was stored as given. */
  warnings?: string[] | undefined;
}

export interface BatchCreateRequest {
  /** 1 to 100 traces, each validated on its own. Traces with the same id are merged in order. */
  traces: TraceCreate[];
}

/** The accepted traces are stored and visible to every later request. */
export interface BatchCreateResponse {
  /** The result of each trace, in the order of the request. */
  items: BatchCreateItem[];
  /** How many traces were stored. */
  accepted: number;
  /** How many traces were not stored. */
  rejected: number;
}

export interface BatchDeleteRequest {
  /** 1 to 500 ids. Repeated ids count once. */
  trace_ids: string[];
}

export interface BatchDeleteResponse {
  /** How many traces were deleted. */
  deleted: number;
}

export interface BatchItemError {
  /** The error code that `POST /traces` would have returned. */
  code: string;
  /** What is wrong with the trace. */
  detail: string;
  /** The invalid fields. */
  errors: ProblemError[];
}

export interface BatchTagsRequest {
  /** 1 to 500 ids. Repeated ids count once. */
  trace_ids: string[];
  /** Appended to the tags of a trace, unless it has them already. */
  add_tags?: string[] | undefined;
  /** Removed before `add_tags` are added: a tag in both lists stays. */
  remove_tags?: string[] | undefined;
}

export interface BatchTagsResponse {
  /** How many of the traces exist. All of them have the requested tags now. */
  updated: number;
}

/** A judge answers yes-or-no questions. */
export interface ChecklistMetric {
  kind: "checklist";
  /** What it judges: single traces, or whole sessions. Default: TRACE. */
  target?: "TRACE" | "SESSION" | null | undefined;
  /** One sentence for people. Default: made from the kind. */
  description?: string | null | undefined;
  /** What the judge should know to answer the questions. */
  instructions?: string | null | undefined;
  /** The score is the weighted share of yes answers. All questions are asked in one call. */
  criteria: MetricCriterion[];
  /** The highest score with a no to a required question. Default: 0. */
  cap?: number | null | undefined;
  /** Where in the trace's metadata the judge finds what to compare with, such as the expected answer: a key, or keys joined by dots (`expected.answer`). A trace without it is not applicable. Only with the target TRACE. */
  reference?: string | null | undefined;
  /** Its judge as `provider/model`, unless a run names another one or a jury. Default: that of the run. */
  model?: string | null | undefined;
  /** A score at or above it is a success, unless the run sets another threshold. Default: 0.5. */
  threshold?: number | null | undefined;
}

export interface ClaimReviewItemRequest {
  /** Who reviews: any label, such as an email address. It becomes the author of the scores. */
  reviewer: string;
  /** This item instead of the next one, to undo a skip or to see a completed item again. */
  item_id?: string | undefined;
}

export interface ClaimedReviewItem {
  id: string;
  queue_id: string;
  /** From 1, in the order of the queue. */
  position: number;
  /** `null` for a session. */
  trace_id: string | null;
  /** `null` for a trace. */
  session_id: string | null;
  /** To keep the item longer, claim it again. `null` for an item that the reviewer has completed. */
  claimed_until: string | null;
  /** The judges' verdicts. `null` in a blind queue until the reviewer has completed the item. */
  verdicts: ReviewVerdict[] | null;
}

export interface CompareScoresRequest {
  /** The baseline. */
  a: ComparedSide;
  /** The side that is compared with `a`. */
  b: ComparedSide;
  /** The names of the scores. */
  metrics: string[];
  /** Which traces are the same case: `trace_id`, `input`, or `metadata.<key>`. Default: none; the sides are then two samples. */
  pair_by?: string | undefined;
  /** Whose scores come before a judge's. Default: only scores of judges and programs count, without corrections. */
  prefer?: ScorePreference | undefined;
  /**
   * The same seed and scores give the same answer.
   * @defaultValue `1`
   */
  seed?: number | undefined;
}

/** Which scores to compare: those of a run, or of some traces. */
export interface ComparedSide {
  /** The scores of this trace run, which must have ended. */
  run_id?: string | undefined;
  /** The newest score of each of these traces. */
  filters?: EvalRunFilters | undefined;
}

/** Whether scores got worse. */
export interface ComparisonResponse {
  /** `regressed` if any metric regressed; otherwise `improved` if any improved; otherwise `no_significant_difference` if any has a p-value. */
  verdict: ComparisonVerdict;
  /** In the order of the request. */
  metrics: MetricComparison[];
}

/** `regressed` and `improved`: `p_adjusted` is at most 0.05. `not_enough`: fewer than 6 sessions, so no p-value. */
export type ComparisonVerdict = "regressed" | "improved" | "no_significant_difference" | "not_enough";

export interface CompleteReviewItemRequest {
  /** Who reviews: any label, such as an email address. It becomes the author of the scores. */
  reviewer: string;
  /** Each metric at most once. Metrics that are left out get no score from this reviewer. */
  scores: GivenScore[];
}

export interface CompletedReview {
  scores: ReviewedScore[];
  /** The judges' verdicts, one for each of the queue's metrics. */
  verdicts: ReviewVerdict[];
  progress: ReviewerProgress;
}

export interface ComputeAgreementRequest {
  /** The name of the scores, of people and judge alike. */
  metric: string;
  /**
   * Whose scores are compared: those of traces, or those of sessions.
   * @defaultValue `"TRACE"`
   */
  target_type?: "TRACE" | "SESSION" | undefined;
  /** Only scores from runs with this version of a metric of your own. Default: any version. */
  version?: number | undefined;
  /** Only these traces, or sessions with such a trace. */
  filters?: EvalRunFilters | undefined;
  /** A value at or above it is a pass. Default: the metric's own, 0.5 for your own labels. */
  threshold?: number | undefined;
  judge?: JudgeFilter | undefined;
  /** One half of the sessions, always the same: improve a judge on `dev`, test it on `test`. */
  split?: "dev" | "test" | undefined;
  /**
   * The same seed gives the same intervals.
   * @defaultValue `1`
   */
  seed?: number | undefined;
}

/** Positive means passed, and people count as right: `fp` are traces that only the judge passes. */
export interface Confusion {
  tp: number;
  fp: number;
  fn: number;
  tn: number;
}

/** 1 if the output contains some texts. */
export interface ContainsMetric {
  kind: "contains";
  /** One sentence for people. Default: made from the kind. */
  description?: string | null | undefined;
  /** The texts to look for. Give either these or a `reference`. */
  values?: string[] | null | undefined;
  /** Where in the trace's metadata the text, or the list of texts, to look for is. A trace without it is not applicable. */
  reference?: string | null | undefined;
  /** How many of the texts must be there. Default: all. */
  match?: "all" | "any" | null | undefined;
  /** Default: false. */
  ignore_case?: boolean | null | undefined;
  /** A score at or above it is a success, unless the run sets another threshold. Default: 0.5. */
  threshold?: number | null | undefined;
}

/** 1 if the spans of the trace cost no more. A trace without costs is not applicable. */
export interface CostMetric {
  kind: "cost";
  /** One sentence for people. Default: made from the kind. */
  description?: string | null | undefined;
  /** In USD. */
  max_usd: number;
  /** A score at or above it is a success, unless the run sets another threshold. Default: 0.5. */
  threshold?: number | null | undefined;
}

export interface CreateApiKeyRequest {
  /** A label. */
  name: string;
  /**
   * What it may do.
   * @defaultValue `["ingest","read","evaluate"]`
   */
  scopes?: KeyScope[] | undefined;
  /** The projects it can access, by name. They need not exist yet. Default: all of the organization. A key with the scope `admin` can access all. */
  projects?: string[] | null | undefined;
  /** When it stops working. Default: never. */
  expires_at?: string | null | undefined;
}

export interface CreateBatchEvalRunRequest {
  /** The traces to evaluate. Repeated ids count once. */
  trace_ids: string[];
  /** Metric names. Repeated names count once. */
  metrics: string[];
  /** A label for people. */
  name?: string | null | undefined;
  /** The judge as `provider/model`, such as `openai/gpt-5.4`. Default: the server's, or for a metric of your own the one in its definition. Not together with `judges`. */
  model?: string | null | undefined;
  /** How often each question is judged. The score is the mean; its metadata has the values, their standard deviation and the share that flips between pass and fail. The cost multiplies. Default: 1. */
  repeats?: number | null | undefined;
  /** A jury: models that all judge every target, as `provider/model`. Their votes are kept in the score's metadata. The cost adds up. Default: one judge, `model`. */
  judges?: string[] | null | undefined;
  /** How the votes of `judges` are combined. Default: `mean`. */
  aggregate?: JuryAggregate | null | undefined;
  /** The threshold of each metric: a score at or above it is a success. It sets `success` in the metadata of a score, and never changes the score. */
  thresholds?: Record<string, number> | null | undefined;
  /** The most the run may cost, in USD. Default: no limit. If the next call could cost more than the rest of the limit, the evaluation items that need it end FAILED with a reason that begins with `budget_exceeded`, and a retry continues from there. The price of every model of the run must be known. */
  max_cost_usd?: number | null | undefined;
  /** Call the judge again for questions it has answered before in this project. These calls cost money again. To see how much its judgment varies, use `repeats`. Default: false. */
  fresh?: boolean | null | undefined;
}

export interface CreateBatchSessionEvalRunRequest {
  /** The sessions to evaluate. Repeated ids count once. */
  session_ids: string[];
  /** Metric names. Repeated names count once. */
  metrics: string[];
  /** A label for people. */
  name?: string | null | undefined;
  /** The judge as `provider/model`, such as `openai/gpt-5.4`. Default: the server's, or for a metric of your own the one in its definition. Not together with `judges`. */
  model?: string | null | undefined;
  /** How often each question is judged. The score is the mean; its metadata has the values, their standard deviation and the share that flips between pass and fail. The cost multiplies. Default: 1. */
  repeats?: number | null | undefined;
  /** A jury: models that all judge every target, as `provider/model`. Their votes are kept in the score's metadata. The cost adds up. Default: one judge, `model`. */
  judges?: string[] | null | undefined;
  /** How the votes of `judges` are combined. Default: `mean`. */
  aggregate?: JuryAggregate | null | undefined;
  /** The threshold of each metric: a score at or above it is a success. It sets `success` in the metadata of a score, and never changes the score. */
  thresholds?: Record<string, number> | null | undefined;
  /** The most the run may cost, in USD. Default: no limit. If the next call could cost more than the rest of the limit, the evaluation items that need it end FAILED with a reason that begins with `budget_exceeded`, and a retry continues from there. The price of every model of the run must be known. */
  max_cost_usd?: number | null | undefined;
  /** Call the judge again for questions it has answered before in this project. These calls cost money again. To see how much its judgment varies, use `repeats`. Default: false. */
  fresh?: boolean | null | undefined;
  signal_weights?: SignalWeights | null | undefined;
}

export interface CreateEvalRunRequest {
  /** Metric names. Repeated names count once. */
  metrics: string[];
  /** A label for people. */
  name?: string | null | undefined;
  /** The judge as `provider/model`, such as `openai/gpt-5.4`. Default: the server's, or for a metric of your own the one in its definition. Not together with `judges`. */
  model?: string | null | undefined;
  /** How often each question is judged. The score is the mean; its metadata has the values, their standard deviation and the share that flips between pass and fail. The cost multiplies. Default: 1. */
  repeats?: number | null | undefined;
  /** A jury: models that all judge every target, as `provider/model`. Their votes are kept in the score's metadata. The cost adds up. Default: one judge, `model`. */
  judges?: string[] | null | undefined;
  /** How the votes of `judges` are combined. Default: `mean`. */
  aggregate?: JuryAggregate | null | undefined;
  /** The threshold of each metric: a score at or above it is a success. It sets `success` in the metadata of a score, and never changes the score. */
  thresholds?: Record<string, number> | null | undefined;
  /** The most the run may cost, in USD. Default: no limit. If the next call could cost more than the rest of the limit, the evaluation items that need it end FAILED with a reason that begins with `budget_exceeded`, and a retry continues from there. The price of every model of the run must be known. */
  max_cost_usd?: number | null | undefined;
  /** Call the judge again for questions it has answered before in this project. These calls cost money again. To see how much its judgment varies, use `repeats`. Default: false. */
  fresh?: boolean | null | undefined;
  filters?: EvalRunFilters | undefined;
  /**
   * The fraction of the matching targets to evaluate, drawn uniformly: `max(1, floor(matches × rate))` targets, or none for 0.
   * @defaultValue `1`
   */
  sampling_rate?: number | undefined;
}

export interface CreateMonitorRequest {
  /** A label for people. Its runs are called `[Monitor] <name>`. */
  name: string;
  /** Names of metrics of the target type. Repeated names count once. */
  metrics: string[];
  /** The filters of its runs: `EvalRunFilters` for TRACE, `SessionEvalRunFilters` for SESSION. */
  filters?: Record<string, unknown> | undefined;
  /** The judge as `provider/model`. `null`: the server's default when each run is created. Not together with `judges`. */
  model?: string | null | undefined;
  /** How often each question is judged. The score is the mean; its metadata has the values, their standard deviation and the share that flips between pass and fail. The cost multiplies. Default: 1. */
  repeats?: number | null | undefined;
  /** A jury: models that all judge every target, as `provider/model`. Their votes are kept in the score's metadata. The cost adds up. Default: one judge, `model`. */
  judges?: string[] | null | undefined;
  /** How the votes of `judges` are combined. Default: `mean`. */
  aggregate?: JuryAggregate | null | undefined;
  /** The most each of its runs may cost, in USD. Default: no limit. */
  max_cost_usd?: number | null | undefined;
  /** `every_6h`, `daily` or `weekly`, counted from the monitor's creation; or `cron:` and five fields: minute, hour, day of month, month, weekday (`cron:30 6 * * MON-FRI`). */
  cadence: string;
  /**
   * The IANA time zone of a `cron:` cadence. When clocks go forward, a skipped local time fires right after the gap. When they go back, a repeated local time fires once, the first time.
   * @defaultValue `"UTC"`
   */
  timezone?: string | undefined;
  /**
   * Skip a tick if, since the last run, no matching trace was stored or changed in what a judge reads.
   * @defaultValue `true`
   */
  only_if_changed?: boolean | undefined;
  /** The weight of each signal. Only with target type SESSION. Stored in `filters.signal_weights`. */
  signal_weights?: SignalWeights | null | undefined;
  /** What it evaluates: traces, or whole sessions. */
  target_type: "TRACE" | "SESSION";
  /**
   * The fraction of the matching targets to evaluate, drawn uniformly: `max(1, floor(matches × rate))` targets, or none for 0.
   * @defaultValue `1`
   */
  sampling_rate?: number | undefined;
}

export interface CreateReviewQueueRequest {
  name: string;
  /**
   * What people review.
   * @defaultValue `"TRACE"`
   */
  target_type?: "TRACE" | "SESSION" | undefined;
  /** What they score. */
  metrics: ReviewMetricRequest[];
  /** @defaultValue `{}` */
  from?: ReviewSource | undefined;
  /** @defaultValue `"random"` */
  order?: ReviewOrder | undefined;
  /**
   * The most items that the queue gets.
   * @defaultValue `50`
   */
  size?: number | undefined;
  /**
   * How many people review each item. With two or more, agreements also show how far they agree with each other.
   * @defaultValue `1`
   */
  reviewers_per_item?: number | undefined;
  /**
   * Whether reviewers see judges' verdicts only after they have completed an item.
   * @defaultValue `true`
   */
  blind?: boolean | undefined;
  /**
   * After how many seconds a claimed item that is not completed goes to another reviewer.
   * @defaultValue `900`
   */
  claim_seconds?: number | undefined;
  /** The same seed draws the same items. Default: a random one. */
  seed?: number | undefined;
}

export interface CreateSessionEvalRunRequest {
  /** Metric names. Repeated names count once. */
  metrics: string[];
  /** A label for people. */
  name?: string | null | undefined;
  /** The judge as `provider/model`, such as `openai/gpt-5.4`. Default: the server's, or for a metric of your own the one in its definition. Not together with `judges`. */
  model?: string | null | undefined;
  /** How often each question is judged. The score is the mean; its metadata has the values, their standard deviation and the share that flips between pass and fail. The cost multiplies. Default: 1. */
  repeats?: number | null | undefined;
  /** A jury: models that all judge every target, as `provider/model`. Their votes are kept in the score's metadata. The cost adds up. Default: one judge, `model`. */
  judges?: string[] | null | undefined;
  /** How the votes of `judges` are combined. Default: `mean`. */
  aggregate?: JuryAggregate | null | undefined;
  /** The threshold of each metric: a score at or above it is a success. It sets `success` in the metadata of a score, and never changes the score. */
  thresholds?: Record<string, number> | null | undefined;
  /** The most the run may cost, in USD. Default: no limit. If the next call could cost more than the rest of the limit, the evaluation items that need it end FAILED with a reason that begins with `budget_exceeded`, and a retry continues from there. The price of every model of the run must be known. */
  max_cost_usd?: number | null | undefined;
  /** Call the judge again for questions it has answered before in this project. These calls cost money again. To see how much its judgment varies, use `repeats`. Default: false. */
  fresh?: boolean | null | undefined;
  signal_weights?: SignalWeights | null | undefined;
  filters?: SessionEvalRunFilters | undefined;
  /**
   * The fraction of the matching targets to evaluate, drawn uniformly: `max(1, floor(matches × rate))` targets, or none for 0.
   * @defaultValue `1`
   */
  sampling_rate?: number | undefined;
}

export interface CreateSessionScoreRequest {
  session_id: string;
  /** A metric's name, or your own label. */
  name: string;
  /** NUMERIC: a decimal from 0 to 1 ("0.85"); BOOLEAN: "true" or "false"; CATEGORICAL: any label. */
  value: string;
  /** @defaultValue `"NUMERIC"` */
  data_type?: ScoreDataType | undefined;
  /** @defaultValue `"ANNOTATION"` */
  source?: "ANNOTATION" | "PROGRAMMATIC" | undefined;
  reason?: string | null | undefined;
  /** Who gives the score: any label. With it, an ANNOTATION counts as a person's score, which `prefer=person` puts first. */
  author_user_id?: string | null | undefined;
  metadata?: Record<string, unknown> | undefined;
}

export interface CreateSpanScoreRequest {
  trace_id: string;
  span_id: string;
  /** A metric's name, or your own label. */
  name: string;
  /** NUMERIC: a decimal from 0 to 1 ("0.85"); BOOLEAN: "true" or "false"; CATEGORICAL: any label. */
  value: string;
  /** @defaultValue `"NUMERIC"` */
  data_type?: ScoreDataType | undefined;
  /** @defaultValue `"ANNOTATION"` */
  source?: "ANNOTATION" | "PROGRAMMATIC" | undefined;
  reason?: string | null | undefined;
  /** Who gives the score: any label. With it, an ANNOTATION counts as a person's score, which `prefer=person` puts first. */
  author_user_id?: string | null | undefined;
  metadata?: Record<string, unknown> | undefined;
}

export interface CreateTraceScoreRequest {
  trace_id: string;
  /** A metric's name, or your own label. */
  name: string;
  /** NUMERIC: a decimal from 0 to 1 ("0.85"); BOOLEAN: "true" or "false"; CATEGORICAL: any label. */
  value: string;
  /** @defaultValue `"NUMERIC"` */
  data_type?: ScoreDataType | undefined;
  /** @defaultValue `"ANNOTATION"` */
  source?: "ANNOTATION" | "PROGRAMMATIC" | undefined;
  reason?: string | null | undefined;
  /** Who gives the score: any label. With it, an ANNOTATION counts as a person's score, which `prefer=person` puts first. */
  author_user_id?: string | null | undefined;
  metadata?: Record<string, unknown> | undefined;
}

export interface CreatedApiKey {
  id: string;
  /** A label. */
  name: string;
  /** The first characters of the key. The key itself is not stored. */
  hint: string;
  scopes: KeyScope[];
  /** The projects it can access, by name. `null`: all. */
  projects: string[] | null;
  created_at: string;
  /** When it stops working. `null`: never. */
  expires_at: string | null;
  revoked_at: string | null;
  /** When it was last used, with a delay of up to a minute. `null`: not since this has been recorded. */
  last_used_at: string | null;
  /** The key. It is shown only once. */
  key: string;
}

/** The query of `deleteSessionRun`. */
export interface DeleteSessionRunQuery {
  /**
   * Also delete its scores, including the signals of a session run. Otherwise they are kept without a run.
   * @defaultValue `false`
   */
  delete_scores?: boolean | undefined;
}

/** The query of `deleteTraceRun`. */
export interface DeleteTraceRunQuery {
  /**
   * Also delete its scores, including the signals of a session run. Otherwise they are kept without a run.
   * @defaultValue `false`
   */
  delete_scores?: boolean | undefined;
}

/** A trace or session that the judge passes and a person fails, or the reverse. */
export interface Disagreement {
  /** `null` for a session. */
  trace_id: string | null;
  session_id: string | null;
  selection: LabelSelection;
  judge: JudgeOpinion;
  person: PersonOpinion;
}

/** Selects traces. All given filters must match. */
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
  /** Traces with at least one of these tags. */
  tags?: string[] | null | undefined;
  /** A part of the trace's name, case-insensitive, without wildcards. */
  name?: string | null | undefined;
  /** Exactly this environment. */
  environment?: string | null | undefined;
  /** Exactly this release. */
  release?: string | null | undefined;
}

export interface EvalRunPage {
  items: EvalRunResponse[];
  /** The number of matching items on all pages. */
  total: number;
  limit: number;
  offset: number;
}

/** An evaluation run and its progress. */
export interface EvalRunResponse {
  id: string;
  name: string | null;
  status: EvaluationStatus;
  metric_names: string[];
  /** The version of each of its metrics that is the project's own. The run keeps it even if the metric changes. */
  metric_versions: Record<string, number>;
  /** How many targets the run has: traces, or sessions in a session run. */
  total_traces: number;
  /** The same number as `total_traces`. */
  total_targets: number;
  /** Targets with all metrics ended, successfully or not. */
  evaluated_count: number;
  /** Evaluation items (one target and one metric) that ended FAILED. */
  failed_count: number;
  created_at: string;
  completed_at: string | null;
  project_id: string;
  /** `TRACE` or `SESSION`. */
  target_type: string;
  /** The filters of the request, unchanged. */
  filters: Record<string, unknown>;
  sampling_rate: number;
  /** The judge of the run, as `provider/model`. `null` for a jury: see `judges`. */
  model: string | null;
  /** How often each question is judged. */
  repeats: number;
  /** The models of the jury, as `provider/model`. `null`: the run has one judge, `model`. */
  judges: string[] | null;
  /** How the jury's votes are combined. `null` without a jury. */
  aggregate: JuryAggregate | null;
  monitor_id: string | null;
  /** Why the run failed or was cancelled. */
  error_message: string | null;
  /** The most the run may cost, in USD. `null`: no limit. */
  max_cost_usd: number | null;
  usage: RunUsage;
  /** What the run is waiting for, if anything. */
  waiting_for: RunWait | null;
}

/** A request for a run, prefilled for one metric. */
export interface EvalRunTemplate {
  metric: MetricInfo;
  filters: EvalRunFilters;
  sampling_rate: number;
  /** The server's default judge. */
  model: string | null;
}

/** A run has ended when it is COMPLETED or FAILED. */
export type EvaluationStatus = "PENDING" | "RUNNING" | "COMPLETED" | "FAILED";

/** 1 if the output equals the expected one. White space around texts does not count. */
export interface ExactMatchMetric {
  kind: "exact_match";
  /** One sentence for people. Default: made from the kind. */
  description?: string | null | undefined;
  /** Where in the trace's metadata the expected output is. A trace without it is not applicable. */
  reference: string;
  /** Default: false. */
  ignore_case?: boolean | null | undefined;
  /** A score at or above it is a success, unless the run sets another threshold. Default: 0.5. */
  threshold?: number | null | undefined;
}

/** The query of `getSessionAnalytics`. */
export interface GetSessionAnalyticsQuery {
  /** @defaultValue `"day"` */
  granularity?: AnalyticsGranularity | undefined;
  /** Traces that started at or after this time. */
  started_after: string;
  /** Traces that started before this time. */
  started_before: string;
}

/** The query of `getSession`. */
export interface GetSessionQuery {
  /**
   * Page size, 1 to 1000. Default: 200.
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
  /** The maximum number of scores. Default: all. */
  limit?: number | undefined;
  /** How many of the newest scores to skip. */
  offset?: number | undefined;
  /** If there is a preferred score with the same name, of the same trace or session, it replaces the run's score. Default: the run's scores. */
  prefer?: ScorePreference | undefined;
}

/** The query of `getSessionScoreComparison`. */
export interface GetSessionScoreComparisonQuery {
  /** The name of the metric, or your own label. */
  metric_name: string;
  source?: ScoreSource | undefined;
  /** Scores by exactly this judge, as `provider/model`, alone or in a jury. Scores of a deleted run have no judge. */
  model?: string | undefined;
  /** Scores of this run. */
  eval_run_id?: string | undefined;
  /** Of traces with exactly this release. */
  release?: string | undefined;
  /** Of traces in exactly this environment. */
  environment?: string | undefined;
  /** Of traces with at least one of these tags. */
  tags?: string[] | undefined;
  /** Of traces of exactly this user. */
  user_id?: string | undefined;
  /** Of traces with this in their name, case-insensitive, without wildcards. */
  trace_name?: string | undefined;
  /** Leaves out scores for which there is a preferred one with the same name, of the same trace or session. Default: none is left out. */
  prefer?: ScorePreference | undefined;
  /** @defaultValue `"asc"` */
  sort_order?: SortOrder | undefined;
  /**
   * Page size, 1 to 100. Default: 20.
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
  /** The name of the metric, or your own label. */
  metric_name: string;
  /** Scores created at or after this time. */
  date_from?: string | undefined;
  /** Scores created before this time. */
  date_to?: string | undefined;
  source?: ScoreSource | undefined;
  /** Scores by exactly this judge, as `provider/model`, alone or in a jury. Scores of a deleted run have no judge. */
  model?: string | undefined;
  /** Scores of this run. */
  eval_run_id?: string | undefined;
  /** Of traces with exactly this release. */
  release?: string | undefined;
  /** Of traces in exactly this environment. */
  environment?: string | undefined;
  /** Of traces with at least one of these tags. */
  tags?: string[] | undefined;
  /** Of traces of exactly this user. */
  user_id?: string | undefined;
  /** Of traces with this in their name, case-insensitive, without wildcards. */
  trace_name?: string | undefined;
  /** Leaves out scores for which there is a preferred one with the same name, of the same trace or session. Default: none is left out. */
  prefer?: ScorePreference | undefined;
  /** Gives rows for each value of this: the 20 with the most scores, the scores without a value, and all others together. A trace counts for each of its tags, a session for each value of its traces, a jury's score for each judge. */
  group_by?: ScoreGroupBy | undefined;
  /**
   * How many buckets of equal width, 1 to 100. Default: 10.
   * @defaultValue `10`
   */
  buckets?: number | undefined;
}

/** The query of `getSessionScoreHistory`. */
export interface GetSessionScoreHistoryQuery {
  /** The name of the metric, or your own label. */
  metric_name?: string | undefined;
  source?: ScoreSource | undefined;
  /** Scores by exactly this judge, as `provider/model`, alone or in a jury. Scores of a deleted run have no judge. */
  model?: string | undefined;
  /** Scores of this run. */
  eval_run_id?: string | undefined;
  /** Leaves out scores for which there is a preferred one with the same name, of the same trace or session. Default: none is left out. */
  prefer?: ScorePreference | undefined;
  /**
   * How many of the newest scores, 1 to 200. Default: 50.
   * @defaultValue `50`
   */
  limit?: number | undefined;
}

/** The query of `getSessionScoreSummary`. */
export interface GetSessionScoreSummaryQuery {
  /** Scores created at or after this time. */
  date_from?: string | undefined;
  /** Scores created before this time. */
  date_to?: string | undefined;
  source?: ScoreSource | undefined;
  /** Scores by exactly this judge, as `provider/model`, alone or in a jury. Scores of a deleted run have no judge. */
  model?: string | undefined;
  /** Scores of this run. */
  eval_run_id?: string | undefined;
  /** Of traces with exactly this release. */
  release?: string | undefined;
  /** Of traces in exactly this environment. */
  environment?: string | undefined;
  /** Of traces with at least one of these tags. */
  tags?: string[] | undefined;
  /** Of traces of exactly this user. */
  user_id?: string | undefined;
  /** Of traces with this in their name, case-insensitive, without wildcards. */
  trace_name?: string | undefined;
  /** Leaves out scores for which there is a preferred one with the same name, of the same trace or session. Default: none is left out. */
  prefer?: ScorePreference | undefined;
  /** Gives rows for each value of this: the 20 with the most scores, the scores without a value, and all others together. A trace counts for each of its tags, a session for each value of its traces, a jury's score for each judge. */
  group_by?: ScoreGroupBy | undefined;
}

/** The query of `getSessionScoreTrend`. */
export interface GetSessionScoreTrendQuery {
  /** The name of the metric, or your own label. */
  metric_name: string;
  /** Scores created at or after this time. */
  date_from?: string | undefined;
  /** Scores created before this time. */
  date_to?: string | undefined;
  source?: ScoreSource | undefined;
  /** Scores by exactly this judge, as `provider/model`, alone or in a jury. Scores of a deleted run have no judge. */
  model?: string | undefined;
  /** Scores of this run. */
  eval_run_id?: string | undefined;
  /** Of traces with exactly this release. */
  release?: string | undefined;
  /** Of traces in exactly this environment. */
  environment?: string | undefined;
  /** Of traces with at least one of these tags. */
  tags?: string[] | undefined;
  /** Of traces of exactly this user. */
  user_id?: string | undefined;
  /** Of traces with this in their name, case-insensitive, without wildcards. */
  trace_name?: string | undefined;
  /** Leaves out scores for which there is a preferred one with the same name, of the same trace or session. Default: none is left out. */
  prefer?: ScorePreference | undefined;
  /** Gives rows for each value of this: the 20 with the most scores, the scores without a value, and all others together. A trace counts for each of its tags, a session for each value of its traces, a jury's score for each judge. */
  group_by?: ScoreGroupBy | undefined;
  /** @defaultValue `"day"` */
  granularity?: AnalyticsGranularity | undefined;
}

/** The query of `getSessionScores`. */
export interface GetSessionScoresQuery {
  /** Leaves out scores for which there is a preferred one with the same name. Default: none is left out. */
  prefer?: ScorePreference | undefined;
}

/** The query of `getTraceAnalytics`. */
export interface GetTraceAnalyticsQuery {
  /** @defaultValue `"volume"` */
  metric?: AnalyticsMetric | undefined;
  /** @defaultValue `"day"` */
  granularity?: AnalyticsGranularity | undefined;
  /** Traces that started at or after this time. */
  started_after: string;
  /** Traces that started before this time. */
  started_before: string;
}

/** The query of `getTraceRunScores`. */
export interface GetTraceRunScoresQuery {
  /** The maximum number of scores. Default: all. */
  limit?: number | undefined;
  /** How many of the newest scores to skip. */
  offset?: number | undefined;
  /** If there is a preferred score with the same name, of the same trace or session, it replaces the run's score. Default: the run's scores. */
  prefer?: ScorePreference | undefined;
}

/** The query of `getTraceRunTemplate`. */
export interface GetTraceRunTemplateQuery {
  metric: string;
}

/** The query of `getTraceScoreDistribution`. */
export interface GetTraceScoreDistributionQuery {
  /** The name of the metric, or your own label. */
  metric_name: string;
  /** Scores created at or after this time. */
  date_from?: string | undefined;
  /** Scores created before this time. */
  date_to?: string | undefined;
  source?: ScoreSource | undefined;
  /** Scores by exactly this judge, as `provider/model`, alone or in a jury. Scores of a deleted run have no judge. */
  model?: string | undefined;
  /** Scores of this run. */
  eval_run_id?: string | undefined;
  /** Of traces with exactly this release. */
  release?: string | undefined;
  /** Of traces in exactly this environment. */
  environment?: string | undefined;
  /** Of traces with at least one of these tags. */
  tags?: string[] | undefined;
  /** Of traces of exactly this user. */
  user_id?: string | undefined;
  /** Of traces with this in their name, case-insensitive, without wildcards. */
  trace_name?: string | undefined;
  /** Leaves out scores for which there is a preferred one with the same name, of the same trace or session. Default: none is left out. */
  prefer?: ScorePreference | undefined;
  /** Gives rows for each value of this: the 20 with the most scores, the scores without a value, and all others together. A trace counts for each of its tags, a session for each value of its traces, a jury's score for each judge. */
  group_by?: ScoreGroupBy | undefined;
  /**
   * How many buckets of equal width, 1 to 100. Default: 10.
   * @defaultValue `10`
   */
  buckets?: number | undefined;
}

/** The query of `getTraceScoreJudgement`. */
export interface GetTraceScoreJudgementQuery {
  /** A member of the jury. Default: the first. */
  model?: string | undefined;
  /**
   * Which of the repeats. Default: 1.
   * @defaultValue `1`
   */
  repeat?: number | undefined;
}

/** The query of `getTraceScoreSummary`. */
export interface GetTraceScoreSummaryQuery {
  /** Scores created at or after this time. */
  date_from?: string | undefined;
  /** Scores created before this time. */
  date_to?: string | undefined;
  source?: ScoreSource | undefined;
  /** Scores by exactly this judge, as `provider/model`, alone or in a jury. Scores of a deleted run have no judge. */
  model?: string | undefined;
  /** Scores of this run. */
  eval_run_id?: string | undefined;
  /** Of traces with exactly this release. */
  release?: string | undefined;
  /** Of traces in exactly this environment. */
  environment?: string | undefined;
  /** Of traces with at least one of these tags. */
  tags?: string[] | undefined;
  /** Of traces of exactly this user. */
  user_id?: string | undefined;
  /** Of traces with this in their name, case-insensitive, without wildcards. */
  trace_name?: string | undefined;
  /** Leaves out scores for which there is a preferred one with the same name, of the same trace or session. Default: none is left out. */
  prefer?: ScorePreference | undefined;
  /** Gives rows for each value of this: the 20 with the most scores, the scores without a value, and all others together. A trace counts for each of its tags, a session for each value of its traces, a jury's score for each judge. */
  group_by?: ScoreGroupBy | undefined;
}

/** The query of `getTraceScoreTrend`. */
export interface GetTraceScoreTrendQuery {
  /** The name of the metric, or your own label. */
  metric_name: string;
  /** Scores created at or after this time. */
  date_from?: string | undefined;
  /** Scores created before this time. */
  date_to?: string | undefined;
  source?: ScoreSource | undefined;
  /** Scores by exactly this judge, as `provider/model`, alone or in a jury. Scores of a deleted run have no judge. */
  model?: string | undefined;
  /** Scores of this run. */
  eval_run_id?: string | undefined;
  /** Of traces with exactly this release. */
  release?: string | undefined;
  /** Of traces in exactly this environment. */
  environment?: string | undefined;
  /** Of traces with at least one of these tags. */
  tags?: string[] | undefined;
  /** Of traces of exactly this user. */
  user_id?: string | undefined;
  /** Of traces with this in their name, case-insensitive, without wildcards. */
  trace_name?: string | undefined;
  /** Leaves out scores for which there is a preferred one with the same name, of the same trace or session. Default: none is left out. */
  prefer?: ScorePreference | undefined;
  /** Gives rows for each value of this: the 20 with the most scores, the scores without a value, and all others together. A trace counts for each of its tags, a session for each value of its traces, a jury's score for each judge. */
  group_by?: ScoreGroupBy | undefined;
  /** @defaultValue `"day"` */
  granularity?: AnalyticsGranularity | undefined;
}

/** The query of `getTraceScores`. */
export interface GetTraceScoresQuery {
  /** For each name, the preferred score that was given or changed last comes before newer ones. Default: the newest. */
  prefer?: ScorePreference | undefined;
}

/** A reviewer's score. */
export interface GivenScore {
  /** One of the queue's metrics. */
  name: string;
  /** A value of the metric's data type, or one of its choices. */
  value: string;
  reason?: string | null | undefined;
}

export interface Health {
  status: "ok";
}

/** An interval at 95 % confidence, from a bootstrap over sessions. */
export interface Interval {
  low: number;
  high: number;
}

/** What one person did with an item. */
export interface ItemReview {
  reviewer: string;
  status: "CLAIMED" | "COMPLETED" | "SKIPPED";
  /** Only for a claim. Expired claims are left out. */
  claimed_until: string | null;
  /** When it was completed or skipped. */
  ended_at: string | null;
  /** Why it was skipped. */
  reason: string | null;
  /** The reviewer's scores. */
  score_ids: string[];
}

/** 1 if the output matches a JSON Schema. */
export interface JsonSchemaMetric {
  kind: "json_schema";
  /** One sentence for people. Default: made from the kind. */
  description?: string | null | undefined;
  /** A JSON Schema (draft 2020-12). An output that is text is parsed as JSON first. */
  schema: Record<string, unknown>;
  /** A score at or above it is a success, unless the run sets another threshold. Default: 0.5. */
  threshold?: number | null | undefined;
}

export interface JudgeDefaults {
  /** The judge of runs that do not name one. */
  model: string;
  /** The embedding model that is used with that judge. `null`: metrics that embed texts are refused. */
  embedding_model: string | null;
  /** The models that may judge; a trailing `*` matches anything. `null`: all. */
  allowed_models: string[] | null;
  /** How many calls one process makes to each model at once. */
  concurrent_calls: number;
  call_timeout_seconds: number;
  /** For one question, with all its attempts. */
  question_timeout_seconds: number;
  /** How often a question is attempted. */
  max_attempts: number;
  /** How long a run waits for a model that is down. */
  patience_seconds: number;
}

/** Which scores count as the judge's. Default: all AUTOMATED and PROGRAMMATIC ones. */
export interface JudgeFilter {
  source?: "AUTOMATED" | "PROGRAMMATIC" | undefined;
  /** The judge as `provider/model`, as in the metadata of scores. */
  model?: string | undefined;
}

/** A judge's newest score of a target, without a person's correction. */
export interface JudgeOfReview {
  score_id: string;
  /** `null` if the judge failed. */
  value: string | null;
  data_type: ScoreDataType;
  status: ScoreStatus;
  /** `false`: there was nothing to judge. */
  applicable: boolean;
  /** Its first 500 characters. */
  reason: string | null;
  source: ScoreSource;
  /** `null` for a jury, and if unknown. */
  model: string | null;
}

/** A judge's score, without a person's correction. */
export interface JudgeOpinion {
  score_id: string;
  value: number;
  /** Its first 500 characters. */
  reason: string | null;
  source: ScoreSource;
  model: string | null;
}

/** Each text is cut to 100000 bytes. */
export interface JudgeQuestion {
  /** The name of the question within the metric. */
  stage: string;
  /** The instructions. */
  system: string;
  /** The trace and earlier findings, as the judge is shown them. */
  prompt: string;
  /** What the judge answered, as JSON. `null` if it is no longer stored, or if the trace or the server's settings have changed since, so that this is a different question. */
  answer: string | null;
}

/** What a judge said of a score before a person changed it. */
export interface JudgedScore {
  /** `null` if the judge failed. */
  value: string | null;
  reason: string | null;
  /** The run that created the score. `null` once that run is deleted. */
  eval_run_id: string | null;
}

/** `MODEL`: asked questions. `HEURISTIC`: the built-in offline judge. `RULE`: computed from the trace. `PERSON` and `PROGRAM`: given. `UNKNOWN`: by a run that was deleted. */
export type JudgementSource = "MODEL" | "HEURISTIC" | "RULE" | "PERSON" | "PROGRAM" | "UNKNOWN";

/** How the votes of a jury are combined. `mean`: the mean of their values. `majority`: 1 if more of them pass the threshold than miss it, otherwise 0, even for a tie. `unanimous`: 1 if all of them pass, otherwise 0. */
export type JuryAggregate = "mean" | "majority" | "unanimous";

/** `ingest`: write and delete traces and spans. `read`: read everything in a project. `evaluate`: create and change runs, scores and monitors. `admin`: manage keys, read the audit log, delete projects. */
export type KeyScope = "ingest" | "read" | "evaluate" | "admin";

/** How a trace or session was chosen for a person to score. */
export type LabelSelection = "random" | "targeted" | "correction";

/** What the figures leave out, and why. */
export interface LabelsLeftOut {
  /** Scores of traces that people picked for a reason. */
  targeted: number;
  /** Judge's scores that people changed. */
  corrections: number;
  /** Traces that as many people pass as fail. */
  ties: number;
  /** Traces that no judge scored. */
  without_judge: number;
  /** Scores without a number: categories, and judges that failed. */
  without_value: number;
  /** Traces in which the judge found nothing to judge. */
  not_applicable: number;
}

/** 1 if the trace took no longer. A trace that has not ended is not applicable. */
export interface LatencyMetric {
  kind: "latency";
  /** One sentence for people. Default: made from the kind. */
  description?: string | null | undefined;
  /** In milliseconds. */
  max_ms: number;
  /** A score at or above it is a success, unless the run sets another threshold. Default: 0.5. */
  threshold?: number | null | undefined;
}

/** The query of `listApiKeys`. */
export interface ListApiKeysQuery {
  /**
   * Page size, 1 to 200. Default: 50.
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
   * Page size, 1 to 200. Default: 50.
   * @defaultValue `50`
   */
  limit?: number | undefined;
  /**
   * How many items to skip.
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

/** The query of `listMetricVersions`. */
export interface ListMetricVersionsQuery {
  /**
   * Page size, 1 to 200. Default: 50.
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
   * Page size, 1 to 200. Default: 50.
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
   * Page size, 1 to 200. Default: 50.
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
   * Page size, 1 to 200. Default: 50.
   * @defaultValue `50`
   */
  limit?: number | undefined;
  /**
   * How many items to skip.
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

/** The query of `listReviewItems`. */
export interface ListReviewItemsQuery {
  status?: ReviewItemStatus | undefined;
  /** Only items that this reviewer claimed, completed or skipped. */
  reviewer?: string | undefined;
  /**
   * Page size, 1 to 200. Default: 50.
   * @defaultValue `50`
   */
  limit?: number | undefined;
  /**
   * How many items to skip.
   * @defaultValue `0`
   */
  offset?: number | undefined;
}

/** The query of `listReviewQueues`. */
export interface ListReviewQueuesQuery {
  /**
   * Page size, 1 to 200. Default: 50.
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
   * Page size, 1 to 200. Default: 50.
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
  /** Of exactly these sessions, up to 100. */
  session_ids?: string[] | undefined;
  /** The name of the scores. */
  name?: string | undefined;
  status?: ScoreStatus | undefined;
  source?: ScoreSource | undefined;
  /** Scores by exactly this judge, as `provider/model`, alone or in a jury. Scores of a deleted run have no judge. */
  model?: string | undefined;
  /** Scores of this run. */
  eval_run_id?: string | undefined;
  /** Of traces with exactly this release. */
  release?: string | undefined;
  /** Of traces in exactly this environment. */
  environment?: string | undefined;
  /** Of traces with at least one of these tags. */
  tags?: string[] | undefined;
  /** Of traces of exactly this user. */
  user_id?: string | undefined;
  /** Of traces with this in their name, case-insensitive, without wildcards. */
  trace_name?: string | undefined;
  /** Scores by exactly this author. */
  author_user_id?: string | undefined;
  /** NUMERIC scores of at least this value. */
  value_min?: number | undefined;
  /** NUMERIC scores below this value. */
  value_max?: number | undefined;
  /** Leaves out scores for which there is a preferred one with the same name, of the same trace or session. Default: none is left out. */
  prefer?: ScorePreference | undefined;
  /** Returns only one score per name of each trace or session: the newest. With `prefer`, the preferred score that was given or changed last comes before newer ones. Other filters apply to the remaining scores. Default: false. */
  latest?: boolean | undefined;
  /** Created at or after this time. */
  date_from?: string | undefined;
  /** Created before this time. */
  date_to?: string | undefined;
  /**
   * Page size, 1 to 200. Default: 50.
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
  /** `true`: sessions with a matching trace of status ERROR. `false`: sessions without one. */
  has_error?: boolean | undefined;
  started_after?: string | undefined;
  started_before?: string | undefined;
  /** Of traces with exactly this release. */
  release?: string | undefined;
  /** Of traces in exactly this environment. */
  environment?: string | undefined;
  /** Of traces with at least one of these tags. */
  tags?: string[] | undefined;
  /** Of traces of exactly this user. */
  user_id?: string | undefined;
  /** Of traces with this in their name, case-insensitive, without wildcards. */
  trace_name?: string | undefined;
  source?: ScoreSource | undefined;
  /** Scores by exactly this judge, as `provider/model`, alone or in a jury. Scores of a deleted run have no judge. */
  model?: string | undefined;
  /** Scores of this run. */
  eval_run_id?: string | undefined;
  /** A part of the session's id, case-insensitive. */
  query?: string | undefined;
  /** @defaultValue `"recent"` */
  sort_by?: SessionSortBy | undefined;
  /** @defaultValue `"desc"` */
  sort_order?: SortOrder | undefined;
  /**
   * Page size, 1 to 200. Default: 50.
   * @defaultValue `50`
   */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page: continues after its last item, whatever was stored meanwhile, and is equally fast on every page. Filters and order must be those of that page. */
  cursor?: string | undefined;
  /**
   * How many items to skip, after `cursor` if it is given.
   * @defaultValue `0`
   */
  offset?: number | undefined;
  /**
   * Whether to count the matching items, which is slow in a large project. If `false`, `total` is the number of items up to the end of this page, plus one if there are more.
   * @defaultValue `true`
   */
  total?: boolean | undefined;
}

/** The query of `listSpanScores`. */
export interface ListSpanScoresQuery {
  trace_id?: string | undefined;
  span_id?: string | undefined;
  /** The name of the scores. */
  name?: string | undefined;
  data_type?: ScoreDataType | undefined;
  source?: "ANNOTATION" | "PROGRAMMATIC" | undefined;
  /** Scores by exactly this author. */
  author_user_id?: string | undefined;
  /** Created at or after this time. */
  date_from?: string | undefined;
  /** Created before this time. */
  date_to?: string | undefined;
  /**
   * Page size, 1 to 200. Default: 50.
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
  /** The `next_cursor` of the previous page. */
  cursor?: string | undefined;
  /**
   * Page size, 1 to 500. Default: 100.
   * @defaultValue `100`
   */
  limit?: number | undefined;
}

/** The query of `listTraceRuns`. */
export interface ListTraceRunsQuery {
  status?: EvaluationStatus | undefined;
  /**
   * Page size, 1 to 200. Default: 50.
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
  /** Of these traces, up to 100. */
  trace_ids?: string[] | undefined;
  data_type?: ScoreDataType | undefined;
  /** The name of the scores. */
  name?: string | undefined;
  status?: ScoreStatus | undefined;
  source?: ScoreSource | undefined;
  /** Scores by exactly this judge, as `provider/model`, alone or in a jury. Scores of a deleted run have no judge. */
  model?: string | undefined;
  /** Scores of this run. */
  eval_run_id?: string | undefined;
  /** Of traces with exactly this release. */
  release?: string | undefined;
  /** Of traces that were in exactly this environment when the score was created. */
  environment?: string | undefined;
  /** Of traces with at least one of these tags. */
  tags?: string[] | undefined;
  /** Of traces of exactly this user. */
  user_id?: string | undefined;
  /** Of traces with this in their name, case-insensitive, without wildcards. */
  trace_name?: string | undefined;
  /** Scores by exactly this author. */
  author_user_id?: string | undefined;
  /** NUMERIC scores of at least this value. */
  value_min?: number | undefined;
  /** NUMERIC scores below this value. */
  value_max?: number | undefined;
  /** Leaves out scores for which there is a preferred one with the same name, of the same trace or session. Default: none is left out. */
  prefer?: ScorePreference | undefined;
  /** Returns only one score per name of each trace or session: the newest. With `prefer`, the preferred score that was given or changed last comes before newer ones. Other filters apply to the remaining scores. Default: false. */
  latest?: boolean | undefined;
  /** Created at or after this time. */
  date_from?: string | undefined;
  /** Created before this time. */
  date_to?: string | undefined;
  /**
   * Page size, 1 to 200. Default: 50.
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
   * Page size, 1 to 200. Default: 50.
   * @defaultValue `50`
   */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page: continues after its last item, whatever was stored meanwhile, and is equally fast on every page. Filters and order must be those of that page. */
  cursor?: string | undefined;
  /**
   * How many items to skip, after `cursor` if it is given.
   * @defaultValue `0`
   */
  offset?: number | undefined;
  /**
   * Whether to count the matching items, which is slow in a large project. If `false`, `total` is the number of items up to the end of this page, plus one if there are more.
   * @defaultValue `true`
   */
  total?: boolean | undefined;
}

/** The query of `listTraces`. */
export interface ListTracesQuery {
  session_id?: string | undefined;
  status?: TraceStatus | undefined;
  user_id?: string | undefined;
  /** Traces with at least one of these tags. */
  tags?: string[] | undefined;
  /** A part of the name, case-insensitive. */
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
   * Page size, 1 to 200. Default: 50.
   * @defaultValue `50`
   */
  limit?: number | undefined;
  /** The `next_cursor` of the previous page: continues after its last item, whatever was stored meanwhile, and is equally fast on every page. Filters and order must be those of that page. */
  cursor?: string | undefined;
  /**
   * How many items to skip, after `cursor` if it is given.
   * @defaultValue `0`
   */
  offset?: number | undefined;
  /**
   * Whether to count the matching items, which is slow in a large project. If `false`, `total` is the number of items up to the end of this page, plus one if there are more.
   * @defaultValue `true`
   */
  total?: boolean | undefined;
}

/** A value of a scale. */
export interface MetricAnchor {
  value: number;
  /** What a trace with this value is like. */
  text: string;
}

/** The scores of one metric, compared. */
export interface MetricComparison {
  metric: string;
  verdict: ComparisonVerdict;
  /** The result in a sentence. */
  summary: string;
  /** Cases with scores on both sides. `null` if unpaired. */
  pair_count: number | null;
  /** Sessions that vary independently; if unpaired, those of the side with fewer. */
  session_count: number;
  a: SideFigures;
  b: SideFigures;
  /** The mean of `b` minus that of `a`. */
  difference: number | null;
  /** Of the difference. It is only descriptive; the p-value decides. */
  ci: Interval | null;
  /** How often chance alone makes a difference this large, in either direction: whole sessions change sides at random. */
  p_value: number | null;
  /** The same, after Holm's adjustment for several metrics. */
  p_adjusted: number | null;
  /** McNemar's exact test of passed against failed, if each session has one pair. */
  mcnemar_p: number | null;
  /** Cases that score higher in `b`. `null` if unpaired. */
  wins: number | null;
  /** Cases that score lower in `b`. */
  losses: number | null;
  ties: number | null;
  /** The smallest difference that this many sessions detect in 80 % of comparisons. */
  detectable_difference: number | null;
  /** The cases that got worse, up to 20, worst first. */
  regressions: Regression[];
}

export interface MetricCriterion {
  /** Identifies the criterion in the score's metadata. */
  id: string;
  /** A yes-or-no question; yes is good. */
  question: string;
  /** Its share of the score, relative to the other weights. Default: 1. */
  weight?: number | null | undefined;
  /** Whether a no limits the score to 0, or to `cap`. Default: false. */
  required?: boolean | null | undefined;
}

/** A metric of your own, at most 32000 bytes of JSON. `checklist` and `scale` ask a judge; the other kinds read the trace, ask nothing and cost nothing. */
export type MetricDefinition = ChecklistMetric | ScaleMetric | ToolSequenceMetric | ExactMatchMetric | ContainsMetric | JsonSchemaMetric | LatencyMetric | CostMetric | NoErrorsMetric;

export interface MetricInfo {
  /** The name to use in `metrics`. */
  name: string;
  description: string;
  /** `trace` or `session`. */
  category: string;
  /** A score at or above it is a success, unless the run sets another threshold. */
  default_threshold: number;
  prompt_preview: PromptPreview[];
}

export interface MetricListItem {
  /** The name to use in `metrics`. */
  name: string;
  description: string;
  /** `trace` or `session`: in which runs it works. */
  category: string;
  /** A score at or above it is a success, unless the run sets another threshold. */
  default_threshold: number;
  /** Whether it comes with the server. If not, it is the project's own. */
  built_in: boolean;
  /** The kind of its definition. `null` for a built-in metric. */
  kind: string | null;
  /** The judge that its definition names, as `provider/model`. `null`: that of the run. */
  model: string | null;
  /** Its latest version. `null` for a built-in metric. */
  version: number | null;
  /** When its latest version was created. `null` for a built-in metric. */
  updated_at: string | null;
}

export interface MetricResponse {
  /** The name to use in `metrics`. */
  name: string;
  description: string;
  /** `trace` or `session`: in which runs it works. */
  category: string;
  /** A score at or above it is a success, unless the run sets another threshold. */
  default_threshold: number;
  /** Whether it comes with the server. If not, it is the project's own. */
  built_in: boolean;
  /** The kind of its definition. `null` for a built-in metric. */
  kind: string | null;
  /** The judge that its definition names, as `provider/model`. `null`: that of the run. */
  model: string | null;
  /** Its latest version. `null` for a built-in metric. */
  version: number | null;
  /** When its latest version was created. `null` for a built-in metric. */
  updated_at: string | null;
  /** `null` for a built-in metric. */
  definition: MetricDefinition | null;
  /** `null` for a built-in metric. */
  created_at: string | null;
}

export interface MetricSummary {
  /** The name to use in `metrics`. */
  name: string;
  description: string;
  /** `trace` or `session`. */
  category: string;
}

export interface MetricTrial {
  name: string;
  /** 0 for a draft, `null` for a built-in metric. */
  version: number | null;
  /** The judge, as `provider/model`. `null` if the metric asks none. */
  model: string | null;
  /** In the order of the request, each target once. */
  results: MetricTrialResult[];
}

/** The result of a metric for a trace or a session. */
export interface MetricTrialResult {
  /** `null` for a session. */
  trace_id: string | null;
  /** `null` for a trace. */
  session_id: string | null;
  /** FAILED if there is no score; `reason` then says why. */
  status: ScoreStatus;
  /** As that of a score. */
  value: string | null;
  reason: string | null;
  /** As that of a score: the answers, the threshold, whether it passed, the judge. */
  metadata: Record<string, unknown>;
  usage: RunUsage;
}

/** A version of a metric of your own. */
export interface MetricVersion {
  /** Counts the changes of the definition, from 1. */
  version: number;
  definition: MetricDefinition;
  created_at: string;
}

export interface MetricVersionPage {
  items: MetricVersion[];
  /** The number of matching items on all pages. */
  total: number;
  limit: number;
  offset: number;
}

/** The limits of a model, for all processes together. */
export interface ModelLimit {
  /** `provider/model`, or a provider for all its models together. */
  model: string;
  /** Calls at once. `null`: no limit. */
  concurrency: number | null;
  /** `null`: no limit. */
  requests_per_minute: number | null;
  /** `null`: no limit. */
  tokens_per_minute: number | null;
}

export interface ModelPrice {
  model: string;
  /** USD per million tokens. */
  input_usd_per_mtok: number;
  /** USD per million tokens. */
  output_usd_per_mtok: number;
  /** `true`: from `JUDGE_PRICES`. `false`: a list price that the server knows. */
  is_configured: boolean;
}

export interface MonitorPage {
  items: MonitorResponse[];
  /** The number of matching items on all pages. */
  total: number;
  limit: number;
  offset: number;
}

/** A recurring evaluation. */
export interface MonitorResponse {
  id: string;
  project_id: string;
  name: string;
  /** `TRACE` or `SESSION`. */
  target_type: string;
  metric_names: string[];
  /** As given, including signal weights. */
  filters: Record<string, unknown>;
  sampling_rate: number;
  /** As given. `null`: the server's default, or a jury. */
  model: string | null;
  /** How often its runs judge each question. */
  repeats: number;
  /** The jury of its runs, as given. `null`: one judge. */
  judges: string[] | null;
  /** How the jury's votes are combined. `null` without a jury. */
  aggregate: JuryAggregate | null;
  /** The most each of its runs may cost, in USD. `null`: no limit. */
  max_cost_usd: number | null;
  cadence: string;
  timezone: string;
  only_if_changed: boolean;
  /** `ACTIVE` or `PAUSED`. */
  status: string;
  /** When it last created a run, by a tick or a trigger. */
  last_run_at: string | null;
  /** That run. `null` once it is deleted. */
  last_run_id: string | null;
  /** When it fires next. `null` while it is paused. */
  next_run_at: string | null;
  /** The shortest time between two ticks that the server allows, if the cadence asks for a shorter one. `null`: it fires as its cadence says. */
  stretched_to_seconds: number | null;
  created_at: string;
  updated_at: string;
}

export type MonitorStatus = "ACTIVE" | "PAUSED";

/** 1 if neither the trace nor one of its spans ended in an error. */
export interface NoErrorsMetric {
  kind: "no_errors";
  /** One sentence for people. Default: made from the kind. */
  description?: string | null | undefined;
  /** A score at or above it is a success, unless the run sets another threshold. Default: 0.5. */
  threshold?: number | null | undefined;
}

/** How many traces pass. */
export interface PassRates {
  /** Of all traces that the judge scored. */
  judge: number | null;
  /** How many these are. */
  judged_count: number;
  /** The rate that people would find: the judge's, corrected for its errors. `null` for a judge that is no better than chance. */
  corrected: number | null;
  /** Of the corrected rate. */
  ci: Interval | null;
}

/** A person's score. */
export interface PersonOpinion {
  score_id: string;
  value: number;
  /** Its first 500 characters. */
  reason: string | null;
  author_user_id: string | null;
}

/** An error, as RFC 9457 describes it. */
export interface Problem {
  /** A URI that identifies the kind of problem. */
  type: string;
  /** The kind of problem, the same for every occurrence. */
  title: string;
  /** The HTTP status. */
  status: number;
  /** What went wrong this time, and what to do about it. */
  detail: string;
  /** A stable code for programs, such as `unknown_metric`. */
  code: string;
  /** The invalid fields, if there are any. */
  errors?: ProblemError[] | undefined;
  /** Also in the `X-Request-ID` header. Quote it in reports. */
  request_id: string;
}

export interface ProblemError {
  /** Where: `["body", "metrics", 0]`, `["query", "limit"]`, `["path", "run_id"]`. */
  loc: (string | number)[];
  /** What is wrong, for people. */
  msg: string;
  /** What is wrong, for programs. */
  type: string;
}

/** The quotas of a project without quotas of its own. `GET /projects/{name}/usage` shows those of one. */
export interface ProjectDefaults {
  /** `null`: no limit. */
  traces: number | null;
  /** `null`: no limit. */
  bytes: number | null;
  /** `null`: no limit. */
  monitors: number | null;
  /** `null`: no limit. */
  runs_per_day: number | null;
  /** `null`: no limit. */
  usd_per_day: number | null;
  /** The shortest time between two ticks of a monitor. */
  monitor_gap_seconds: number;
  /** Runs that all monitors of a project may start. `null`: no limit. */
  monitor_runs_per_minute: number | null;
}

export interface ProjectListItem {
  id: string;
  name: string;
  created_at: string;
  /** The number of traces. */
  traces: number;
  /** When its latest trace started. `null` if it has none. */
  last_trace_at: string | null;
}

export interface ProjectPage {
  items: ProjectListItem[];
  /** The number of matching items on all pages. */
  total: number;
  limit: number;
  offset: number;
}

/** The usage and the quotas of a project. */
export interface ProjectUsage {
  project: string;
  /** Stored traces. */
  traces: QuotaUsage;
  /** Bytes of JSON and text in these traces and their spans, and in their messages from `/v1/logs` of the last 24 hours. */
  bytes: QuotaUsage;
  /** Monitors, including paused ones. */
  monitors: QuotaUsage;
  /** Runs created since midnight UTC, including deleted ones. */
  runs_today: QuotaUsage;
  /** The cost of judge calls since midnight UTC, in USD. */
  usd_today: QuotaUsage;
  /** What open runs with a `max_cost_usd`, and metrics being tried, may still spend, in USD. */
  usd_committed: number;
  /** The next midnight UTC, when `runs_today` and `usd_today` restart at 0. */
  resets_at: string;
}

export interface PromptPreview {
  /** The stage of the metric that this prompt belongs to. */
  stage: string;
  /** The prompt, rendered with placeholder data. */
  prompt: string;
}

export interface ProviderInfo {
  /** The part before the slash in `provider/model`. */
  key: string;
  name: string;
  description: string;
  available: boolean;
  /** If it is not available: the missing environment variable. */
  message: string;
}

/** The usage of one quota. */
export interface QuotaUsage {
  used: number;
  /** `null`: no limit. */
  limit: number | null;
}

/** One side of a case that got worse. */
export interface RegressedScore {
  /** The mean of the case's scores on this side. */
  value: number;
  score_count: number;
  /** The case's lowest score in `b`, its highest in `a`. */
  score_id: string;
  trace_id: string;
  session_id: string | null;
  /** Its first 500 characters. */
  reason: string | null;
}

/** A case that scores lower in `b` than in `a`. */
export interface Regression {
  /** The value that pairs the traces, up to 200 characters. `null` if that is their input. */
  case: string | null;
  /** b − a. */
  difference: number;
  a: RegressedScore;
  b: RegressedScore;
}

export interface ReleaseReviewItemRequest {
  /** Who reviews: any label, such as an email address. It becomes the author of the scores. */
  reviewer: string;
}

export interface RequestLimits {
  /** Runs that a key may create, on each route that creates runs. */
  runs_per_minute: number;
  /** How often a key may trigger monitors. */
  triggers_per_minute: number;
  /** A key's other requests. `null`: no limit. */
  requests_per_minute: number | null;
  /** The largest request body. */
  body_bytes: number;
  /** The most JSON values in a request body. */
  body_values: number;
}

/** After how many days the server deletes data by itself. */
export interface Retention {
  /** Judges' answers, for reuse. Scores are kept regardless. */
  judge_answers_days: number;
  audit_log_days: number;
}

export interface RetryEvalRunRequest {
  /** Default: `Retry: <name or id of the original>`. */
  name?: string | null | undefined;
  /** Another judge, as `provider/model`. Default: the judge or the jury of the original. */
  model?: string | null | undefined;
  /** How often each question is judged. Default: as often as in the original. */
  repeats?: number | null | undefined;
  /** Another jury, as `provider/model`. Default: the judge or the jury of the original. */
  judges?: string[] | null | undefined;
  /** How the votes of the jury are combined. Default: as in the original, otherwise `mean`. */
  aggregate?: JuryAggregate | null | undefined;
  /** The most the new run may cost, in USD, regardless of the cost of the original. `null`: no limit. Default: the limit of the original. */
  max_cost_usd?: number | null | undefined;
  /** Call the judge again for questions it has answered before in this project. These calls cost money again. To see how much its judgment varies, use `repeats`. Default: false. */
  fresh?: boolean | null | undefined;
}

/** A value, and what it means. */
export interface ReviewChoice {
  /** As in a score. */
  value: string;
  label: string;
}

/** The next item of a reviewer. */
export interface ReviewClaim {
  /** `null`: there is nothing to claim now. */
  item: ClaimedReviewItem | null;
  /** Why there is nothing to claim. */
  note: string | null;
  /** When the first claim of another reviewer ends, if there may be an item for this reviewer then. */
  retry_at: string | null;
  progress: ReviewerProgress;
}

/** A trace or session of a queue. */
export interface ReviewItem {
  id: string;
  queue_id: string;
  /** From 1, in the order of the queue. */
  position: number;
  /** `null` for a session. */
  trace_id: string | null;
  /** `null` for a trace. */
  session_id: string | null;
  status: ReviewItemStatus;
  /** By reviewer. */
  reviews: ItemReview[];
}

export interface ReviewItemPage {
  items: ReviewItem[];
  /** The number of matching items on all pages. */
  total: number;
  limit: number;
  offset: number;
}

/** COMPLETED: enough people have completed it. Otherwise CLAIMED: a reviewer has claimed it. SKIPPED: a reviewer has skipped it, and it waits for another one. OPEN: it waits for a reviewer. */
export type ReviewItemStatus = "OPEN" | "CLAIMED" | "SKIPPED" | "COMPLETED";

/** What reviewers score. */
export interface ReviewMetricRequest {
  /** A metric of the queue's targets, built-in or your own; with `data_type`, any label. */
  name: string;
  /** Makes the name a label of your own. Scores of metrics are NUMERIC. Default: NUMERIC, and the name must be a metric's. */
  data_type?: ScoreDataType | undefined;
  /** The values of a CATEGORICAL label. Required for it, and rejected for other labels. */
  choices?: string[] | undefined;
}

/** `random`: drawn by the seed, each as likely as any other. `disagreement`: those on which judges, votes of a jury or repeats differ most come first. `uncertainty`: those whose newest judge's value is nearest to the threshold come first; the standard deviation of its repeats is subtracted from the distance. Labels of a random queue are `random`, those of the others `targeted`. */
export type ReviewOrder = "random" | "disagreement" | "uncertainty";

export interface ReviewQueuePage {
  items: ReviewQueueSummary[];
  /** The number of matching items on all pages. */
  total: number;
  limit: number;
  offset: number;
}

/** Traces or sessions for people to score. */
export interface ReviewQueueResponse {
  id: string;
  name: string;
  target_type: "TRACE" | "SESSION";
  metrics: ReviewedMetric[];
  /** The run that it was drawn from. `null` without a run, and after the run is deleted. */
  run_id: string | null;
  /** As they were sent. */
  filters: EvalRunFilters;
  order: ReviewOrder;
  seed: number;
  reviewers_per_item: number;
  blind: boolean;
  claim_seconds: number;
  /** `null`: it is open. */
  closed_at: string | null;
  /** All items: completed, claimed, skipped, and open ones. */
  item_count: number;
  /** Items that enough people have completed. */
  completed_count: number;
  /** Items that are not completed, and that a reviewer has claimed. */
  claimed_count: number;
  /** Items that a reviewer skipped, and that are neither completed nor claimed. */
  skipped_count: number;
  /** All items that are not completed. */
  remaining_count: number;
  created_at: string;
  updated_at: string;
  /** The people who completed or skipped items, sorted by name. */
  reviewers: ReviewerProgress[];
}

export interface ReviewQueueSummary {
  id: string;
  name: string;
  target_type: "TRACE" | "SESSION";
  metrics: ReviewedMetric[];
  /** The run that it was drawn from. `null` without a run, and after the run is deleted. */
  run_id: string | null;
  /** As they were sent. */
  filters: EvalRunFilters;
  order: ReviewOrder;
  seed: number;
  reviewers_per_item: number;
  blind: boolean;
  claim_seconds: number;
  /** `null`: it is open. */
  closed_at: string | null;
  /** All items: completed, claimed, skipped, and open ones. */
  item_count: number;
  /** Items that enough people have completed. */
  completed_count: number;
  /** Items that are not completed, and that a reviewer has claimed. */
  claimed_count: number;
  /** Items that a reviewer skipped, and that are neither completed nor claimed. */
  skipped_count: number;
  /** All items that are not completed. */
  remaining_count: number;
  created_at: string;
  updated_at: string;
}

/** What a queue is drawn from. Default: all traces or sessions. */
export interface ReviewSource {
  /** Only the targets of this run, which must have ended. */
  run_id?: string | undefined;
  /** Only these traces, or sessions with such a trace. */
  filters?: EvalRunFilters | undefined;
}

/** The judge's verdict on a metric, and whether the reviewer agrees. */
export interface ReviewVerdict {
  name: string;
  /** `null` if no judge scored it. */
  judge: JudgeOfReview | null;
  /** Whether judge and reviewer both pass it, both fail it, or name the same category. `null` if either is missing. */
  agrees: boolean | null;
}

/** What reviewers score, as it was when the queue was created. */
export interface ReviewedMetric {
  name: string;
  data_type: ScoreDataType;
  /** Of the metric. `null` for a label of your own. */
  description: string | null;
  /** A value at or above it is a pass. `null` for CATEGORICAL. */
  threshold: number | null;
  /** For CATEGORICAL, the values that a score may have. For a scale, its anchors; a score may lie between them. `null`: any value of the type. */
  choices: ReviewChoice[] | null;
}

/** A reviewer's score as it is stored. */
export interface ReviewedScore {
  score_id: string;
  name: string;
  data_type: ScoreDataType;
  value: string;
  reason: string | null;
}

export interface ReviewerProgress {
  reviewer: string;
  completed_count: number;
  skipped_count: number;
  /** Items that this reviewer has neither completed nor skipped and that need reviewers. */
  remaining_count: number;
}

export interface RotateApiKeyRequest {
  /**
   * How long the old key keeps working: up to 30 days. Default: a day.
   * @defaultValue `86400`
   */
  overlap_seconds?: number | undefined;
}

/** The expected calls and cost of a run. With many targets, it is extrapolated from a random sample. */
export interface RunEstimate {
  /** How many targets the run would have. */
  targets: number;
  /** Calls to models that the run would make without retries. */
  calls: number;
  /** Calls it would not make because their answers are already stored. */
  cached_calls: number;
  /** `high` is the most that a provider can count for the prompts. */
  input_tokens: TokenRange;
  /** `high` assumes that each call reaches its output limit. */
  output_tokens: TokenRange;
  /** `null` if the price of a model that it would call is unknown. */
  cost_usd: UsdRange | null;
}

/** What a run has used so far. The heuristic judge is free. */
export interface RunUsage {
  /** Calls to models, including retries. */
  calls: number;
  /** Calls that were not made because their answers were already stored. */
  cached_calls: number;
  /** As counted by the providers. */
  input_tokens: number;
  output_tokens: number;
  /** The cost of the calls. A call in flight, or whose result is unknown, counts at its highest cost. `null` if the price of a model is unknown. */
  cost_usd: number | null;
}

/** A model that is down or rate-limits the server. The run continues by itself once the model answers again. */
export interface RunWait {
  /** The model that the run waits for, as `provider/model`. */
  model: string;
  /** What is wrong with the model, in words. */
  reason: string;
  /** When the model is called again. `null` while a probe call checks whether it is back. */
  until: string | null;
}

/** A judge gives one value on a scale. */
export interface ScaleMetric {
  kind: "scale";
  /** What it judges: single traces, or whole sessions. Default: TRACE. */
  target?: "TRACE" | "SESSION" | null | undefined;
  /** One sentence for people. Default: made from the kind. */
  description?: string | null | undefined;
  /** What the judge should rate. */
  instructions: string;
  /** At least two values, each with what it means. The lowest becomes the score 0, the highest 1. */
  anchors: MetricAnchor[];
  /** Where in the trace's metadata the judge finds what to compare with, such as the expected answer: a key, or keys joined by dots (`expected.answer`). A trace without it is not applicable. Only with the target TRACE. */
  reference?: string | null | undefined;
  /** Its judge as `provider/model`, unless a run names another one or a jury. Default: that of the run. */
  model?: string | null | undefined;
  /** A score at or above it is a success, unless the run sets another threshold. Default: 0.5. */
  threshold?: number | null | undefined;
}

export type ScoreDataType = "NUMERIC" | "BOOLEAN" | "CATEGORICAL";

export interface ScoreDistributionItem {
  group?: ScoreGroup | undefined;
  /** The number of the bucket, from 1. */
  bucket: number;
  /** Inclusive. */
  bucket_min: number;
  /** Exclusive, except in the last bucket, which includes 1. */
  bucket_max: number;
  count: number;
}

/** The scores that a row is about. Only with `group_by`. */
export interface ScoreGroup {
  /** `null`: the scores without a value, or those of all other groups. */
  value: string | null;
  /** `true`: all groups except the 20 with the most scores, together. */
  is_other: boolean;
}

/** What scores are grouped by: a field of their trace, their judge, their source or their run. */
export type ScoreGroupBy = "release" | "environment" | "tags" | "user_id" | "trace_name" | "model" | "source" | "eval_run_id";

/** What a judge was asked for a score, and what it answered. */
export interface ScoreJudgement {
  score_id: string;
  by: JudgementSource;
  /** Why there are no questions. `null` if there are. */
  note: string | null;
  /** The models that judged, as `provider/model`: more than one for a jury. */
  judges: string[];
  /** How often each of them judged. */
  repeats: number;
  /** The model that these questions were for. */
  model: string | null;
  /** The repeat that these questions belong to, from 1. */
  repeat: number | null;
  /** Whether the trace changed after it was judged. */
  stale: boolean;
  /** In the order asked, the first 50. A question that depends on an answer that is no longer stored is left out. */
  questions: JudgeQuestion[];
}

/** Puts scores by people before newer ones by judges and programs. `person`: an ANNOTATION with an `author_user_id`, or a value that a person changed. `annotation`: every ANNOTATION. Applies only while the trace or session has not changed since. */
export type ScorePreference = "person" | "annotation";

/** Who gave the score: a run (AUTOMATED), a person (ANNOTATION) or a program (PROGRAMMATIC). */
export type ScoreSource = "AUTOMATED" | "ANNOTATION" | "PROGRAMMATIC";

export type ScoreStatus = "SUCCESS" | "FAILED" | "PENDING";

export interface ScoreSummaryItem {
  metric_name: string;
  group?: ScoreGroup | undefined;
  /** `null` if no NUMERIC score succeeded. */
  avg_score: number | null;
  min_score: number | null;
  max_score: number | null;
  /** Exact. For an even number of scores, the mean of the middle two. */
  median_score: number | null;
  /** Successful scores with this name, of any data type. */
  success_count: number;
  /** Failed scores with this name. */
  failed_count: number;
  /** Graded scores that reached their threshold. */
  pass_count: number;
  /** Applicable scores with a threshold. `pass_count / graded_count` is the pass rate. */
  graded_count: number;
  /** Scores that had nothing to judge. Of all figures, only `success_count` includes them. */
  not_applicable_count: number;
  /** When the newest score with this name was created, with any status. */
  latest_score_at: string | null;
}

export interface ScoreTrendItem {
  /** When the hour, day or week begins. */
  bucket: string | null;
  metric_name: string;
  group?: ScoreGroup | undefined;
  avg_score: number;
  /** The number of scores in the mean. */
  count: number;
}

export interface ServerSettings {
  version: string;
  judge: JudgeDefaults;
  providers: ProviderInfo[];
  model_limits: ModelLimit[];
  /** A budget or a daily limit needs the price of each model that it covers. */
  prices: ModelPrice[];
  requests: RequestLimits;
  projects: ProjectDefaults;
  retention: Retention;
  /** The names of the rules that hide parts of traces and scores before they are stored. */
  masking_rules: string[];
}

/** The sessions with a trace that started in this bucket. All their traces count. */
export interface SessionAnalyticsBucket {
  /** When the bucket begins, in UTC. */
  bucket: string;
  session_count: number;
  avg_traces_per_session: number | null;
  /** From the start of the first trace of a session to the last end of a trace. */
  avg_session_duration_ms: number | null;
}

export interface SessionComparisonItem {
  session_id: string;
  score: number | null;
  evaluated_at: string | null;
  /** The run that created it. `null` once that run is deleted. */
  eval_run_id: string | null;
}

export interface SessionComparisonPage {
  items: SessionComparisonItem[];
  /** The number of matching items on all pages. */
  total: number;
  limit: number;
  offset: number;
}

export interface SessionDeleteResponse {
  /** How many traces were deleted. */
  deleted: number;
}

export interface SessionDetail {
  session_id: string;
  trace_count: number;
  first_trace_at: string;
  /** The latest end of its traces, or the latest start if none has ended. */
  last_trace_at: string | null;
  /** The sum of its traces. */
  total_latency_ms: number | null;
  /** Whether one of its traces has status ERROR. */
  has_error: boolean;
  /** The user of its latest trace that has one. */
  user_id: string | null;
  /** The tags of all its traces, in alphabetical order: at most the first 100. */
  tags: string[];
  total_span_count: number;
  total_tokens: number;
  /** In USD: the sum of the known costs. */
  total_cost: number;
  /** LLM and EMBEDDING spans with a model or tokens whose cost is unknown. If there are any, `total_cost` is a lower bound. */
  unpriced_spans: number;
  /** One page of its traces, in start order. */
  traces: TraceResponse[];
}

/** Selects sessions with a trace that matches all filters of traces. The whole session is evaluated. */
export interface SessionEvalRunFilters {
  /** Sessions with a trace that started at or after this time. */
  date_from?: string | null | undefined;
  /** Sessions with a trace that started before this time. */
  date_to?: string | null | undefined;
  /** Sessions with a trace of exactly this user. */
  user_id?: string | null | undefined;
  /** `true`: sessions with a matching trace of status ERROR. `false`: sessions without one. */
  has_error?: boolean | null | undefined;
  /** Sessions with a trace that has at least one of these tags. */
  tags?: string[] | null | undefined;
  /** Sessions with a trace in exactly this environment. */
  environment?: string | null | undefined;
  /** Sessions with a trace of exactly this release. */
  release?: string | null | undefined;
  /** Sessions with a trace with this in its name, case-insensitive, without wildcards. */
  trace_name?: string | null | undefined;
  /** Sessions with at least this many matching traces. */
  min_trace_count?: number | null | undefined;
}

export interface SessionPage {
  items: SessionSummary[];
  /** The number of matching items on all pages. */
  total: number;
  limit: number;
  offset: number;
  /** The `cursor` of the next page. `null` on the last page. */
  next_cursor: string | null;
}

export interface SessionScoreHistoryItem {
  metric_name: string;
  /** `null` if the score failed, is not applicable, or is not NUMERIC. */
  score: number | null;
  /** The run that created it. `null` once that run is deleted. */
  eval_run_id: string | null;
  created_at: string | null;
  status: ScoreStatus;
}

export interface SessionScorePage {
  items: SessionScoreResponse[];
  /** The number of matching items on all pages. */
  total: number;
  limit: number;
  offset: number;
}

export interface SessionScoreResponse {
  id: string;
  session_id: string;
  project_id: string;
  /** The metric's name, or your own label. */
  name: string;
  data_type: ScoreDataType;
  /** As given. `null` if the score failed. */
  value: string | null;
  source: ScoreSource;
  status: ScoreStatus;
  /** The run that created it. `null` without a run, and once that run is deleted. */
  eval_run_id: string | null;
  /** Who gave the score, according to its sender. It is a label that the server does not check. */
  author_user_id: string | null;
  /** Why it has this value, or why it failed. */
  reason: string | null;
  /** Whether a trace of the session was changed, added or deleted after the session was judged. `false` if that is unknown. */
  stale: boolean;
  /** What the judge had said, if a person changed the score. `null` for any other score. */
  judged: JudgedScore | null;
  /** The findings behind the score: the risks of each trace, `signal_weights`, `flagged_traces`, `threshold` and `success`, and `failed_signals` if some could not be computed. */
  metadata: Record<string, unknown>;
  created_at: string;
  updated_at: string;
}

/** An earlier state of a session score. */
export interface SessionScoreRevision {
  score_id: string;
  /** 1 is the original score. Each change adds one. */
  revision: number;
  value: string | null;
  status: ScoreStatus;
  /** Who gave it. AUTOMATED: the judge of a run. */
  source: ScoreSource;
  /** The run that created the score. `null` without a run, and once that run is deleted. */
  eval_run_id: string | null;
  /** Who gave the score, according to its sender. It is a label that the server does not check. */
  author_user_id: string | null;
  reason: string | null;
  metadata: Record<string, unknown>;
  /** When this revision was set. */
  set_at: string;
  /** When it was replaced. */
  replaced_at: string;
}

export type SessionSortBy = "recent" | "trace_count" | "latency" | "cost";

/** A session, summed up over its traces or, in a filtered list, over those that match. */
export interface SessionSummary {
  session_id: string;
  trace_count: number;
  first_trace_at: string;
  /** The latest end of its traces, or the latest start if none has ended. */
  last_trace_at: string | null;
  /** The sum of its traces. */
  total_latency_ms: number | null;
  /** Whether one of its traces has status ERROR. */
  has_error: boolean;
  /** The user of its latest trace that has one. */
  user_id: string | null;
  /** The tags of all its traces, in alphabetical order: at most the first 100. */
  tags: string[];
  total_span_count: number;
  total_tokens: number;
  /** In USD: the sum of the known costs. */
  total_cost: number;
  /** LLM and EMBEDDING spans with a model or tokens whose cost is unknown. If there are any, `total_cost` is a lower bound. */
  unpriced_spans: number;
}

/** One side of a comparison. */
export interface SideFigures {
  /** Scores that the figures count. */
  score_count: number;
  mean: number | null;
  /** Of the scores that have a threshold. */
  pass_rate: number | null;
  /** Scores without a counterpart on the other side. No figure includes them. */
  unpaired_count: number;
  /** Scores with nothing to judge. No figure includes them. */
  not_applicable_count: number;
  /** Scores without a number: judges that failed, and categories. No figure includes them. */
  without_value_count: number;
}

export interface SignalWeights {
  confidence?: number | undefined;
  loop_detection?: number | undefined;
  tool_correctness?: number | undefined;
  coherence?: number | undefined;
}

export interface SkipReviewItemRequest {
  /** Who reviews: any label, such as an email address. It becomes the author of the scores. */
  reviewer: string;
  reason?: string | null | undefined;
}

export type SortOrder = "asc" | "desc";

/** One step of a trace: a model call, a tool call, a retrieval. */
export interface SpanCreate {
  /** Default: generated by the server. */
  span_id?: string | undefined;
  parent_span_id?: string | null | undefined;
  name: string;
  /** Default: OTHER. */
  kind?: SpanKind | undefined;
  /** Default: UNSET. */
  status?: SpanStatusCode | undefined;
  input?: unknown;
  output?: unknown;
  /** The model of an LLM or embedding call. */
  model?: string | null | undefined;
  /** `prompt_tokens` and `completion_tokens` (or `input_tokens` and `output_tokens`), or `total_tokens`. */
  token_usage?: Record<string, unknown> | null | undefined;
  /** Added to the metadata of an existing span, key by key. At most 1000000 bytes of JSON. If it is larger, its largest values are cut, with a mark, and the response has a warning. */
  metadata?: Record<string, unknown> | undefined;
  /** Spans are ordered by it to the nanosecond. Responses have milliseconds. */
  started_at: string;
  ended_at?: string | null | undefined;
  error?: string | null | undefined;
  /** When the first token arrived. */
  completion_start_time?: string | null | undefined;
  /** Temperature and other parameters. List the tools declared to the model under `tools`. */
  model_parameters?: Record<string, unknown> | null | undefined;
  /** In USD: `total`, or the parts to add up. Default: computed from the model and the tokens of an LLM or EMBEDDING span. */
  cost?: Record<string, number> | null | undefined;
}

export type SpanKind = "AGENT" | "TOOL" | "LLM" | "RETRIEVER" | "CHAIN" | "EMBEDDING" | "OTHER";

export interface SpanPage {
  /** In start order. */
  items: SpanResponse[];
  /** The `cursor` of the next page. `null` on the last page. */
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
  /** In USD. If the sender gave none and the model's price is known, it is computed, and `metadata.cost_source` is `price_table`. */
  cost: Record<string, number> | null;
  latency_ms: number | null;
  time_to_first_token_ms: number | null;
}

export interface SpanScorePage {
  items: SpanScoreResponse[];
  /** The number of matching items on all pages. */
  total: number;
  limit: number;
  offset: number;
}

export interface SpanScoreResponse {
  id: string;
  project_id: string;
  trace_id: string;
  span_id: string;
  name: string;
  data_type: ScoreDataType;
  /** As given. */
  value: string;
  source: "ANNOTATION" | "PROGRAMMATIC";
  /** Who gave the score, according to its sender. It is a label that the server does not check. */
  author_user_id: string | null;
  reason: string | null;
  metadata: Record<string, unknown>;
  created_at: string;
  updated_at: string;
}

export type SpanStatusCode = "UNSET" | "OK" | "ERROR";

/** Fields that are left out keep their value. `null` clears fields that can be null. */
export interface SpanUpdate {
  /** `null` changes nothing. */
  name?: string | null | undefined;
  /** `null` changes nothing. */
  kind?: SpanKind | null | undefined;
  /** `null` changes nothing. */
  status?: SpanStatusCode | null | undefined;
  input?: unknown;
  output?: unknown;
  model?: string | null | undefined;
  /** Replaces the stored value. */
  token_usage?: Record<string, unknown> | null | undefined;
  /** Added to the stored metadata, key by key. `null` changes nothing. */
  metadata?: Record<string, unknown> | null | undefined;
  ended_at?: string | null | undefined;
  error?: string | null | undefined;
  completion_start_time?: string | null | undefined;
  /** Replaces the stored value. */
  model_parameters?: Record<string, unknown> | null | undefined;
  /** Replaces the stored value. */
  cost?: Record<string, number> | null | undefined;
}

export interface SpansAccepted {
  /** One per given span, in the same order. */
  span_ids: string[];
  /** What was cut or dropped because it was too large, and which unknown fields were ignored. At most 20. Left out if everything was stored as given. */
  warnings?: string[] | undefined;
}

/** Tokens and cost of the traces that started in one bucket. */
export interface TokenCostBucket {
  /** When the bucket begins, in UTC. */
  bucket: string;
  total_tokens: number;
  /** Prompt or input tokens of the spans. */
  prompt_tokens: number;
  /** Completion or output tokens of the spans. */
  completion_tokens: number;
  /** In USD: the sum of the known costs. */
  total_cost: number;
  /** LLM and EMBEDDING spans with a model or tokens whose cost is unknown. If there are any, `total_cost` is a lower bound. */
  unpriced_spans: number;
}

/** An estimated number of tokens. */
export interface TokenRange {
  low: number;
  high: number;
}

/** 1 if the agent made the expected tool calls. */
export interface ToolSequenceMetric {
  kind: "tool_sequence";
  /** One sentence for people. Default: made from the kind. */
  description?: string | null | undefined;
  /** Where the trace's metadata hold the expected calls: `[{"name": "search", "arguments": {"query": "x"}}]`, or names alone. A trace without it is not applicable. */
  expected: string;
  /** `strict`: exactly these calls in this order. `unordered`: exactly these, in any order. `subset`: no other calls. `superset`: at least these. Default: strict. */
  match?: "strict" | "unordered" | "subset" | "superset" | null | undefined;
  /** `given`: the arguments of an expected call must be equal. `exact`: they must be equal, and there may be no others. `ignore`: only names count. Default: given. */
  arguments?: "given" | "exact" | "ignore" | null | undefined;
  /** Arguments that are not compared, in any call. */
  ignored_arguments?: string[] | null | undefined;
  /** A score at or above it is a success, unless the run sets another threshold. Default: 0.5. */
  threshold?: number | null | undefined;
}

export interface TopModel {
  model: string;
  /** Spans with this model. */
  call_count: number;
  total_tokens: number;
  /** In USD: the sum of the known costs. */
  total_cost: number;
  /** LLM and EMBEDDING spans with a model or tokens whose cost is unknown. If there are any, `total_cost` is a lower bound. */
  unpriced_spans: number;
}

/** The trace is stored and visible to every later request. */
export interface TraceAccepted {
  trace_id: string;
  task_id: string;
  /** What was cut or dropped because it was too large, and which unknown fields were ignored. At most 20. Left out if everything was stored as given. */
  warnings?: string[] | undefined;
}

/** One request to an agent, and what the agent did. */
export interface TraceCreate {
  /** Default: generated by the server. If a trace with this id exists, it is updated. */
  trace_id?: string | undefined;
  name: string;
  /** Default: COMPLETED. */
  status?: TraceStatus | undefined;
  input?: unknown;
  output?: unknown;
  /** Added to the metadata of an existing trace, key by key. At most 1000000 bytes of JSON. If it is larger, its largest values are cut, with a mark, and the response has a warning. */
  metadata?: Record<string, unknown> | undefined;
  started_at: string;
  ended_at?: string | null | undefined;
  /** The conversation that the trace is part of. */
  session_id?: string | null | undefined;
  user_id?: string | null | undefined;
  /** Added to the tags of an existing trace. The first 100 are kept. A warning says how many were dropped. */
  tags?: string[] | undefined;
  environment?: string | null | undefined;
  release?: string | null | undefined;
  /** Merged into the stored spans by `span_id`. */
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
  /** In USD: the sum of the known costs. */
  total_cost: number;
  /** LLM and EMBEDDING spans with a model or tokens whose cost is unknown. If there are any, `total_cost` is a lower bound. */
  unpriced_spans: number;
}

export interface TracePage {
  items: TraceListItem[];
  /** The number of matching items on all pages. */
  total: number;
  limit: number;
  offset: number;
  /** The `cursor` of the next page. `null` on the last page. */
  next_cursor: string | null;
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
  /** In USD: the sum of the known costs. */
  total_cost: number;
  /** LLM and EMBEDDING spans with a model or tokens whose cost is unknown. If there are any, `total_cost` is a lower bound. */
  unpriced_spans: number;
  /** In start order. */
  spans: SpanResponse[];
}

export interface TraceScorePage {
  items: TraceScoreResponse[];
  /** The number of matching items on all pages. */
  total: number;
  limit: number;
  offset: number;
}

export interface TraceScoreResponse {
  id: string;
  trace_id: string;
  /** The metric's name, or your own label. */
  name: string;
  /** As given. `null` if the score failed. */
  value: string | null;
  status: ScoreStatus;
  source: ScoreSource;
  created_at: string;
  project_id: string;
  data_type: ScoreDataType;
  /** The run that created it. `null` without a run, and once that run is deleted. */
  eval_run_id: string | null;
  /** Who gave the score, according to its sender. It is a label that the server does not check. */
  author_user_id: string | null;
  /** Why it has this value, or why it failed. */
  reason: string | null;
  /** Whether something that a judge reads has changed since the trace was judged: its status, input, output, declared tools or spans. `false` if that is unknown. */
  stale: boolean;
  /** What the judge had said, if a person changed the score. `null` for any other score. */
  judged: JudgedScore | null;
  /** The trace's environment when the score was created. */
  environment: string | null;
  config_id: string | null;
  /** The findings behind the score. Scores of runs have `threshold` and `success`. `applicable: false` marks a score that had nothing to judge: `note` says why, and statistics leave it out. */
  metadata: Record<string, unknown>;
  updated_at: string;
}

/** An earlier state of a score. */
export interface TraceScoreRevision {
  score_id: string;
  /** 1 is the original score. Each change adds one. */
  revision: number;
  value: string | null;
  status: ScoreStatus;
  /** Who gave it. AUTOMATED: the judge of a run. */
  source: ScoreSource;
  /** The run that created the score. `null` without a run, and once that run is deleted. */
  eval_run_id: string | null;
  /** Who gave the score, according to its sender. It is a label that the server does not check. */
  author_user_id: string | null;
  reason: string | null;
  metadata: Record<string, unknown>;
  /** When this revision was set. */
  set_at: string;
  /** When it was replaced. */
  replaced_at: string;
}

export type TraceSortBy = "started_at" | "ended_at" | "name" | "latency" | "status";

export type TraceStatus = "PENDING" | "RUNNING" | "COMPLETED" | "ERROR";

/** Fields that are left out keep their value. `null` clears fields that can be null. */
export interface TraceUpdate {
  /** `null` changes nothing. */
  name?: string | null | undefined;
  /** `null` changes nothing. */
  status?: TraceStatus | null | undefined;
  input?: unknown;
  output?: unknown;
  /** Added to the stored metadata, key by key. `null` changes nothing. */
  metadata?: Record<string, unknown> | null | undefined;
  ended_at?: string | null | undefined;
  session_id?: string | null | undefined;
  user_id?: string | null | undefined;
  /** Replaces the stored value. `null` changes nothing. */
  tags?: string[] | null | undefined;
  environment?: string | null | undefined;
  release?: string | null | undefined;
}

export interface TryMetricRequest {
  /** The traces, for a metric of traces. */
  trace_ids?: string[] | null | undefined;
  /** The sessions, for a metric with the target SESSION. */
  session_ids?: string[] | null | undefined;
  /** A draft to try instead of a stored version. It is not stored, and the metric need not exist. */
  definition?: MetricDefinition | null | undefined;
  /** A stored version of the metric. Default: the latest. Not together with `definition`. */
  version?: number | null | undefined;
  /** The judge as `provider/model`. Default: the one in the definition, or the server's. */
  model?: string | null | undefined;
}

/** Fields that are left out keep their value. `null` clears `model`, `repeats`, `judges`, `aggregate`, `max_cost_usd` and `signal_weights`, and `judges: null` clears `aggregate` too; for other fields it counts as left out. */
export interface UpdateMonitorRequest {
  name?: string | null | undefined;
  metrics?: string[] | null | undefined;
  /** Replaces all filters except `signal_weights`. `{}` clears them. */
  filters?: Record<string, unknown> | null | undefined;
  sampling_rate?: number | null | undefined;
  /** The judge as `provider/model`. `null`: the server's default when each run is created. Not together with `judges`. */
  model?: string | null | undefined;
  /** How often each question is judged. The score is the mean; its metadata has the values, their standard deviation and the share that flips between pass and fail. The cost multiplies. Default: 1. */
  repeats?: number | null | undefined;
  /** A jury: models that all judge every target, as `provider/model`. Their votes are kept in the score's metadata. The cost adds up. Default: one judge, `model`. */
  judges?: string[] | null | undefined;
  /** How the votes of `judges` are combined. Default: `mean`. */
  aggregate?: JuryAggregate | null | undefined;
  /** The most each of its runs may cost, in USD. Default: no limit. */
  max_cost_usd?: number | null | undefined;
  cadence?: string | null | undefined;
  timezone?: string | null | undefined;
  only_if_changed?: boolean | null | undefined;
  /** The weight of each signal. Only with target type SESSION. Stored in `filters.signal_weights`. */
  signal_weights?: SignalWeights | null | undefined;
}

export interface UpdateReviewQueueRequest {
  name?: string | undefined;
  /** `true`: no item can be claimed. Claimed items can still be completed. */
  closed?: boolean | undefined;
}

export interface UpdateSessionScoreRequest {
  /** Must match the data type of the stored score. `null` only if that score has no value; it then keeps its status. */
  value?: string | null | undefined;
  /** `null` clears it. Cut to 100000 bytes, with a mark at the end. */
  reason?: string | null | undefined;
  /** Who changes it: any label. `null` clears it. */
  author_user_id?: string | null | undefined;
  /** Replaces the stored value. `null` clears it. */
  metadata?: Record<string, unknown> | null | undefined;
}

export interface UpdateSpanScoreRequest {
  /** Must match the data type of the stored score. `null` only if that score has no value; it then keeps its status. */
  value?: string | null | undefined;
  /** `null` clears it. Cut to 100000 bytes, with a mark at the end. */
  reason?: string | null | undefined;
  /** Who changes it: any label. `null` clears it. */
  author_user_id?: string | null | undefined;
  /** Replaces the stored value. `null` clears it. */
  metadata?: Record<string, unknown> | null | undefined;
}

export interface UpdateTraceScoreRequest {
  /** Must match the data type of the stored score. `null` only if that score has no value; it then keeps its status. */
  value?: string | null | undefined;
  /** `null` clears it. Cut to 100000 bytes, with a mark at the end. */
  reason?: string | null | undefined;
  /** Who changes it: any label. `null` clears it. */
  author_user_id?: string | null | undefined;
  /** Replaces the stored value. `null` clears it. */
  metadata?: Record<string, unknown> | null | undefined;
}

/** An estimated cost. */
export interface UsdRange {
  low: number;
  high: number;
}

export interface UserPage {
  items: UserSummary[];
  /** The number of matching items on all pages. */
  total: number;
  limit: number;
  offset: number;
  /** The `cursor` of the next page. `null` on the last page. */
  next_cursor: string | null;
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
