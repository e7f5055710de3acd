import { z } from "zod";
import { Interval } from "./agreements.ts";
import { ScorePreference } from "./common/enums.ts";
import { uuid } from "./common/ids.ts";
import { limits } from "./common/limits.ts";
import { list } from "./common/list.ts";
import type { RouteMetadata } from "./common/metadata.ts";
import { c } from "./common/router.ts";
import { text } from "./common/text.ts";
import { EvalRunFilters } from "./trace-runs.ts";

export const ComparedSide = z
  .strictObject({
    run_id: uuid.optional().describe("The scores of this trace run, which must have ended."),
    filters: EvalRunFilters.optional().describe("The newest score of each of these traces."),
  })
  .refine(({ run_id, filters }) => (run_id === undefined) !== (filters === undefined), {
    error: "must have either run_id or filters",
  })
  .meta({ id: "ComparedSide", description: "Which scores to compare: those of a run, or of some traces." });
export type ComparedSide = z.infer<typeof ComparedSide>;

const pairBy = text(1, limits.label).refine((value) => /^(?:trace_id|input|metadata\..+)$/s.test(value), {
  error: 'must be trace_id, input, or metadata. and a key, such as "metadata.case_id"',
});

export const CompareScoresRequest = z
  .strictObject({
    a: ComparedSide.describe("The baseline."),
    b: ComparedSide.describe("The side that is compared with `a`."),
    metrics: list(text(1, limits.label), 1, limits.comparedMetrics)
      .refine((names) => new Set(names).size === names.length, { error: "must be different names" })
      .describe("The names of the scores."),
    pair_by: pairBy
      .optional()
      .describe(
        "Which traces are the same case: `trace_id`, `input`, or `metadata.<key>`. Default: none; the sides are then two samples.",
      ),
    prefer: ScorePreference.optional().describe(
      "Whose scores come before a judge's. Default: only scores of judges and programs count, without corrections.",
    ),
    seed: z
      .int()
      .min(0)
      .max(4_294_967_295)
      .default(1)
      .describe("The same seed and scores give the same answer."),
  })
  .meta({
    id: "CompareScoresRequest",
    examples: [
      {
        a: { filters: { release: "v41" } },
        b: { filters: { release: "v42" } },
        metrics: ["task_completion"],
        pair_by: "metadata.case_id",
      },
    ],
  });
export type CompareScoresRequest = z.infer<typeof CompareScoresRequest>;

export const ComparisonVerdict = z
  .enum(["regressed", "improved", "no_significant_difference", "not_enough"])
  .meta({
    id: "ComparisonVerdict",
    description:
      "`regressed` and `improved`: `p_adjusted` is at most 0.05. `not_enough`: fewer than 6 sessions, so no p-value.",
  });
export type ComparisonVerdict = z.infer<typeof ComparisonVerdict>;

const figure = z.number().nullable();

export const SideFigures = z
  .object({
    score_count: z.int().describe("Scores that the figures count."),
    mean: figure,
    pass_rate: figure.describe("Of the scores that have a threshold."),
    unpaired_count: z
      .int()
      .describe("Scores without a counterpart on the other side. No figure includes them."),
    not_applicable_count: z.int().describe("Scores with nothing to judge. No figure includes them."),
    without_value_count: z
      .int()
      .describe("Scores without a number: judges that failed, and categories. No figure includes them."),
  })
  .meta({ id: "SideFigures", description: "One side of a comparison." });
export type SideFigures = z.infer<typeof SideFigures>;

export const RegressedScore = z
  .object({
    value: z.number().describe("The mean of the case's scores on this side."),
    score_count: z.int(),
    score_id: uuid.describe("The case's lowest score in `b`, its highest in `a`."),
    trace_id: uuid,
    session_id: z.string().nullable(),
    reason: z.string().nullable().describe("Its first 500 characters."),
  })
  .meta({ id: "RegressedScore", description: "One side of a case that got worse." });
export type RegressedScore = z.infer<typeof RegressedScore>;

export const Regression = z
  .object({
    case: z
      .string()
      .nullable()
      .describe("The value that pairs the traces, up to 200 characters. `null` if that is their input."),
    difference: z.number().describe("b − a."),
    a: RegressedScore,
    b: RegressedScore,
  })
  .meta({ id: "Regression", description: "A case that scores lower in `b` than in `a`." });
export type Regression = z.infer<typeof Regression>;

export const MetricComparison = z
  .object({
    metric: z.string(),
    verdict: ComparisonVerdict,
    summary: z.string().describe("The result in a sentence."),
    pair_count: z.int().nullable().describe("Cases with scores on both sides. `null` if unpaired."),
    session_count: z
      .int()
      .describe("Sessions that vary independently; if unpaired, those of the side with fewer."),
    a: SideFigures,
    b: SideFigures,
    difference: figure.describe("The mean of `b` minus that of `a`."),
    ci: Interval.nullable().describe("Of the difference. It is only descriptive; the p-value decides."),
    p_value: figure.describe(
      "How often chance alone makes a difference this large, in either direction: whole sessions change sides at random.",
    ),
    p_adjusted: figure.describe("The same, after Holm's adjustment for several metrics."),
    mcnemar_p: figure.describe(
      "McNemar's exact test of passed against failed, if each session has one pair.",
    ),
    wins: z.int().nullable().describe("Cases that score higher in `b`. `null` if unpaired."),
    losses: z.int().nullable().describe("Cases that score lower in `b`."),
    ties: z.int().nullable(),
    detectable_difference: figure.describe(
      "The smallest difference that this many sessions detect in 80 % of comparisons.",
    ),
    regressions: z.array(Regression).describe("The cases that got worse, up to 20, worst first."),
  })
  .meta({ id: "MetricComparison", description: "The scores of one metric, compared." });
export type MetricComparison = z.infer<typeof MetricComparison>;

export const ComparisonResponse = z
  .object({
    verdict: ComparisonVerdict.describe(
      "`regressed` if any metric regressed; otherwise `improved` if any improved; otherwise `no_significant_difference` if any has a p-value.",
    ),
    metrics: z.array(MetricComparison).describe("In the order of the request."),
  })
  .meta({ id: "ComparisonResponse", description: "Whether scores got worse." });
export type ComparisonResponse = z.infer<typeof ComparisonResponse>;

const reads = {
  tag: "Agreement",
  scope: "read",
  errors: ["invalid_filters", "not_found", "unknown_metric", "run_in_progress"],
} as const satisfies RouteMetadata;

export const comparisons = c.router({
  compareScores: {
    method: "POST",
    path: "/evaluations/compare",
    summary: "Compare the scores of two versions",
    description:
      "Says for each metric whether `b` is better or worse than `a`, or whether the difference may be chance. Whole sessions are resampled, because their traces are alike. At most the newest 100,000 scores of each side and metric are read. Nothing is stored.",
    metadata: reads,
    body: CompareScoresRequest,
    responses: { 200: ComparisonResponse },
  },
});
