// Made from the contract by scripts/generate.ts; change the contract, then run: pnpm --filter @pandaprobe/sdk generate

import type {
  AnalyticsBucket,
  BatchCreateRequest,
  BatchCreateResponse,
  BatchDeleteRequest,
  BatchDeleteResponse,
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
  EvalRunPage,
  EvalRunResponse,
  EvalRunTemplate,
  GetSessionAnalyticsQuery,
  GetSessionQuery,
  GetSessionRunScoresQuery,
  GetSessionScoreComparisonQuery,
  GetSessionScoreDistributionQuery,
  GetSessionScoreHistoryQuery,
  GetSessionScoreSummaryQuery,
  GetSessionScoreTrendQuery,
  GetSessionScoresQuery,
  GetTraceAnalyticsQuery,
  GetTraceRunScoresQuery,
  GetTraceRunTemplateQuery,
  GetTraceScoreDistributionQuery,
  GetTraceScoreSummaryQuery,
  GetTraceScoreTrendQuery,
  GetTraceScoresQuery,
  Health,
  ListMonitorRunsQuery,
  ListMonitorsQuery,
  ListSessionRunsQuery,
  ListSessionScoresQuery,
  ListSessionsQuery,
  ListSpansQuery,
  ListTraceRunsQuery,
  ListTraceScoresQuery,
  ListTraceUsersQuery,
  ListTracesQuery,
  MetricSummary,
  MonitorPage,
  MonitorResponse,
  ProviderInfo,
  RetryEvalRunRequest,
  RunEstimate,
  ScoreDistributionItem,
  ScoreSummaryItem,
  ScoreTrendItem,
  SessionAnalyticsBucket,
  SessionComparisonPage,
  SessionDeleteResponse,
  SessionDetail,
  SessionPage,
  SessionScoreHistoryItem,
  SessionScorePage,
  SessionScoreResponse,
  SpanCreate,
  SpanPage,
  SpanResponse,
  SpanUpdate,
  SpansAccepted,
  TokenCostBucket,
  TopModel,
  TraceAccepted,
  TraceCreate,
  TracePage,
  TraceResponse,
  TraceScorePage,
  TraceScoreResponse,
  TraceScoreRevision,
  TraceUpdate,
  UpdateMonitorRequest,
  UpdateTraceScoreRequest,
  UserPage,
} from "./types.ts";

