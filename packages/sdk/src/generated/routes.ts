// Made from the contract by scripts/generate.ts; change the contract, then run: pnpm --filter @pandaprobe/sdk generate

import type { ShortRoutes } from "../route.ts";
import type { Operations } from "./operations.ts";

/** How each operation goes over the wire. */
export interface OperationRoutes {
  createTrace: ["POST", "/traces", "body"];
  listTraces: ["GET", "/traces", "page"];
  getTrace: ["GET", "/traces/:"];
  updateTrace: ["PATCH", "/traces/:", "body"];
  deleteTrace: ["DELETE", "/traces/:"];
  createSpans: ["POST", "/traces/:/spans", "body"];
  listSpans: ["GET", "/traces/:/spans", "query"];
  updateSpan: ["PATCH", "/traces/:/spans/:", "body"];
  createTraceBatch: ["POST", "/traces/batch", "body"];
  deleteTraces: ["POST", "/traces/batch/delete", "body"];
  tagTraces: ["POST", "/traces/batch/tags", "body"];
  getTraceAnalytics: ["GET", "/traces/analytics", "query"];
  listTraceUsers: ["GET", "/traces/users", "page"];
  listSessions: ["GET", "/sessions", "page"];
  getSessionAnalytics: ["GET", "/sessions/analytics", "query"];
  getSession: ["GET", "/sessions/:", "query"];
  deleteSession: ["DELETE", "/sessions/:"];
  listTraceMetrics: ["GET", "/evaluations/trace-metrics"];
  listSessionMetrics: ["GET", "/evaluations/session-metrics"];
  listProviders: ["GET", "/evaluations/providers"];
  createTraceRun: ["POST", "/evaluations/trace-runs", "body"];
  estimateTraceRun: ["POST", "/evaluations/trace-runs/estimate", "body"];
  createTraceRunBatch: ["POST", "/evaluations/trace-runs/batch", "body"];
  getTraceRunTemplate: ["GET", "/evaluations/trace-runs/template", "metric"];
  listTraceRuns: ["GET", "/evaluations/trace-runs", "page"];
  getTraceRun: ["GET", "/evaluations/trace-runs/:"];
  streamTraceRun: ["GET", "/evaluations/trace-runs/:/events", "events"];
  getTraceRunScores: ["GET", "/evaluations/trace-runs/:/scores", "query"];
  retryTraceRun: ["POST", "/evaluations/trace-runs/:/retry", "body"];
  cancelTraceRun: ["POST", "/evaluations/trace-runs/:/cancel"];
  deleteTraceRun: ["DELETE", "/evaluations/trace-runs/:"];
  createTraceScore: ["POST", "/evaluations/trace-scores", "body"];
  listTraceScores: ["GET", "/evaluations/trace-scores", "page"];
  getTraceScores: ["GET", "/evaluations/trace-scores/:", "query"];
  updateTraceScore: ["PATCH", "/evaluations/trace-scores/:", "body"];
  getTraceScoreRevisions: ["GET", "/evaluations/trace-scores/:/revisions"];
  deleteTraceScore: ["DELETE", "/evaluations/trace-scores/:"];
  createSessionRun: ["POST", "/evaluations/session-runs", "body"];
  estimateSessionRun: ["POST", "/evaluations/session-runs/estimate", "body"];
  createSessionRunBatch: ["POST", "/evaluations/session-runs/batch", "body"];
  listSessionRuns: ["GET", "/evaluations/session-runs", "page"];
  getSessionRun: ["GET", "/evaluations/session-runs/:"];
  streamSessionRun: ["GET", "/evaluations/session-runs/:/events", "events"];
  getSessionRunScores: ["GET", "/evaluations/session-runs/:/scores", "query"];
  retrySessionRun: ["POST", "/evaluations/session-runs/:/retry", "body"];
  cancelSessionRun: ["POST", "/evaluations/session-runs/:/cancel"];
  deleteSessionRun: ["DELETE", "/evaluations/session-runs/:"];
  listSessionScores: ["GET", "/evaluations/session-scores", "page"];
  getSessionScores: ["GET", "/evaluations/session-scores/:", "query"];
  deleteSessionScore: ["DELETE", "/evaluations/session-scores/:"];
  getTraceScoreSummary: ["GET", "/evaluations/analytics/trace-scores/summary", "query"];
  getTraceScoreTrend: ["GET", "/evaluations/analytics/trace-scores/trend", "query"];
  getTraceScoreDistribution: ["GET", "/evaluations/analytics/trace-scores/distribution", "query"];
  getSessionScoreSummary: ["GET", "/evaluations/analytics/session-scores/summary", "query"];
  getSessionScoreTrend: ["GET", "/evaluations/analytics/session-scores/trend", "query"];
  getSessionScoreDistribution: ["GET", "/evaluations/analytics/session-scores/distribution", "query"];
  getSessionScoreHistory: ["GET", "/evaluations/analytics/session-scores/history/:", "query"];
  getSessionScoreComparison: ["GET", "/evaluations/analytics/session-scores/comparison", "page"];
  createMonitor: ["POST", "/evaluations/monitors", "body"];
  listMonitors: ["GET", "/evaluations/monitors", "page"];
  getMonitor: ["GET", "/evaluations/monitors/:"];
  updateMonitor: ["PATCH", "/evaluations/monitors/:", "body"];
  deleteMonitor: ["DELETE", "/evaluations/monitors/:"];
  pauseMonitor: ["POST", "/evaluations/monitors/:/pause"];
  resumeMonitor: ["POST", "/evaluations/monitors/:/resume"];
  triggerMonitor: ["POST", "/evaluations/monitors/:/trigger"];
  listMonitorRuns: ["GET", "/evaluations/monitors/:/runs", "page"];
  getHealth: ["GET", "/health", "once"];
  getReadiness: ["GET", "/ready", "once"];
}

