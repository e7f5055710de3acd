import { type Behaviours, refusesIf, refuseWith } from "./behaviour.ts";

const tooLarge =
  "Request too large for model x on tokens per min (TPM): Limit 30000, Requested 90000. The input or output " +
  "tokens must be reduced in order to run successfully.";

/** Errors that look like one thing and mean another. */
export const errors: Behaviours = {
  /** Its rate limit is smaller than a prompt that contains HUGE. */
  "429-too-large": refusesIf(
    ({ text }) => text.includes("HUGE"),
    refuseWith(429, tooLarge, { type: "tokens", code: "rate_limit_exceeded" }),
  ),
  /** It fails at prompts that contain POISON. */
  "500-poison": refusesIf(({ text }) => text.includes("POISON"), refuseWith(500, "Internal server error")),
};
