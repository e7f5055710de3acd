// Made from the contract by scripts/generate.ts; change the contract, then run: pnpm --filter @pandaprobe/sdk generate

import type {
  CreateBatchEvalRunRequest,
  CreateEvalRunRequest,
  CreateTraceScoreRequest,
  DeleteTraceRunQuery,
  EvalRunPage,
  EvalRunResponse,
  EvalRunTemplate,
  GetSessionQuery,
  GetTraceRunScoresQuery,
  GetTraceRunTemplateQuery,
  Health,
  ListSessionScoresQuery,
  ListSessionsQuery,
  ListTraceRunsQuery,
  ListTraceScoresQuery,
  ListTracesQuery,
  MetricSummary,
  ProviderInfo,
  RetryEvalRunRequest,
  SessionDetail,
  SessionPage,
  SessionScorePage,
  SessionScoreResponse,
  TraceAccepted,
  TraceCreate,
  TracePage,
  TraceResponse,
  TraceScorePage,
  TraceScoreResponse,
  TraceScoreRevision,
  UpdateTraceScoreRequest,
} from "./types.ts";

/** What each operation takes and gives. */
export interface Operations {
  createTrace: { query: undefined; body: TraceCreate; response: TraceAccepted };
  listTraces: { query: ListTracesQuery; body: undefined; response: TracePage };
  getTrace: { query: undefined; body: undefined; response: TraceResponse };
  deleteTrace: { query: undefined; body: undefined; response: undefined };
  listSessions: { query: ListSessionsQuery; body: undefined; response: SessionPage };
  getSession: { query: GetSessionQuery; body: undefined; response: SessionDetail };
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
  getTraceScoreRevisions: { query: undefined; body: undefined; response: TraceScoreRevision[] };
  deleteTraceScore: { query: undefined; body: undefined; response: undefined };
  listSessionScores: { query: ListSessionScoresQuery; body: undefined; response: SessionScorePage };
  getSessionScores: { query: undefined; body: undefined; response: SessionScoreResponse[] };
  deleteSessionScore: { query: undefined; body: undefined; response: undefined };
  getHealth: { query: undefined; body: undefined; response: Health };
  getReadiness: { query: undefined; body: undefined; response: Health };
}
