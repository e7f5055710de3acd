import { z } from "zod";
import { ScoreDataType } from "./common/enums.ts";
import { limitedObject } from "./common/json.ts";
import { limits } from "./common/limits.ts";
import { freeText, freeTextDescription, text } from "./common/text.ts";
import { canonicalScoreValue, scoreValueError } from "./score-value.ts";

/** The author of a score, as a client sends it. */
const sentAuthor = text(1, 255)
  .nullish()
  .describe(
    "Who gives the score: any label. With it, an ANNOTATION counts as a person's score, which `prefer=person` puts first.",
  );

/** Who may give a score that a client sends: a person, or a program. */
export const SentScoreSource = z.enum(["ANNOTATION", "PROGRAMMATIC"]);

/** The fields of a score that a client sends, except its target. */
export const sentScore = {
  name: text(1, 255).describe("A metric's name, or your own label."),
  value: z
    .string()
    .meta({ maxLength: limits.label })
    .describe('NUMERIC: a decimal from 0 to 1 ("0.85"); BOOLEAN: "true" or "false"; CATEGORICAL: any label.'),
  data_type: ScoreDataType.default("NUMERIC"),
  source: SentScoreSource.default("ANNOTATION"),
  reason: freeText.nullish(),
  author_user_id: sentAuthor,
  metadata: limitedObject.optional(),
};

/** Rejects a score whose value does not match its type, and makes the value of any other canonical. */
export function withCheckedValue<
  Schema extends z.ZodType<{ readonly data_type: ScoreDataType; readonly value: string }>,
>(schema: Schema) {
  return schema
    .superRefine((score, context) => {
      const error = scoreValueError(score.data_type, score.value);
      if (error !== null) context.addIssue({ code: "custom", path: ["value"], message: error });
    })
    .overwrite((score) => ({ ...score, value: canonicalScoreValue(score.data_type, score.value) }));
}

/** A change of a score. */
export const scoreChange = z
  .strictObject({
    value: text(0, limits.label)
      .nullish()
      .describe(
        "Must match the data type of the stored score. `null` only if that score has no value; it then keeps its status.",
      ),
    reason: freeText.nullish().describe(`\`null\` clears it. ${freeTextDescription}`),
    author_user_id: text(1, 255).nullish().describe("Who changes it: any label. `null` clears it."),
    metadata: limitedObject.nullish().describe("Replaces the stored value. `null` clears it."),
  })
  .refine((body) => Object.keys(body).length > 0, {
    error: "must have at least one of value, reason, author_user_id and metadata",
  });
export type ScoreChange = z.infer<typeof scoreChange>;
