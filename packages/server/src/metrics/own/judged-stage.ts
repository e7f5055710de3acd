import { targetTypeOf } from "@pandaprobe/contract/rules";
import { z } from "zod";
import type { Judge } from "../judge.ts";
import type { Findings, JudgedDefinition, Stage } from "../stage.ts";
import type { Subject } from "../subject.ts";
import type { Trace } from "../trace.ts";
import { atMetadataPath } from "./metadata-path.ts";

/** The single question of a project's own metric. */
export interface JudgedStage<Answer> extends Stage<Findings, Answer> {
  readonly asks: JudgedDefinition;
}

/** What a judge may cite: the numbers of steps. */
export const citedSteps = z
  .array(z.int())
  .describe("The numbers of the steps that the answer rests on; empty if it rests on none.");

/** The text before the question of a definition. */
export function preamble(definition: JudgedDefinition): string {
  const record =
    targetTypeOf(definition) === "SESSION"
      ? "The record is a whole conversation: each step is one request to the agent with its answer, in the order they came."
      : "";
  const reference =
    definition.reference == null
      ? ""
      : 'The record "reference" is what was expected of the agent. The agent did not see it.';
  return [definition.instructions ?? "", record, reference].filter(Boolean).join("\n\n");
}

/** The placeholder for what a definition shows besides the trace. */
export function referencePlaceholder({ reference }: JudgedDefinition): Findings {
  return reference == null ? {} : { reference: `… what the trace's metadata hold at ${reference} …` };
}

/** Asks the question. @returns `undefined` if the trace lacks the reference. */
export async function askJudge<Answer>(
  stage: JudgedStage<Answer>,
  subject: Subject,
  judge: Judge,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const { reference: path } = stage.asks;
  if (path == null) return judge.ask(stage, subject, {}, signal);
  const reference = atMetadataPath(subject.trace, path);
  return reference === undefined ? undefined : judge.ask(stage, subject, { reference }, signal);
}

/** The ids of cited steps. Numbers of steps that do not exist are dropped. */
export function citedSpans({ spans }: Trace, steps: readonly number[]): string[] {
  return [...new Set(steps)].flatMap((step) => spans[step - 1]?.span_id ?? []);
}
