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
  CreateEvalRunRequest,
  CreateTraceScoreRequest,
  DeleteTraceRunQuery,
  EvalRunPage,
  EvalRunResponse,
  EvalRunTemplate,
  GetSessionAnalyticsQuery,
  GetSessionQuery,
  GetTraceAnalyticsQuery,
  GetTraceRunScoresQuery,
  GetTraceRunTemplateQuery,
  Health,
  ListSessionsQuery,
  ListTraceRunsQuery,
  ListTraceScoresQuery,
  ListTraceUsersQuery,
  ListTracesQuery,
  MetricSummary,
  ProviderInfo,
  RetryEvalRunRequest,
  SessionAnalyticsBucket,
  SessionDeleteResponse,
  SessionDetail,
  SessionPage,
  SpanCreate,
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
  TraceUpdate,
  UpdateTraceScoreRequest,
  UserPage,
} from "./types.ts";

/** What each operation takes and gives. */
export interface Operations {
  createTrace: { query: undefined; body: TraceCreate; response: TraceAccepted };
  listTraces: { query: ListTracesQuery; body: undefined; response: TracePage };
  getTrace: { query: undefined; body: undefined; response: TraceResponse };
  updateTrace: { query: undefined; body: TraceUpdate; response: TraceResponse };
  deleteTrace: { query: undefined; body: undefined; response: undefined };
  createSpans: { query: undefined; body: SpanCreate[]; response: SpansAccepted };
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
  listProviders: { query: undefined; body: undefined; response: ProviderInfo[] };
  createTraceRun: { query: undefined; body: CreateEvalRunRequest; response: EvalRunResponse };
  createTraceRunBatch: { query: undefined; body: CreateBatchEvalRunRequest; response: EvalRunResponse };
  getTraceRunTemplate: { query: GetTraceRunTemplateQuery; body: undefined; response: EvalRunTemplate };
  listTraceRuns: { query: ListTraceRunsQuery; body: undefined; response: EvalRunPage };
  getTraceRun: { query: undefined; body: undefined; response: EvalRunResponse };
  getTraceRunScores: { query: GetTraceRunScoresQuery; body: undefined; response: TraceScoreResponse[] };
  retryTraceRun: { query: undefined; body: RetryEvalRunRequest | null; response: EvalRunResponse };
  deleteTraceRun: { query: DeleteTraceRunQuery; body: undefined; response: undefined };
  createTraceScore: { query: undefined; body: CreateTraceScoreRequest; response: TraceScoreResponse };
  listTraceScores: { query: ListTraceScoresQuery; body: undefined; response: TraceScorePage };
  getTraceScores: { query: undefined; body: undefined; response: TraceScoreResponse[] };
  updateTraceScore: { query: undefined; body: UpdateTraceScoreRequest; response: TraceScoreResponse };
  deleteTraceScore: { query: undefined; body: undefined; response: undefined };
  getHealth: { query: undefined; body: undefined; response: Health };
  getReadiness: { query: undefined; body: undefined; response: Health };
}
