import type { SessionMetricName } from "../catalogue.ts";
import { agentConsistency } from "./agent-consistency.ts";
import { agentReliability } from "./agent-reliability.ts";
import type { SessionMetric } from "./session-metric.ts";

const byName: Readonly<Record<SessionMetricName, SessionMetric>> = {
  agent_reliability: agentReliability,
  agent_consistency: agentConsistency,
};

/** The metric of a whole session with this name, if there is one. */
export function findSessionMetric(name: string): SessionMetric | undefined {
  return Object.values(byName).find((metric) => metric.name === name);
}
