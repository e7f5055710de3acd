import { z } from "zod";
import { number } from "./common/lenient.ts";
import { limits } from "./common/limits.ts";
import { list } from "./common/list.ts";
import { text } from "./common/text.ts";

/** A judge, as `provider/model`. */
export const modelName = text(0, limits.name);

export const JuryAggregate = z.enum(["mean", "majority", "unanimous"]).meta({
  id: "JuryAggregate",
  description:
    "How the votes of a jury are combined. `mean`: the mean of their values. `majority`: 1 if more of them pass the threshold than miss it, otherwise 0, even for a tie. `unanimous`: 1 if all of them pass, otherwise 0.",
});
export type JuryAggregate = z.infer<typeof JuryAggregate>;

/** The fields with which a request says who judges, and how often. */
export const judgingOptions = {
  model: modelName
    .nullish()
    .describe(
      "The judge as `provider/model`, such as `openai/gpt-5.4`. Default: the server's, or for a metric of your own the one in its definition. Not together with `judges`.",
    ),
  repeats: number(z.int().min(1).max(limits.repeats))
    .nullish()
    .describe(
      "How often each question is judged. The score is the mean; its metadata has the values, their standard deviation and the share that flips between pass and fail. The cost multiplies. Default: 1.",
    ),
  judges: list(modelName, 2, limits.judges)
    .refine((models) => new Set(models).size === models.length, { error: "must be different models" })
    .nullish()
    .describe(
      "A jury: models that all judge every target, as `provider/model`. Their votes are kept in the score's metadata. The cost adds up. Default: one judge, `model`.",
    ),
  aggregate: JuryAggregate.nullish().describe("How the votes of `judges` are combined. Default: `mean`."),
};

/** The fields of a run that say who judges it. */
interface Judging {
  readonly model?: string | null | undefined;
  readonly judges?: readonly string[] | null | undefined;
  readonly aggregate?: JuryAggregate | null | undefined;
}

/** Fields that contradict each other: the one that is wrong, and why. */
export function judgingConflict({ model, judges, aggregate }: Judging) {
  if (judges != null && model != null) {
    return {
      field: "judges",
      message: "cannot be combined with model: name either one judge or a jury",
    } as const;
  }
  if (judges == null && aggregate != null) {
    return { field: "aggregate", message: "says how a jury decides, so it needs judges" } as const;
  }
  return undefined;
}

/** Rejects a request that names both a judge and a jury, or an `aggregate` without a jury. */
export function withJudging<Shape extends z.core.$ZodLooseShape>(
  schema: z.ZodObject<Shape>,
): z.ZodObject<Shape> {
  return schema.superRefine((value, context) => {
    const conflict = judgingConflict(value as Judging);
    if (conflict !== undefined) {
      context.addIssue({ code: "custom", path: [conflict.field], message: conflict.message });
    }
  });
}
