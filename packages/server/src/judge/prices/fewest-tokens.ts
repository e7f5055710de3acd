import type { LedgerCall } from "../ledger/ledger.ts";
import { WRAPPING_TOKENS } from "./most-tokens.ts";

/** Of English prose models make about one token of five bytes, of anything else more. */
const MOST_BYTES_PER_TOKEN = 5;

/** A score and a reason of a few words, from a model that does not think first. */
const SHORT_ANSWER_TOKENS = 16;

type Most = Pick<LedgerCall, "mostInputTokens" | "mostOutputTokens">;

/** As how many tokens a call's prompt is counted at the least, by rule of thumb. */
export function fewestInputTokens({ mostInputTokens }: Most): number {
  return Math.floor((mostInputTokens - WRAPPING_TOKENS) / MOST_BYTES_PER_TOKEN);
}

/** The same of its answer. */
export function fewestOutputTokens({ mostOutputTokens }: Most): number {
  return Math.min(SHORT_ANSWER_TOKENS, mostOutputTokens);
}
