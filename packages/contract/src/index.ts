export {
  Agreement,
  ComputeAgreementRequest,
  Confusion,
  Disagreement,
  Interval,
  JudgeFilter,
  JudgeOpinion,
  LabelSelection,
  LabelsLeftOut,
  PassRates,
  PersonOpinion,
} from "./agreements.ts";
export {
  ApiKeyInfo,
  ApiKeyPage,
  CreateApiKeyRequest,
  CreatedApiKey,
  RotateApiKeyRequest,
} from "./api-keys.ts";
export { AuditEvent, AuditEventPage } from "./audit-log.ts";
export {
  AnalyticsGranularity,
  AnalyticsMetric,
  EvaluationStatus,
  MonitorStatus,
  ScoreDataType,
  ScoreGroupBy,
  ScorePreference,
  ScoreSource,
  ScoreStatus,
  SessionSortBy,
  SortOrder,
  SpanKind,
  SpanStatusCode,
  TraceSortBy,
  TraceStatus,
} from "./common/enums.ts";
export { type ErrorCode, type ErrorStatus, errorCodes } from "./common/error-codes.ts";
export { limits } from "./common/limits.ts";
export { authHeaders, type HeaderInfo, type MaskedContent, type RouteMetadata } from "./common/metadata.ts";
export { Problem, ProblemError } from "./common/problem.ts";
export { KeyScope, keyScopes } from "./common/scopes.ts";
export {
  ComparedSide,
  CompareScoresRequest,
  ComparisonResponse,
  ComparisonVerdict,
  MetricComparison,
  RegressedScore,
  Regression,
  SideFigures,
} from "./comparisons.ts";
export { type Contract, contract } from "./contract.ts";
export {
  EvalRunPage,
  EvalRunResponse,
  RetryEvalRunRequest,
  RunEstimate,
  RunUsage,
  RunWait,
  TokenRange,
  UsdRange,
} from "./eval-runs.ts";
export { JudgementSource, JudgeQuestion, ScoreJudgement } from "./judgements.ts";
export { JuryAggregate } from "./judging.ts";
export { MetricDefinition, type MetricKind } from "./metric-definitions.ts";
export {
  ChecklistMetric,
  ContainsMetric,
  CostMetric,
  ExactMatchMetric,
  JsonSchemaMetric,
  LatencyMetric,
  MetricAnchor,
  MetricCriterion,
  NoErrorsMetric,
  ScaleMetric,
  ToolSequenceMetric,
} from "./metric-kinds.ts";
export { MetricTrial, MetricTrialResult, TryMetricRequest } from "./metric-trials.ts";
export { MetricInfo, MetricSummary, PromptPreview, ProviderInfo } from "./metrics.ts";
export {
  CreateMonitorRequest,
  MonitorPage,
  MonitorResponse,
  UpdateMonitorRequest,
} from "./monitors.ts";
export { openApiDocument } from "./openapi.ts";
export { Health } from "./operations.ts";
export { type OtlpRoute, otlpRoutes } from "./otlp.ts";
export {
  MetricListItem,
  MetricResponse,
  MetricVersion,
  MetricVersionPage,
} from "./own-metrics.ts";
export { ProjectListItem, ProjectPage, ProjectUsage, QuotaUsage } from "./projects.ts";
export {
  ClaimedReviewItem,
  ClaimReviewItemRequest,
  CompletedReview,
  CompleteReviewItemRequest,
  GivenScore,
  ItemReview,
  JudgeOfReview,
  ReleaseReviewItemRequest,
  ReviewClaim,
  ReviewedScore,
  ReviewItem,
  ReviewItemPage,
  ReviewItemStatus,
  ReviewVerdict,
  SkipReviewItemRequest,
} from "./review-items.ts";
export {
  CreateReviewQueueRequest,
  ReviewChoice,
  ReviewedMetric,
  ReviewerProgress,
  ReviewMetricRequest,
  ReviewOrder,
  ReviewQueuePage,
  ReviewQueueResponse,
  ReviewQueueSummary,
  ReviewSource,
  UpdateReviewQueueRequest,
} from "./review-queues.ts";
export {
  ScoreDistributionItem,
  ScoreGroup,
  ScoreSummaryItem,
  ScoreTrendItem,
  SessionComparisonItem,
  SessionComparisonPage,
  SessionScoreHistoryItem,
} from "./score-analytics.ts";
export type { ScoreChange } from "./sent-scores.ts";
export {
  CreateBatchSessionEvalRunRequest,
  CreateSessionEvalRunRequest,
  SessionEvalRunFilters,
} from "./session-runs.ts";
export {
  CreateSessionScoreRequest,
  SessionScorePage,
  SessionScoreResponse,
  SessionScoreRevision,
  UpdateSessionScoreRequest,
} from "./session-scores.ts";
export {
  SessionAnalyticsBucket,
  SessionDeleteResponse,
  SessionDetail,
  SessionPage,
  SessionSummary,
} from "./sessions.ts";
export {
  JudgeDefaults,
  ModelLimit,
  ModelPrice,
  ProjectDefaults,
  RequestLimits,
  Retention,
  ServerSettings,
} from "./settings.ts";
export { SignalWeights } from "./signal-weights.ts";
export {
  CreateSpanScoreRequest,
  SpanScorePage,
  SpanScoreResponse,
  UpdateSpanScoreRequest,
} from "./span-scores.ts";
export { SpanCreate, SpanPage, SpanResponse, SpansAccepted, SpanUpdate } from "./spans.ts";
export { AnalyticsBucket, TokenCostBucket, TopModel, UserPage, UserSummary } from "./trace-analytics.ts";

export {
  BatchCreateItem,
  BatchCreateRequest,
  BatchCreateResponse,
  BatchDeleteRequest,
  BatchDeleteResponse,
  BatchItemError,
  BatchTagsRequest,
  BatchTagsResponse,
} from "./trace-batches.ts";
export {
  CreateBatchEvalRunRequest,
  CreateEvalRunRequest,
  EvalRunFilters,
  EvalRunTemplate,
} from "./trace-runs.ts";

export {
  CreateTraceScoreRequest,
  JudgedScore,
  TraceScorePage,
  TraceScoreResponse,
  TraceScoreRevision,
  UpdateTraceScoreRequest,
} from "./trace-scores.ts";
export {
  TraceAccepted,
  TraceCreate,
  TraceListItem,
  TracePage,
  TraceResponse,
  TraceUpdate,
} from "./traces.ts";
