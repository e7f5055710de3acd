// Made from the contract by scripts/generate.ts; change the contract, then run: pnpm --filter @pandaprobe/sdk generate

import type { Route } from "../route.ts";

/** How each operation goes over the wire. */
export const routes = {
  createTrace: { method: "POST", path: "/traces", params: [], status: 202, answer: "json", idempotencyKey: true },
  listTraces: { method: "GET", path: "/traces", params: [], status: 200, answer: "json", idempotencyKey: false },
  getTrace: { method: "GET", path: "/traces/:trace_id", params: ["trace_id"], status: 200, answer: "json", idempotencyKey: false },
  deleteTrace: { method: "DELETE", path: "/traces/:trace_id", params: ["trace_id"], status: 204, answer: "none", idempotencyKey: false },
  listSessions: { method: "GET", path: "/sessions", params: [], status: 200, answer: "json", idempotencyKey: false },
  getSession: { method: "GET", path: "/sessions/:session_id", params: ["session_id"], status: 200, answer: "json", idempotencyKey: false },
  listTraceMetrics: { method: "GET", path: "/evaluations/trace-metrics", params: [], status: 200, answer: "json", idempotencyKey: false },
  listProviders: { method: "GET", path: "/evaluations/providers", params: [], status: 200, answer: "json", idempotencyKey: false },
  createTraceRun: { method: "POST", path: "/evaluations/trace-runs", params: [], status: 202, answer: "json", idempotencyKey: true },
  createTraceRunBatch: { method: "POST", path: "/evaluations/trace-runs/batch", params: [], status: 202, answer: "json", idempotencyKey: true },
  getTraceRunTemplate: { method: "GET", path: "/evaluations/trace-runs/template", params: [], status: 200, answer: "json", idempotencyKey: false },
  listTraceRuns: { method: "GET", path: "/evaluations/trace-runs", params: [], status: 200, answer: "json", idempotencyKey: false },
  getTraceRun: { method: "GET", path: "/evaluations/trace-runs/:run_id", params: ["run_id"], status: 200, answer: "json", idempotencyKey: false },
  getTraceRunScores: { method: "GET", path: "/evaluations/trace-runs/:run_id/scores", params: ["run_id"], status: 200, answer: "json", idempotencyKey: false },
  retryTraceRun: { method: "POST", path: "/evaluations/trace-runs/:run_id/retry", params: ["run_id"], status: 202, answer: "json", idempotencyKey: true },
  deleteTraceRun: { method: "DELETE", path: "/evaluations/trace-runs/:run_id", params: ["run_id"], status: 204, answer: "none", idempotencyKey: false },
  createTraceScore: { method: "POST", path: "/evaluations/trace-scores", params: [], status: 201, answer: "json", idempotencyKey: true },
  listTraceScores: { method: "GET", path: "/evaluations/trace-scores", params: [], status: 200, answer: "json", idempotencyKey: false },
  getTraceScores: { method: "GET", path: "/evaluations/trace-scores/:trace_id", params: ["trace_id"], status: 200, answer: "json", idempotencyKey: false },
  updateTraceScore: { method: "PATCH", path: "/evaluations/trace-scores/:score_id", params: ["score_id"], status: 200, answer: "json", idempotencyKey: false },
  deleteTraceScore: { method: "DELETE", path: "/evaluations/trace-scores/:score_id", params: ["score_id"], status: 204, answer: "none", idempotencyKey: false },
  createMonitor: { method: "POST", path: "/evaluations/monitors", params: [], status: 201, answer: "json", idempotencyKey: true },
  listMonitors: { method: "GET", path: "/evaluations/monitors", params: [], status: 200, answer: "json", idempotencyKey: false },
  getMonitor: { method: "GET", path: "/evaluations/monitors/:monitor_id", params: ["monitor_id"], status: 200, answer: "json", idempotencyKey: false },
  updateMonitor: { method: "PATCH", path: "/evaluations/monitors/:monitor_id", params: ["monitor_id"], status: 200, answer: "json", idempotencyKey: false },
  deleteMonitor: { method: "DELETE", path: "/evaluations/monitors/:monitor_id", params: ["monitor_id"], status: 204, answer: "none", idempotencyKey: false },
  pauseMonitor: { method: "POST", path: "/evaluations/monitors/:monitor_id/pause", params: ["monitor_id"], status: 200, answer: "json", idempotencyKey: true },
  resumeMonitor: { method: "POST", path: "/evaluations/monitors/:monitor_id/resume", params: ["monitor_id"], status: 200, answer: "json", idempotencyKey: true },
  triggerMonitor: { method: "POST", path: "/evaluations/monitors/:monitor_id/trigger", params: ["monitor_id"], status: 202, answer: "json", idempotencyKey: true },
  listMonitorRuns: { method: "GET", path: "/evaluations/monitors/:monitor_id/runs", params: ["monitor_id"], status: 200, answer: "json", idempotencyKey: false },
  getHealth: { method: "GET", path: "/health", params: [], status: 200, answer: "json", idempotencyKey: false },
  getReadiness: { method: "GET", path: "/ready", params: [], status: 200, answer: "json", idempotencyKey: false },
} as const satisfies Record<string, Route>;
