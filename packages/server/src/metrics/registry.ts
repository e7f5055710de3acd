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
import type { AnyStage, Stage } from "./stage.ts";
import { stepEfficiency } from "./step-efficiency.ts";
import { taskCompletion } from "./task-completion.ts";
import { toolCorrectness } from "./tool-correctness.ts";

const byName = {
  task_completion: taskCompletion,
  tool_correctness: toolCorrectness,
  argument_correctness: argumentCorrectness,
  step_efficiency: stepEfficiency,
  confidence,
  plan_adherence: planAdherence,
  plan_quality: planQuality,
  coherence,
} as const satisfies Readonly<Record<TraceMetricName, TraceMetric>>;

/** Every metric of a single trace, in the order of `traceMetricNames`. */
export const traceMetrics: readonly TraceMetric[] = traceMetricNames.map((name) => byName[name]);

/** Every stage of the built-in metrics, once each. */
export const builtInStages: readonly AnyStage[] = [
  ...new Set(traceMetrics.flatMap(({ stages }) => Object.values(stages))),
];

type StagesOf<Name extends TraceMetricName> = (typeof byName)[Name]["stages"];
type BuiltInStage = { [Name in TraceMetricName]: StagesOf<Name>[keyof StagesOf<Name>] }[TraceMetricName];

export type StageName = BuiltInStage["name"];

type StageNamed<Name extends StageName> = Extract<BuiltInStage, { readonly name: Name }>;

/** The input of the stage with this name. */
export type GivenOf<Name extends StageName> = StageNamed<Name>["placeholder"];

/** The answer of the stage with this name. */
export type AnswerOf<Name extends StageName> =
  StageNamed<Name> extends Stage<infer _Given, infer Answer> ? Answer : never;

/** The metric with this name, if there is one. @param own the project's own, which overrides a built-in one. */
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
