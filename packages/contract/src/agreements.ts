import { z } from "zod";
import { ScoreSource } from "./common/enums.ts";
import { uuid } from "./common/ids.ts";
import { limits } from "./common/limits.ts";
import type { RouteMetadata } from "./common/metadata.ts";
import { c } from "./common/router.ts";
import { text } from "./common/text.ts";
import { modelName } from "./judging.ts";
import { metricVersion } from "./metric-definitions.ts";
import { EvalRunFilters } from "./trace-runs.ts";

export const Interval = z
  .object({ low: z.number(), high: z.number() })
  .meta({ id: "Interval", description: "An interval at 95 % confidence, from a bootstrap over sessions." });
export type Interval = z.infer<typeof Interval>;

export const LabelSelection = z
  .enum(["random", "targeted", "correction"])
  .meta({ id: "LabelSelection", description: "How a trace or session was chosen for a person to score." });
export type LabelSelection = z.infer<typeof LabelSelection>;

export const JudgeFilter = z
  .strictObject({
    source: z.enum(["AUTOMATED", "PROGRAMMATIC"]).optional(),
    model: modelName.optional().describe("The judge as `provider/model`, as in the metadata of scores."),
  })
  .meta({
    id: "JudgeFilter",
    description: "Which scores count as the judge's. Default: all AUTOMATED and PROGRAMMATIC ones.",
  });
export type JudgeFilter = z.infer<typeof JudgeFilter>;

export const ComputeAgreementRequest = z
  .strictObject({
    metric: text(1, limits.label).describe("The name of the scores, of people and judge alike."),
    target_type: z
      .enum(["TRACE", "SESSION"])
      .default("TRACE")
      .describe("Whose scores are compared: those of traces, or those of sessions."),
    version: metricVersion
      .optional()
      .describe("Only scores from runs with this version of a metric of your own. Default: any version."),
    filters: EvalRunFilters.optional().describe("Only these traces, or sessions with such a trace."),
    threshold: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe("A value at or above it is a pass. Default: the metric's own, 0.5 for your own labels."),
    judge: JudgeFilter.optional(),
    split: z
      .enum(["dev", "test"])
      .optional()
      .describe("One half of the sessions, always the same: improve a judge on `dev`, test it on `test`."),
    seed: z.int().min(0).max(4_294_967_295).default(1).describe("The same seed gives the same intervals."),
  })
  .meta({ id: "ComputeAgreementRequest", examples: [{ metric: "task_completion", split: "test" }] });
export type ComputeAgreementRequest = z.infer<typeof ComputeAgreementRequest>;

const rate = z.number().nullable();
const scored = {
  score_id: uuid,
  value: z.number(),
  reason: z.string().nullable().describe("Its first 500 characters."),
};

export const JudgeOpinion = z
  .object({ ...scored, source: ScoreSource, model: z.string().nullable() })
  .meta({ id: "JudgeOpinion", description: "A judge's score, without a person's correction." });
export type JudgeOpinion = z.infer<typeof JudgeOpinion>;

export const PersonOpinion = z
  .object({ ...scored, author_user_id: z.string().nullable() })
  .meta({ id: "PersonOpinion", description: "A person's score." });
export type PersonOpinion = z.infer<typeof PersonOpinion>;

export const Disagreement = z
  .object({
    trace_id: uuid.nullable().describe("`null` for a session."),
    session_id: z.string().nullable(),
    selection: LabelSelection,
    judge: JudgeOpinion,
    person: PersonOpinion,
  })
  .meta({
    id: "Disagreement",
    description: "A trace or session that the judge passes and a person fails, or the reverse.",
  });
export type Disagreement = z.infer<typeof Disagreement>;

export const Confusion = z.object({ tp: z.int(), fp: z.int(), fn: z.int(), tn: z.int() }).meta({
  id: "Confusion",
  description:
    "Positive means passed, and people count as right: `fp` are traces that only the judge passes.",
});
export type Confusion = z.infer<typeof Confusion>;

export const PassRates = z
  .object({
    judge: rate.describe("Of all traces that the judge scored."),
    judged_count: z.int().describe("How many these are."),
    corrected: rate.describe(
      "The rate that people would find: the judge's, corrected for its errors. `null` for a judge that is no better than chance.",
    ),
    ci: Interval.nullable().describe("Of the corrected rate."),
  })
  .meta({ id: "PassRates", description: "How many traces pass." });
export type PassRates = z.infer<typeof PassRates>;

export const LabelsLeftOut = z
  .object({
    targeted: z.int().describe("Scores of traces that people picked for a reason."),
    corrections: z.int().describe("Judge's scores that people changed."),
    ties: z.int().describe("Traces that as many people pass as fail."),
    without_judge: z.int().describe("Traces that no judge scored."),
    without_value: z.int().describe("Scores without a number: categories, and judges that failed."),
    not_applicable: z.int().describe("Traces in which the judge found nothing to judge."),
  })
  .meta({ id: "LabelsLeftOut", description: "What the figures leave out, and why." });
export type LabelsLeftOut = z.infer<typeof LabelsLeftOut>;

export const Agreement = z
  .object({
    metric: z.string(),
    threshold: z.number(),
    n: z
      .int()
      .describe(
        "Traces or sessions, drawn at random, that people and the judge scored. All figures are about these.",
      ),
    confusion: Confusion,
    kappa: rate.describe("Cohen's κ: 1 is perfect, 0 is chance."),
    kappa_ci: Interval.nullable(),
    alpha: rate.describe("Krippendorff's α between people, over the traces that several of them scored."),
    tpr: rate.describe("The share of traces that people pass and the judge passes too."),
    tnr: rate.describe("The share of traces that people fail and the judge fails too."),
    auc: rate.describe(
      "How often the judge gives a passed trace a higher value than a failed one. 0.5 is chance.",
    ),
    brier: rate.describe(
      "The mean squared distance of the judge's value from people's verdict, 1 or 0. 0 is best.",
    ),
    pass_rate: PassRates,
    left_out: LabelsLeftOut,
    not_enough: z
      .array(z.string())
      .describe("Why figures are `null`: agreement needs 30 traces, and a rate needs 10 of its class."),
    disagreement_count: z.int(),
    disagreements: z
      .array(Disagreement)
      .describe(
        "Up to 50, including targeted ones and corrections, those in which the judge is surest first.",
      ),
  })
  .meta({ id: "Agreement", description: "How far a judge agrees with people." });
export type Agreement = z.infer<typeof Agreement>;

const reads = {
  tag: "Agreement",
  scope: "read",
  errors: ["invalid_filters", "unknown_metric"],
} as const satisfies RouteMetadata;

export const agreements = c.router({
  computeAgreement: {
    method: "POST",
    path: "/evaluations/agreements",
    summary: "Compute how far a judge agrees with people",
    description:
      "Compares a metric's ANNOTATION scores with its AUTOMATED and PROGRAMMATIC ones, the newest of each author on a trace or session. Scores by people count as drawn at random unless their `metadata.selection` is `targeted`. At most the newest 100,000 scores of each side are read. Nothing is stored. A name that is no metric and that no score has is refused.",
    metadata: reads,
    body: ComputeAgreementRequest,
    responses: { 200: Agreement },
  },
});