/** The types of each operation. */
export interface Operations {
  createTrace: { query: undefined; body: TraceCreate; response: TraceAccepted };
  listTraces: { query: ListTracesQuery; body: undefined; response: TracePage };
  getTrace: { query: undefined; body: undefined; response: TraceResponse };
  updateTrace: { query: undefined; body: TraceUpdate; response: TraceResponse };
  deleteTrace: { query: undefined; body: undefined; response: undefined };
  createSpans: { query: undefined; body: SpanCreate[]; response: SpansAccepted };
  listSpans: { query: ListSpansQuery; body: undefined; response: SpanPage };
  updateSpan: { query: undefined; body: SpanUpdate; response: SpanResponse };
  createTraceBatch: { query: undefined; body: BatchCreateRequest; response: BatchCreateResponse };
  deleteTraces: { query: undefined; body: BatchDeleteRequest; response: BatchDeleteResponse };
  tagTraces: { query: undefined; body: BatchTagsRequest; response: BatchTagsResponse };
  getTraceAnalytics: { query: GetTraceAnalyticsQuery; body: undefined; response: AnalyticsBucket[] | TokenCostBucket[] | TopModel[] };
  listTraceUsers: { query: ListTraceUsersQuery; body: undefined; response: UserPage };
  listSessions: { query: ListSessionsQuery; body: undefined; response: SessionPage };
  getSessionAnalytics: { query: GetSessionAnalyticsQuery; body: undefined; response: SessionAnalyticsBucket[] };
  getSession: { query: GetSessionQuery; body: undefined; response: SessionDetail };
  deleteSession: { query: undefined; body: undefined; response: SessionDeleteResponse };
  listTraceMetrics: { query: undefined; body: undefined; response: MetricSummary[] };
  listSessionMetrics: { query: undefined; body: undefined; response: MetricSummary[] };
  listProviders: { query: undefined; body: undefined; response: ProviderInfo[] };
  createTraceRun: { query: undefined; body: CreateEvalRunRequest; response: EvalRunResponse };
  estimateTraceRun: { query: undefined; body: CreateEvalRunRequest; response: RunEstimate };
  createTraceRunBatch: { query: undefined; body: CreateBatchEvalRunRequest; response: EvalRunResponse };
  getTraceRunTemplate: { query: GetTraceRunTemplateQuery; body: undefined; response: EvalRunTemplate };
  listTraceRuns: { query: ListTraceRunsQuery; body: undefined; response: EvalRunPage };
  getTraceRun: { query: undefined; body: undefined; response: EvalRunResponse };
  streamTraceRun: { query: undefined; body: undefined; response: undefined };
  getTraceRunScores: { query: GetTraceRunScoresQuery; body: undefined; response: TraceScoreResponse[] };
  retryTraceRun: { query: undefined; body: RetryEvalRunRequest | null; response: EvalRunResponse };
  cancelTraceRun: { query: undefined; body: undefined; response: EvalRunResponse };
  deleteTraceRun: { query: DeleteTraceRunQuery; body: undefined; response: undefined };
  createTraceScore: { query: undefined; body: CreateTraceScoreRequest; response: TraceScoreResponse };
  listTraceScores: { query: ListTraceScoresQuery; body: undefined; response: TraceScorePage };
  getTraceScores: { query: GetTraceScoresQuery; body: undefined; response: TraceScoreResponse[] };
  updateTraceScore: { query: undefined; body: UpdateTraceScoreRequest; response: TraceScoreResponse };
  getTraceScoreRevisions: { query: undefined; body: undefined; response: TraceScoreRevision[] };
  deleteTraceScore: { query: undefined; body: undefined; response: undefined };
  createSessionRun: { query: undefined; body: CreateSessionEvalRunRequest; response: EvalRunResponse };
  estimateSessionRun: { query: undefined; body: CreateSessionEvalRunRequest; response: RunEstimate };
  createSessionRunBatch: { query: undefined; body: CreateBatchSessionEvalRunRequest; response: EvalRunResponse };
  listSessionRuns: { query: ListSessionRunsQuery; body: undefined; response: EvalRunPage };
  getSessionRun: { query: undefined; body: undefined; response: EvalRunResponse };
  streamSessionRun: { query: undefined; body: undefined; response: undefined };
  getSessionRunScores: { query: GetSessionRunScoresQuery; body: undefined; response: SessionScoreResponse[] };
  retrySessionRun: { query: undefined; body: RetryEvalRunRequest | null; response: EvalRunResponse };
  cancelSessionRun: { query: undefined; body: undefined; response: EvalRunResponse };
  deleteSessionRun: { query: DeleteSessionRunQuery; body: undefined; response: undefined };
  listSessionScores: { query: ListSessionScoresQuery; body: undefined; response: SessionScorePage };
  getSessionScores: { query: GetSessionScoresQuery; body: undefined; response: SessionScoreResponse[] };
  deleteSessionScore: { query: undefined; body: undefined; response: undefined };
  getTraceScoreSummary: { query: GetTraceScoreSummaryQuery; body: undefined; response: ScoreSummaryItem[] };
  getTraceScoreTrend: { query: GetTraceScoreTrendQuery; body: undefined; response: ScoreTrendItem[] };
  getTraceScoreDistribution: { query: GetTraceScoreDistributionQuery; body: undefined; response: ScoreDistributionItem[] };
  getSessionScoreSummary: { query: GetSessionScoreSummaryQuery; body: undefined; response: ScoreSummaryItem[] };
  getSessionScoreTrend: { query: GetSessionScoreTrendQuery; body: undefined; response: ScoreTrendItem[] };
  getSessionScoreDistribution: { query: GetSessionScoreDistributionQuery; body: undefined; response: ScoreDistributionItem[] };
  getSessionScoreHistory: { query: GetSessionScoreHistoryQuery; body: undefined; response: SessionScoreHistoryItem[] };
  getSessionScoreComparison: { query: GetSessionScoreComparisonQuery; body: undefined; response: SessionComparisonPage };
  createMonitor: { query: undefined; body: CreateMonitorRequest; response: MonitorResponse };
  listMonitors: { query: ListMonitorsQuery; body: undefined; response: MonitorPage };
  getMonitor: { query: undefined; body: undefined; response: MonitorResponse };
  updateMonitor: { query: undefined; body: UpdateMonitorRequest; response: MonitorResponse };
  deleteMonitor: { query: undefined; body: undefined; response: undefined };
  pauseMonitor: { query: undefined; body: undefined; response: MonitorResponse };
  resumeMonitor: { query: undefined; body: undefined; response: MonitorResponse };
  triggerMonitor: { query: undefined; body: undefined; response: EvalRunResponse };
  listMonitorRuns: { query: ListMonitorRunsQuery; body: undefined; response: EvalRunPage };
  getHealth: { query: undefined; body: undefined; response: Health };
  getReadiness: { query: undefined; body: undefined; response: Health };
}
