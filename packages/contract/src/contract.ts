import { agreements } from "./agreements.ts";
import { apiKeys } from "./api-keys.ts";
import { auditLog } from "./audit-log.ts";
import { problemResponses } from "./common/problem.ts";
import { c } from "./common/router.ts";
import { comparisons } from "./comparisons.ts";
import { metrics } from "./metrics.ts";
import { monitors } from "./monitors.ts";
import { operations } from "./operations.ts";
import { ownMetrics } from "./own-metrics.ts";
import { projects } from "./projects.ts";
import { reviewItems } from "./review-items.ts";
import { reviewQueues } from "./review-queues.ts";
import { scoreAnalytics } from "./score-analytics.ts";
import { sessionRuns } from "./session-runs.ts";
import { sessionScores } from "./session-scores.ts";
import { sessions } from "./sessions.ts";
import { settings } from "./settings.ts";
import { spanScores } from "./span-scores.ts";
import { spans } from "./spans.ts";
import { traceAnalytics } from "./trace-analytics.ts";
import { traceBatches } from "./trace-batches.ts";
import { traceRuns } from "./trace-runs.ts";
import { traceScores } from "./trace-scores.ts";
import { traces } from "./traces.ts";

/** By name, because the compiler cannot write down the type of all endpoints at once in declarations. */
type Routes = {
  readonly traces: typeof traces;
  readonly spans: typeof spans;
  readonly traceBatches: typeof traceBatches;
  readonly traceAnalytics: typeof traceAnalytics;
  readonly sessions: typeof sessions;
  readonly metrics: typeof metrics;
  readonly ownMetrics: typeof ownMetrics;
  readonly traceRuns: typeof traceRuns;
  readonly traceScores: typeof traceScores;
  readonly sessionRuns: typeof sessionRuns;
  readonly sessionScores: typeof sessionScores;
  readonly spanScores: typeof spanScores;
  readonly scoreAnalytics: typeof scoreAnalytics;
  readonly agreements: typeof agreements;
  readonly comparisons: typeof comparisons;
  readonly reviewQueues: typeof reviewQueues;
  readonly reviewItems: typeof reviewItems;
  readonly monitors: typeof monitors;
  readonly projects: typeof projects;
  readonly apiKeys: typeof apiKeys;
  readonly auditLog: typeof auditLog;
  readonly settings: typeof settings;
  readonly operations: typeof operations;
};

const options = { strictStatusCodes: true, commonResponses: problemResponses } as const;

/** The whole API: every endpoint, by resource. */
export const contract: ReturnType<typeof c.router<Routes, string, typeof options>> = c.router(
  {
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
  },
  options,
);
export type Contract = typeof contract;
