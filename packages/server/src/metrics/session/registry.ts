import { LOOP_DETECTION } from "../loop-detection.ts";
import { agentConsistency } from "./agent-consistency.ts";
import { agentReliability } from "./agent-reliability.ts";
import type { SessionMetric } from "./session-metric.ts";

/** Every metric of a whole session. */
export const sessionMetrics: readonly SessionMetric[] = [agentReliability, agentConsistency];

/** What can be scored in a session only: its metrics, and the signal that compares a trace with those before it. */
export const sessionOnlyMetrics: ReadonlySet<string> = new Set([
  ...sessionMetrics.map(({ name }) => name),
  LOOP_DETECTION,
]);
