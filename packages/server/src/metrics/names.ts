/** The metrics that run on a trace alone, in the order in which they are listed everywhere. */
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

/** The metrics that need a whole session: its aggregates, and the signal that compares a trace with those before it. */
export const sessionOnlyMetrics: ReadonlySet<string> = new Set([
  "agent_reliability",
  "agent_consistency",
  "loop_detection",
]);
