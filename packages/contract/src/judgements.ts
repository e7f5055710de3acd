import { z } from "zod";
import { uuid } from "./common/ids.ts";
import { limits } from "./common/limits.ts";
import { queryInteger } from "./common/query.ts";
import { text } from "./common/text.ts";

export const JudgementSource = z.enum(["MODEL", "HEURISTIC", "RULE", "PERSON", "PROGRAM", "UNKNOWN"]).meta({
  id: "JudgementSource",
  description:
    "`MODEL`: asked questions. `HEURISTIC`: the built-in offline judge. `RULE`: computed from the trace. `PERSON` and `PROGRAM`: given. `UNKNOWN`: by a run that was deleted.",
});
export type JudgementSource = z.infer<typeof JudgementSource>;

export const JudgeQuestion = z
  .object({
    stage: z.string().describe("The name of the question within the metric."),
    system: z.string().describe("The instructions."),
    prompt: z.string().describe("The trace and earlier findings, as the judge is shown them."),
    answer: z
      .string()
      .nullable()
      .describe(
        "What the judge answered, as JSON. `null` if it is no longer stored, or if the trace or the server's settings have changed since, so that this is a different question.",
      ),
  })
  .meta({ id: "JudgeQuestion", description: `Each text is cut to ${limits.freeTextBytes} bytes.` });
export type JudgeQuestion = z.infer<typeof JudgeQuestion>;

export const ScoreJudgement = z
  .object({
    score_id: uuid,
    by: JudgementSource,
    note: z.string().nullable().describe("Why there are no questions. `null` if there are."),
    judges: z
      .array(z.string())
      .describe("The models that judged, as `provider/model`: more than one for a jury."),
    repeats: z.int().describe("How often each of them judged."),
    model: z.string().nullable().describe("The model that these questions were for."),
    repeat: z.int().nullable().describe("The repeat that these questions belong to, from 1."),
    stale: z.boolean().describe("Whether the trace changed after it was judged."),
    questions: z
      .array(JudgeQuestion)
      .describe(
        `In the order asked, the first ${limits.judgeQuestions}. A question that depends on an answer that is no longer stored is left out.`,
      ),
  })
  .meta({ id: "ScoreJudgement", description: "What a judge was asked for a score, and what it answered." });
export type ScoreJudgement = z.infer<typeof ScoreJudgement>;

export const judgementQuery = z.object({
  model: text(1, limits.name).optional().describe("A member of the jury. Default: the first."),
  repeat: queryInteger({ min: 1, max: limits.repeats })
    .default(1)
    .meta({ default: 1, description: "Which of the repeats. Default: 1." }),
});
