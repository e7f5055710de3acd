// Made from the contract by scripts/generate.ts; change the contract, then run: pnpm --filter @pandaprobe/sdk generate

import type { Route } from "../route.ts";

/** How each operation goes over the wire. */
export const routes = {
  createTrace: "POST /traces body",
  listTraces: "GET /traces page",
  getTrace: "GET /traces/:trace_id",
  deleteTrace: "DELETE /traces/:trace_id",
  listSessions: "GET /sessions page",
  getSession: "GET /sessions/:session_id query",
  listTraceMetrics: "GET /evaluations/trace-metrics",
  listSessionMetrics: "GET /evaluations/session-metrics",
  listProviders: "GET /evaluations/providers",
  createTraceRun: "POST /evaluations/trace-runs body",
  createTraceRunBatch: "POST /evaluations/trace-runs/batch body",
  getTraceRunTemplate: "GET /evaluations/trace-runs/template query",
  listTraceRuns: "GET /evaluations/trace-runs page",
  getTraceRun: "GET /evaluations/trace-runs/:run_id",
  getTraceRunScores: "GET /evaluations/trace-runs/:run_id/scores query",
  retryTraceRun: "POST /evaluations/trace-runs/:run_id/retry body",
  deleteTraceRun: "DELETE /evaluations/trace-runs/:run_id query",
  createTraceScore: "POST /evaluations/trace-scores body",
  listTraceScores: "GET /evaluations/trace-scores page",
  getTraceScores: "GET /evaluations/trace-scores/:trace_id",
  updateTraceScore: "PATCH /evaluations/trace-scores/:score_id body",
  deleteTraceScore: "DELETE /evaluations/trace-scores/:score_id",
  createSessionRun: "POST /evaluations/session-runs body",
  createSessionRunBatch: "POST /evaluations/session-runs/batch body",
  listSessionRuns: "GET /evaluations/session-runs page",
  getSessionRun: "GET /evaluations/session-runs/:run_id",
  getSessionRunScores: "GET /evaluations/session-runs/:run_id/scores query",
  retrySessionRun: "POST /evaluations/session-runs/:run_id/retry body",
  deleteSessionRun: "DELETE /evaluations/session-runs/:run_id query",
  getHealth: "GET /health",
  getReadiness: "GET /ready",
} as const satisfies Record<string, Route>;
