// Made from the contract by scripts/generate.ts; change the contract, then run: pnpm --filter @pandaprobe/sdk generate

import type { Route } from "../route.ts";

/** How each operation goes over the wire, by resource. */
export const routes = {
  "/traces": {
    createTrace: "POST body",
    listTraces: "GET page",
    getTrace: "GET /:",
    updateTrace: "PATCH /: body",
    deleteTrace: "DELETE /:",
    createSpans: "POST /:/spans body",
    listSpans: "GET /:/spans query",
    updateSpan: "PATCH /:/spans/: body",
    createTraceBatch: "POST /batch body",
    deleteTraces: "POST /batch/delete body",
    tagTraces: "POST /batch/tags body",
    getTraceAnalytics: "GET /analytics query",
    listTraceUsers: "GET /users page",
  },
  "/sessions": {
    listSessions: "GET page",
    getSessionAnalytics: "GET /analytics query",
    getSession: "GET /: query",
    deleteSession: "DELETE /:",
  },
  "/evaluations/trace-metrics": {
    listTraceMetrics: "GET",
  },
  "/evaluations/session-metrics": {
    listSessionMetrics: "GET",
  },
  "/evaluations/providers": {
    listProviders: "GET",
  },
  "/evaluations/trace-runs": {
    createTraceRun: "POST body",
    estimateTraceRun: "POST /estimate body",
    createTraceRunBatch: "POST /batch body",
    getTraceRunTemplate: "GET /template metric",
    listTraceRuns: "GET page",
    getTraceRun: "GET /:",
    streamTraceRun: "GET /:/events events",
    getTraceRunScores: "GET /:/scores query",
    retryTraceRun: "POST /:/retry body",
    cancelTraceRun: "POST /:/cancel",
    deleteTraceRun: "DELETE /:",
  },
  "/evaluations/trace-scores": {
    createTraceScore: "POST body",
    listTraceScores: "GET page",
    getTraceScores: "GET /:",
    updateTraceScore: "PATCH /: body",
    getTraceScoreRevisions: "GET /:/revisions",
    deleteTraceScore: "DELETE /:",
  },
  "/evaluations/session-runs": {
    createSessionRun: "POST body",
    estimateSessionRun: "POST /estimate body",
    createSessionRunBatch: "POST /batch body",
    listSessionRuns: "GET page",
    getSessionRun: "GET /:",
    streamSessionRun: "GET /:/events events",
    getSessionRunScores: "GET /:/scores query",
    retrySessionRun: "POST /:/retry body",
    cancelSessionRun: "POST /:/cancel",
    deleteSessionRun: "DELETE /:",
  },
  "/evaluations/session-scores": {
    listSessionScores: "GET page",
    getSessionScores: "GET /:",
    deleteSessionScore: "DELETE /:",
  },
  "/evaluations/analytics/trace-scores": {
    getTraceScoreSummary: "GET /summary query",
    getTraceScoreTrend: "GET /trend query",
    getTraceScoreDistribution: "GET /distribution query",
  },
  "/evaluations/analytics/session-scores": {
    getSessionScoreSummary: "GET /summary query",
    getSessionScoreTrend: "GET /trend query",
    getSessionScoreDistribution: "GET /distribution query",
    getSessionScoreHistory: "GET /history/: query",
    getSessionScoreComparison: "GET /comparison page",
  },
  "/evaluations/monitors": {
    createMonitor: "POST body",
    listMonitors: "GET page",
    getMonitor: "GET /:",
    updateMonitor: "PATCH /: body",
    deleteMonitor: "DELETE /:",
    pauseMonitor: "POST /:/pause",
    resumeMonitor: "POST /:/resume",
    triggerMonitor: "POST /:/trigger",
    listMonitorRuns: "GET /:/runs page",
  },
  "/health": {
    getHealth: "GET once",
  },
  "/ready": {
    getReadiness: "GET once",
  },
} as const satisfies Record<string, Record<string, Route>>;
