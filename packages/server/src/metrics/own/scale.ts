import type { MetricResult } from "@pandaprobe/contract/rules";
import { z } from "zod";
import type { Judge } from "../judge.ts";
import { reasonSchema } from "../shared-stages.ts";
import type { JudgedDefinition } from "../stage.ts";
import type { Subject } from "../subject.ts";
import { withoutReference } from "./check-result.ts";
import {
  askJudge,
  citedSpans,
  citedSteps,
  type JudgedStage,
  preamble,
  referencePlaceholder,
} from "./judged-stage.ts";

export type Scale = Extract<JudgedDefinition, { readonly kind: "scale" }>;

export interface ScaleAnswer {
  readonly value: number;
  readonly reason: string;
  readonly steps: readonly number[];
}

/** The lowest and the highest value of a scale. */
function scaleRange({ anchors }: Scale): { readonly low: number; readonly high: number } {
  const values = anchors.map(({ value }) => value);
  return { low: Math.min(...values), high: Math.max(...values) };
}

export function scaleStage(name: string, scale: Scale): JudgedStage<ScaleAnswer> {
  const { low, high } = scaleRange(scale);
  const anchors = [...scale.anchors].sort((a, b) => b.value - a.value);
  return {
    name: `${name}.scale`,
    instructions: `
${preamble(scale)}

Give one value for the record on this scale, in "value":
${anchors.map(({ value, text }) => `- ${value}: ${text}`).join("\n")}

Values between two anchors are allowed. If the record does not show what the scale is about, take the lowest value.
`,
    showsTrace: true,
    placeholder: referencePlaceholder(scale),
    schema: z.object({
      value: z.number().min(low).max(high).describe(`The value, from ${low} to ${high}.`),
      reason: reasonSchema,
      steps: citedSteps,
    }),
    asks: scale,
  };
}

/** `(value − lowest anchor) / (highest anchor − lowest anchor)`. */
export async function judgeScale(
  stage: JudgedStage<ScaleAnswer>,
  scale: Scale,
  subject: Subject,
  judge: Judge,
  signal: AbortSignal,
): Promise<MetricResult> {
  const answer = await askJudge(stage, subject, judge, signal);
  if (answer === undefined) return withoutReference(scale.reference ?? "");
  const { low, high } = scaleRange(scale);
  return {
    score: (answer.value - low) / (high - low),
    reason: answer.reason,
    metadata: {
      value: answer.value,
      scale: { low, high },
      spans: citedSpans(subject.trace, answer.steps),
    },
  };
}
