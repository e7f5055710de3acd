import type { Configuration } from "../configuration.ts";
import { Methods } from "./methods.ts";
import type { MetricMethods } from "./metric-methods.ts";
import type { MonitorMethods } from "./monitor-methods.ts";
import type { OperationMethods } from "./operation-methods.ts";
import type { ScoreAnalyticsMethods } from "./score-analytics-methods.ts";
import type { SessionMethods } from "./session-methods.ts";
import type { SessionRunMethods } from "./session-run-methods.ts";
import type { SessionScoreMethods } from "./session-score-methods.ts";
import type { SpanMethods } from "./span-methods.ts";
import type { TraceAnalyticsMethods } from "./trace-analytics-methods.ts";
import type { TraceBatchMethods } from "./trace-batch-methods.ts";
import type { TraceMethods } from "./trace-methods.ts";
import type { TraceRunMethods } from "./trace-run-methods.ts";
import type { TraceScoreMethods } from "./trace-score-methods.ts";

interface MadeMethods
  extends MetricMethods,
    MonitorMethods,
    OperationMethods,
    ScoreAnalyticsMethods,
    SessionMethods,
    SessionRunMethods,
    SessionScoreMethods,
    SpanMethods,
    TraceMethods,
    TraceAnalyticsMethods,
    TraceBatchMethods,
    TraceRunMethods,
    TraceScoreMethods {}

/** All methods of the API. They are on the prototype, where types do not show them. */
export const ApiMethods = Methods as unknown as abstract new (
  configuration: Configuration,
) => Methods & MadeMethods;
