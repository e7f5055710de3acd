import { z } from "zod";

/** A score as a judge gives it. */
export const scoreSchema = z.number().min(0).max(1).describe("The score, from 0 to 1.");

/** A reason as a judge gives it. */
export const reasonSchema = z
  .string()
  .describe("Why, in at most three sentences of English that name the steps or quotations it rests on.");

/** The answer to most last stages: a score and why. */
export const scoredSchema = z.object({ score: scoreSchema, reason: reasonSchema });
