import { SIGNALS, type Signal } from "@pandaprobe/contract/rules";
import { coherence } from "./coherence.ts";
import { confidence } from "./confidence.ts";
import { loopDetection, type SessionPlace } from "./loop-detection.ts";
import type { TraceMetric } from "./metric.ts";
import { toolCorrectness } from "./tool-correctness.ts";

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
