import { type MetricResult, round4 } from "@pandaprobe/contract/rules";
import { z } from "zod";
import type { Judge } from "../judge.ts";
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

export type Checklist = Extract<JudgedDefinition, { readonly kind: "checklist" }>;

interface CriterionAnswer {
  readonly id: string;
  readonly answer: "yes" | "no";
  readonly why: string;
  readonly steps: readonly number[];
}

export interface ChecklistAnswer {
  readonly answers: readonly CriterionAnswer[];
}

/** All criteria as one question. */
export function checklistStage(name: string, checklist: Checklist): JudgedStage<ChecklistAnswer> {
  const ids = checklist.criteria.map(({ id }) => id);
  const lines = checklist.criteria.map(({ id, question }) => `- ${id}: ${question}`);
  return {
    name: `${name}.checklist`,
    instructions: `
${preamble(checklist)}

Answer each of these questions about the record with yes or no. Take each by itself, in "answers", with its id:
${lines.join("\n")}

"yes" only if the record bears it out. If the record does not show it, the answer is "no", unless the question asks whether something is absent. Say why in one sentence of English.
`,
    showsTrace: true,
    placeholder: referencePlaceholder(checklist),
    schema: z.object({
      answers: z
        .array(
          z.object({
            id: z.enum(ids),
            answer: z.enum(["yes", "no"]),
            why: z.string().describe("Why, in one sentence that names the steps or quotations it rests on."),
            steps: citedSteps,
          }),
        )
        .refine((answers) => isComplete(answers, ids), { error: "not exactly one answer to each question" }),
    }),
    asks: checklist,
  };
}

function isComplete(answers: readonly CriterionAnswer[], ids: readonly string[]): boolean {
  return answers.length === ids.length && new Set(answers.map(({ id }) => id)).size === ids.length;
}

/** The weighted share of yes: `Σ weight of yes / Σ weight`. A no to a required question limits it to `cap`, or to 0. */
export async function judgeChecklist(
  stage: JudgedStage<ChecklistAnswer>,
  checklist: Checklist,
  subject: Subject,
  judge: Judge,
  signal: AbortSignal,
): Promise<MetricResult> {
  const answered = await askJudge(stage, subject, judge, signal);
  if (answered === undefined) return withoutReference(checklist.reference ?? "");
  const given = new Map(answered.answers.map((answer) => [answer.id, answer]));
  const judged = checklist.criteria.map(({ id, weight, required }) => {
    const { answer = "no", why = "", steps = [] } = given.get(id) ?? {};
    return { id, answer, why, steps, weight: weight ?? 1, required: required ?? false };
  });
  const total = judged.reduce((sum, { weight }) => sum + weight, 0);
  const missed = judged.filter(({ answer }) => answer === "no");
  const share = 1 - missed.reduce((sum, { weight }) => sum + weight, 0) / total;
  const isCapped = missed.some(({ required }) => required);
  return {
    score: isCapped ? Math.min(share, checklist.cap ?? 0) : share,
    reason: reasonFor(judged.length, missed, { share, isCapped, cap: checklist.cap ?? 0 }),
    metadata: {
      answers: judged.map(({ id, answer, why, steps }) => ({
        id,
        answer,
        why,
        spans: citedSpans(subject.trace, steps),
      })),
      weighted_share: round4(share),
    },
  };
}

/** How many answers of no a reason quotes. */
const mostQuoted = 3;

function reasonFor(
  count: number,
  missed: readonly { readonly id: string; readonly why: string; readonly required: boolean }[],
  { share, isCapped, cap }: { readonly share: number; readonly isCapped: boolean; readonly cap: number },
): string {
  if (missed.length === 0) return `Yes to ${count === 1 ? "the question" : `all ${count} questions`}.`;
  const quoted = [...missed].sort((a, b) => Number(b.required) - Number(a.required)).slice(0, mostQuoted);
  const parts = quoted.map(({ id, why, required }) => `${id}${required ? " (required)" : ""}: ${why}`);
  const more = missed.length > quoted.length ? [`and ${missed.length - quoted.length} more`] : [];
  const limit = isCapped ? ` A required one limits the score to ${cap}.` : "";
  return `Yes to ${count - missed.length} of ${count} questions (weighted ${round4(share)}).${limit} No to ${[...parts, ...more].join("; ")}`;
}
