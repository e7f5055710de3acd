import type { z } from "zod";

/**
 * One structured question to a judge. `Given` is what earlier stages found out, `Answer` what the judge must return.
 *
 * A stage is data: the LLM judge renders it as a prompt (`prompt.ts`), the heuristic judge looks its name up, and the
 * run template shows it with placeholders. All three therefore speak of the same question.
 */
export interface Stage<Given, Answer, Name extends string = string> {
  /** Unique: `<metric>.<stage>`, or the bare stage (`task`, `plan`) where several metrics share it. */
  readonly name: Name;
  /** What is asked. Ours alone: nothing of a trace is ever put in here. */
  readonly instructions: string;
  /** Whether the judge is shown the trace itself, or only `Given`. */
  readonly showsTrace: boolean;
  /** What the judge is shown of `Given`, by label; placeholder values stand in for it in previews. */
  readonly placeholder: Given;
  readonly schema: z.ZodType<Answer>;
}

/** What a stage is given: each property is shown to the judge under its own name. */
export type Findings = Readonly<Record<string, unknown>>;

/** Any stage, where only its question matters. */
export type AnyStage = Stage<Findings, unknown>;

/** Declares a stage, inferring its types from the placeholder and the schema. */
export function defineStage<const Name extends string, Given extends Findings, Answer>(
  stage: Stage<Given, Answer, Name>,
): Stage<Given, Answer, Name> {
  return stage;
}
