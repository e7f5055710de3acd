// Made from the contract by scripts/generate.ts; change the contract, then run: pnpm --filter @pandaprobe/sdk generate

import type { Route } from "../route.ts";

/** How each operation goes over the wire. */
export const routes = {
  createTrace: "POST /traces",
  listTraces: "GET /traces",
  getTrace: "GET /traces/:trace_id",
  deleteTrace: "DELETE /traces/:trace_id",
  listSessions: "GET /sessions",
  getSession: "GET /sessions/:session_id",
  listTraceMetrics: "GET /evaluations/trace-metrics",
  listProviders: "GET /evaluations/providers",
  createTraceRun: "POST /evaluations/trace-runs",
  createTraceRunBatch: "POST /evaluations/trace-runs/batch",
  getTraceRunTemplate: "GET /evaluations/trace-runs/template",
  listTraceRuns: "GET /evaluations/trace-runs",
  getTraceRun: "GET /evaluations/trace-runs/:run_id",
  getTraceRunScores: "GET /evaluations/trace-runs/:run_id/scores",
  retryTraceRun: "POST /evaluations/trace-runs/:run_id/retry",
  deleteTraceRun: "DELETE /evaluations/trace-runs/:run_id",
  createTraceScore: "POST /evaluations/trace-scores",
  listTraceScores: "GET /evaluations/trace-scores",
  getTraceScores: "GET /evaluations/trace-scores/:trace_id",
  updateTraceScore: "PATCH /evaluations/trace-scores/:score_id",
  deleteTraceScore: "DELETE /evaluations/trace-scores/:score_id",
  getHealth: "GET /health",
  getReadiness: "GET /ready",
} as const satisfies Record<string, Route>;
