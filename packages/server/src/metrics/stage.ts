import type { MetricDefinition } from "@pandaprobe/contract";
import type { z } from "zod";

/**
 * One structured question to a judge. `Given` is the findings of earlier stages, `Answer` is what the judge must
 * return.
 *
 * A stage is data: the LLM judge renders it as a prompt (`prompt.ts`), the heuristic judge looks up its name, and the
 * run template shows it with placeholders.
 */
export interface Stage<Given, Answer, Name extends string = string> {
  /** Unique: `<metric>.<stage>`, or the bare stage (`task`, `plan`) where several metrics share it. */
  readonly name: Name;
  /** The question. Only our own text: no text from a trace ever goes in here. */
  readonly instructions: string;
  /** Whether the judge is shown the trace itself or only `Given`. */
  readonly showsTrace: boolean;
  /** The values that stand in for `Given` in previews, by label. */
  readonly placeholder: Given;
  readonly schema: z.ZodType<Answer>;
  /** The definition behind the question of a project's own metric, for a judge that reads no instructions. */
  readonly asks?: JudgedDefinition | undefined;
}

/** The input of a stage. The judge is shown each property under its name. */
export type Findings = Readonly<Record<string, unknown>>;

/** A stage whose types do not matter, only its question. */
export type AnyStage = Stage<Findings, unknown>;

/** A definition that asks a judge. */
export type JudgedDefinition = Extract<MetricDefinition, { readonly kind: "checklist" | "scale" }>;

/** Declares a stage and infers its types from the placeholder and the schema. */
export function defineStage<const Name extends string, Given extends Findings, Answer>(
  stage: Stage<Given, Answer, Name>,
): Stage<Given, Answer, Name> {
  return stage;
}
