import type { Contract } from "@pandaprobe/contract";
import type { Handlers } from "./operation-handler.ts";
import { agreements } from "./operations/agreements.ts";
import { apiKeys } from "./operations/api-keys.ts";
import { auditLog } from "./operations/audit-log.ts";
import { comparisons } from "./operations/comparisons.ts";
import { metrics } from "./operations/metrics.ts";
import { monitors } from "./operations/monitors.ts";
import { operations } from "./operations/operations.ts";
import { ownMetrics } from "./operations/own-metrics.ts";
import { projects } from "./operations/projects.ts";
import { reviewItems } from "./operations/review-items.ts";
import { reviewQueues } from "./operations/review-queues.ts";
import { scoreAnalytics } from "./operations/score-analytics.ts";
import { sessionRuns } from "./operations/session-runs.ts";
import { sessionScores } from "./operations/session-scores.ts";
import { sessions } from "./operations/sessions.ts";
import { settings } from "./operations/settings.ts";
import { spanScores } from "./operations/span-scores.ts";
import { spans } from "./operations/spans.ts";
import { traceAnalytics } from "./operations/trace-analytics.ts";
import { traceBatches } from "./operations/trace-batches.ts";
import { traceRuns } from "./operations/trace-runs.ts";
import { traceScores } from "./operations/trace-scores.ts";
import { traces } from "./operations/traces.ts";

/** The handlers of all operations, by resource. A missing one breaks the build. */
export const handlers: { readonly [Resource in keyof Contract]: Handlers<Contract[Resource]> } = {
  traces,
  spans,
  traceBatches,
  traceAnalytics,
  sessions,
  metrics,
  ownMetrics,
  traceRuns,
  traceScores,
  sessionRuns,
  sessionScores,
  spanScores,
  scoreAnalytics,
  agreements,
  comparisons,
  reviewQueues,
  reviewItems,
  monitors,
  projects,
  apiKeys,
  auditLog,
  settings,
  operations,
};
