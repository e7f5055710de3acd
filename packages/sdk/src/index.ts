export type { Answer, ResponseInfo } from "./answer.ts";
export { ApiPromise } from "./api-promise.ts";
export {
  type EvaluatedSessions,
  type EvaluatedTraces,
  type EvaluateSessionsOptions,
  type EvaluateTracesOptions,
  PandaProbe,
} from "./client.ts";
export type { Fetch, FetchInit, FetchResponse, HeadersGiven, PandaProbeOptions } from "./client-options.ts";
export { ApiError, isApiError } from "./errors/api-error.ts";
export { AuthenticationError, isAuthenticationError } from "./errors/authentication-error.ts";
export { BadRequestError, isBadRequestError } from "./errors/bad-request-error.ts";
export { ConflictError, isConflictError } from "./errors/conflict-error.ts";
export { ConnectionError, isConnectionError } from "./errors/connection-error.ts";
export { isNotFoundError, NotFoundError } from "./errors/not-found-error.ts";
export { isPandaProbeError, PandaProbeError } from "./errors/panda-probe-error.ts";
export { isRateLimitError, RateLimitError } from "./errors/rate-limit-error.ts";
export { isRunFailedError, RunFailedError } from "./errors/run-failed-error.ts";
export { isRunWaitTimeoutError, RunWaitTimeoutError } from "./errors/run-wait-timeout-error.ts";
export { isServerError, ServerError } from "./errors/server-error.ts";
export { isTimeoutError, TimeoutError } from "./errors/timeout-error.ts";
export { isValidationError, ValidationError } from "./errors/validation-error.ts";
export type {
  AnalyticsBucket,
  AnalyticsGranularity,
  AnalyticsMetric,
  BatchCreateItem,
  BatchCreateRequest,
  BatchCreateResponse,
  BatchDeleteRequest,
  BatchDeleteResponse,
  BatchItemError,
  BatchTagsRequest,
  BatchTagsResponse,
  CreateBatchEvalRunRequest,
  CreateBatchSessionEvalRunRequest,
  CreateEvalRunRequest,
  CreateMonitorRequest,
  CreateSessionEvalRunRequest,
  CreateTraceScoreRequest,
  DeleteSessionRunQuery,
  DeleteTraceRunQuery,
  EvalRunFilters,
  EvalRunPage,
  EvalRunResponse,
  EvalRunTemplate,
  EvaluationStatus,
  GetSessionAnalyticsQuery,
  GetSessionQuery,
  GetSessionRunScoresQuery,
  GetSessionScoreComparisonQuery,
  GetSessionScoreDistributionQuery,
  GetSessionScoreHistoryQuery,
  GetSessionScoreSummaryQuery,
  GetSessionScoreTrendQuery,
  GetTraceAnalyticsQuery,
  GetTraceRunScoresQuery,
  GetTraceRunTemplateQuery,
  GetTraceScoreDistributionQuery,
  GetTraceScoreSummaryQuery,
  GetTraceScoreTrendQuery,
  Health,
  ListMonitorRunsQuery,
  ListMonitorsQuery,
  ListSessionRunsQuery,
  ListSessionScoresQuery,
  ListSessionsQuery,
  ListSpansQuery,
  ListTraceRunsQuery,
  ListTraceScoresQuery,
  ListTracesQuery,
  ListTraceUsersQuery,
  MetricInfo,
  MetricSummary,
  MonitorPage,
  MonitorResponse,
  MonitorStatus,
  Problem,
  ProblemError,
  PromptPreview,
  ProviderInfo,
  RetryEvalRunRequest,
  RunEstimate,
  RunUsage,
  RunWait,
  ScoreDataType,
  ScoreDistributionItem,
  ScoreSource,
  ScoreStatus,
  ScoreSummaryItem,
  ScoreTrendItem,
  SessionAnalyticsBucket,
  SessionComparisonItem,
  SessionComparisonPage,
  SessionDeleteResponse,
  SessionDetail,
  SessionEvalRunFilters,
  SessionPage,
  SessionScoreHistoryItem,
  SessionScorePage,
  SessionScoreResponse,
  SessionSortBy,
  SessionSummary,
  SignalWeights,
  SortOrder,
  SpanCreate,
  SpanKind,
  SpanPage,
  SpanResponse,
  SpanStatusCode,
  SpansAccepted,
  SpanUpdate,
  TokenCostBucket,
  TokenRange,
  TopModel,
  TraceAccepted,
  TraceCreate,
  TraceListItem,
  TracePage,
  TraceResponse,
  TraceScorePage,
  TraceScoreResponse,
  TraceScoreRevision,
  TraceSortBy,
  TraceStatus,
  TraceUpdate,
  UpdateMonitorRequest,
  UpdateTraceScoreRequest,
  UsdRange,
  UserPage,
  UserSummary,
} from "./generated/types.ts";
export type {
  AfterResponseState,
  Attempt,
  BeforeRequestState,
  BeforeRetryState,
  Hooks,
} from "./hooks.ts";
export type { Logger } from "./logger.ts";
export type { DeleteSessionRunOptions } from "./methods/session-run-methods.ts";
export type { TraceAnalyticsRows } from "./methods/trace-analytics-methods.ts";
export type { DeleteTraceRunOptions } from "./methods/trace-run-methods.ts";
export { type ItemsOptions, type Page, PagePromise } from "./page-promise.ts";
export type { GetRunOptions, RequestOptions, StreamRunOptions } from "./request-options.ts";
export type { RunEvent } from "./run-events.ts";
export type { RunProgress } from "./run-progress.ts";
export { type NumberedScore, RunScores, type ScoreOfRun } from "./run-scores.ts";
export type { WaitForRunOptions } from "./wait-for-run.ts";
export type { WatchRunOptions } from "./watch-run.ts";
