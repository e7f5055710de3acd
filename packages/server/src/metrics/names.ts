export { sessionOnlyMetrics } from "./session/registry.ts";

/** The metrics of a single trace, in the order in which they are listed everywhere. */
export const traceMetricNames = [
  "task_completion",
  "tool_correctness",
  "argument_correctness",
  "step_efficiency",
  "confidence",
  "plan_adherence",
  "plan_quality",
  "coherence",
] as const;

export type TraceMetricName = (typeof traceMetricNames)[number];
