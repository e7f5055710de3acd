// Made from the contract by scripts/generate.ts; change the contract, then run: pnpm --filter @pandaprobe/sdk generate

import type {
  CreateBatchEvalRunRequest,
  CreateBatchSessionEvalRunRequest,
  CreateEvalRunRequest,
  CreateSessionEvalRunRequest,
  CreateTraceScoreRequest,
  DeleteSessionRunQuery,
  DeleteTraceRunQuery,
  EvalRunPage,
  EvalRunResponse,
  EvalRunTemplate,
  GetSessionQuery,
  GetSessionRunScoresQuery,
  GetTraceRunScoresQuery,
  GetTraceRunTemplateQuery,
  Health,
  ListSessionRunsQuery,
  ListSessionsQuery,
  ListTraceRunsQuery,
  ListTraceScoresQuery,
  ListTracesQuery,
  MetricSummary,
  ProviderInfo,
  RetryEvalRunRequest,
  SessionDetail,
  SessionPage,
  SessionScoreResponse,
  TraceAccepted,
  TraceCreate,
  TracePage,
  TraceResponse,
  TraceScorePage,
  TraceScoreResponse,
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
  listSessionMetrics: { query: undefined; body: undefined; response: MetricSummary[] };
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
  createSessionRun: { query: undefined; body: CreateSessionEvalRunRequest; response: EvalRunResponse };
  createSessionRunBatch: { query: undefined; body: CreateBatchSessionEvalRunRequest; response: EvalRunResponse };
  listSessionRuns: { query: ListSessionRunsQuery; body: undefined; response: EvalRunPage };
  getSessionRun: { query: undefined; body: undefined; response: EvalRunResponse };
  getSessionRunScores: { query: GetSessionRunScoresQuery; body: undefined; response: SessionScoreResponse[] };
  retrySessionRun: { query: undefined; body: RetryEvalRunRequest | null; response: EvalRunResponse };
  deleteSessionRun: { query: DeleteSessionRunQuery; body: undefined; response: undefined };
  getHealth: { query: undefined; body: undefined; response: Health };
  getReadiness: { query: undefined; body: undefined; response: Health };
}
