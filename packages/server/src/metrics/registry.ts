import {
  type OwnMetric,
  SIGNALS,
  type Signal,
  type TraceMetricName,
  traceMetricNames,
} from "@pandaprobe/contract/rules";
import { argumentCorrectness } from "./argument-correctness.ts";
import { coherence } from "./coherence.ts";
import { confidence } from "./confidence.ts";
import { loopDetection, type SessionPlace } from "./loop-detection.ts";
import type { TraceMetric } from "./metric.ts";
import { createOwnMetric } from "./own/own-metric.ts";
import { planAdherence } from "./plan-adherence.ts";
import { planQuality } from "./plan-quality.ts";
import { stepEfficiency } from "./step-efficiency.ts";
import { taskCompletion } from "./task-completion.ts";
import { toolCorrectness } from "./tool-correctness.ts";

const byName: Readonly<Record<TraceMetricName, TraceMetric>> = {
  task_completion: taskCompletion,
  tool_correctness: toolCorrectness,
  argument_correctness: argumentCorrectness,
  step_efficiency: stepEfficiency,
  confidence,
  plan_adherence: planAdherence,
  plan_quality: planQuality,
  coherence,
};

/** Every metric of a single trace, in the order of `traceMetricNames`. */
export const traceMetrics: readonly TraceMetric[] = traceMetricNames.map((name) => byName[name]);

/** The metric with this name, if there is one. @param own the project's own, which goes before a built-in one. */
export function findTraceMetric(name: string, own?: OwnMetric): TraceMetric | undefined {
  if (own !== undefined) return createOwnMetric(own);
  return traceMetrics.find((metric) => metric.name === name);
}

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