/**
 * The paths of {@link OperationRoutes} in a short form: by method and what it takes; `$` stands for `Trace` and
 * `Session` in names, and for `trace` and `session` in paths; one without a slash in front is below `/evaluations/`.
 */
export const shortRoutes: readonly ShortRoutes<keyof Operations>[] = [
  ["DELETE", {
    delete$: "/$s/:",
    delete$Run: "$-runs/:",
    delete$Score: "$-scores/:",
    deleteMonitor: "monitors/:",
  }],
  ["GET", {
    stream$Run: "$-runs/:/events",
  }, "events"],
  ["GET", {
    getTraceRunTemplate: "trace-runs/template",
  }, "metric"],
  ["GET", {
    getHealth: "/health",
    getReadiness: "/ready",
  }, "once"],
  ["GET", {
    list$s: "/$s",
    listTraceUsers: "/traces/users",
    list$Runs: "$-runs",
    list$Scores: "$-scores",
    getSessionScoreComparison: "analytics/session-scores/comparison",
    listMonitors: "monitors",
    listMonitorRuns: "monitors/:/runs",
  }, "page"],
  ["GET", {
    listSpans: "/traces/:/spans",
    get$Analytics: "/$s/analytics",
    getSession: "/sessions/:",
    get$RunScores: "$-runs/:/scores",
    get$Scores: "$-scores/:",
    get$ScoreSummary: "analytics/$-scores/summary",
    get$ScoreTrend: "analytics/$-scores/trend",
    get$ScoreDistribution: "analytics/$-scores/distribution",
    getSessionScoreHistory: "analytics/session-scores/history/:",
  }, "query"],
  ["GET", {
    getTrace: "/traces/:",
    list$Metrics: "$-metrics",
    listProviders: "providers",
    get$Run: "$-runs/:",
    getTraceScoreRevisions: "trace-scores/:/revisions",
    getMonitor: "monitors/:",
  }],
  ["PATCH", {
    updateTrace: "/traces/:",
    updateSpan: "/traces/:/spans/:",
    updateTraceScore: "trace-scores/:",
    updateMonitor: "monitors/:",
  }, "body"],
  ["POST", {
    createTrace: "/traces",
    createSpans: "/traces/:/spans",
    createTraceBatch: "/traces/batch",
    deleteTraces: "/traces/batch/delete",
    tagTraces: "/traces/batch/tags",
    create$Run: "$-runs",
    estimate$Run: "$-runs/estimate",
    create$RunBatch: "$-runs/batch",
    retry$Run: "$-runs/:/retry",
    createTraceScore: "trace-scores",
    createMonitor: "monitors",
  }, "body"],
  ["POST", {
    cancel$Run: "$-runs/:/cancel",
    pauseMonitor: "monitors/:/pause",
    resumeMonitor: "monitors/:/resume",
    triggerMonitor: "monitors/:/trigger",
  }],
];
