import { coherence } from "../coherence.ts";
import { confidence } from "../confidence.ts";
import { LOOP_DETECTION, loopDetection, type SessionPlace } from "../loop-detection.ts";
import type { TraceMetric } from "../metric.ts";
import { toolCorrectness } from "../tool-correctness.ts";
import { agentConsistency } from "./agent-consistency.ts";
import { agentReliability } from "./agent-reliability.ts";
import type { SessionMetric } from "./session-metric.ts";
import { SIGNALS, type Signal } from "./signals.ts";

/** Every metric of a whole session. */
export const sessionMetrics: readonly SessionMetric[] = [agentReliability, agentConsistency];

/** What can only be scored in a session: its metrics, and the signal that compares a trace with those before it. */
export const sessionOnlyMetrics: ReadonlySet<string> = new Set([
  ...sessionMetrics.map(({ name }) => name),
  LOOP_DETECTION,
]);

/** The metrics that produce the signals of a trace at this place in its session. */
export function signalMetrics(place: SessionPlace): TraceMetric[] {
  const bySignal: Readonly<Record<Signal, TraceMetric>> = {
    confidence,
    loop_detection: loopDetection(place),
    tool_correctness: toolCorrectness,
    coherence,
  };
  return SIGNALS.map((signal) => bySignal[signal]);
}
