import { STATUS_CODES } from "node:http";
import type { APICallError } from "ai";
import {
  readLargerThanRate,
  readOutputLimit,
  readRefusedSettings,
  readTooLong,
} from "../providers/dialects.ts";
import { type ProviderError, readProviderError, readRetryAfterMs } from "../providers/provider-error.ts";
import { BIGGER_MODEL, type CallFailure, failure, RETRY_LATER } from "./call-failure.ts";

const CHECK_BILLING = "Check the credit and billing of the provider's account.";
const LOWER_TRACE_CHARS = "Lower EVAL_MAX_TRACE_CHARS.";
const OTHER_MODEL = "The provider did not accept the form of the question: try another model.";

/** What a refusal means, without its wording for people. */
type Meaning = Pick<CallFailure, "kind" | "advice"> & Partial<CallFailure>;

interface Refusal {
  readonly status: number;
  readonly error: ProviderError;
  readonly credentials: string;
}

/** Classifies a response whose status says that the provider refused. */
export function classifyRefusal(error: APICallError, status: number, credentials: string): CallFailure {
  const refusal = { status, error: readProviderError(error.responseBody), credentials };
  const name = STATUS_CODES[status];
  const { message } = refusal.error;
  const what = `answered ${status}${name === undefined ? "" : ` ${name}`}${message && `: “${message}”`}`;
  const { kind, ...meaning } = meaningOfWords(refusal) ?? meaningOfStatus(status, credentials);
  return failure(kind, what, {
    isRetryable: false,
    isFree: status >= 400 && !gaveUpWaiting.includes(status),
    ...meaning,
    retryAfterMs: readRetryAfterMs(error.responseHeaders, error.responseBody),
  });
}

const outOfMoneyCodes = [
  "insufficient_quota",
  "insufficient_user_quota",
  "insufficient_balance",
  "billing_hard_limit_reached",
  "billing_not_active",
  "billing_error",
];
const outOfMoneyWords =
  /credit balance is too low|insufficient (?:account )?(?:balance|credits?|funds)|out of credits/i;
const badJsonCodes = ["json_validate_failed", "tool_use_failed"];
const contentFilterCodes = ["content_filter", "content_policy_violation"];
const tooLongCodes = ["context_length_exceeded", "request_too_large", "string_above_max_length"];

/** The meaning of an error's text and codes; undefined if they say no more than its status. */
function meaningOfWords({ status, error, credentials }: Refusal): Meaning | undefined {
  const { codes, words } = error;
  const has = (known: readonly string[]) => codes.some((code) => known.includes(code));
  if (has(outOfMoneyCodes)) return { kind: "refused", scope: "model", advice: CHECK_BILLING };
  if (status === 401 || status === 402) return undefined;
  if (has(badJsonCodes)) {
    // The model answered, but the provider rejected the answer because of the schema.
    return { kind: "wrong_shape", isRetryable: true, isFree: false, advice: BIGGER_MODEL };
  }
  if (has(contentFilterCodes)) {
    return { kind: "refused", advice: "Choose another model for traces like this one." };
  }
  if (status < 500 && outOfMoneyWords.test(words)) {
    // The text may also be quoted from a trace.
    return { kind: "refused", scope: "maybe_model", advice: CHECK_BILLING };
  }
  if (status === 429 || status === 529) {
    const larger = readLargerThanRate(words);
    return larger && { kind: "too_long", ...known(larger), advice: LOWER_TRACE_CHARS };
  }
  if (!speaksOfTheCall(status)) return undefined;
  const isCertain = !isAboutTheCall.includes(status);
  const output = readOutputLimit(words);
  if (output !== undefined) {
    return {
      kind: "output_limit",
      limit: output.limit ?? undefined,
      advice: "Lower EVAL_MAX_OUTPUT_TOKENS.",
    };
  }
  const long = has(tooLongCodes) ? (readTooLong(words, false) ?? noNumbers) : readTooLong(words, isCertain);
  if (long !== undefined) return { kind: "too_long", ...known(long), advice: LOWER_TRACE_CHARS };
  const refused = readRefusedSettings(words, isCertain);
  if (refused.length > 0) return { kind: "format", refused, advice: OTHER_MODEL };
  // A gateway that does not support structured output and does not say so.
  if (status === 405) {
    const { advice } = meaningOfStatus(404, credentials);
    return { kind: "format", refused: ["answer_format"], scope: "maybe_model", advice };
  }
  return undefined;
}

/** Statuses that blame the request. */
const isAboutTheCall = [400, 405, 413, 422, 501];

/** Whether an error with this status may describe what is wrong with the request. Some servers do that under a 5xx. */
function speaksOfTheCall(status: number): boolean {
  return isAboutTheCall.includes(status) || status === 404 || status >= 500;
}

const noNumbers = { limit: null, sent: null };

function known({ limit, sent }: { readonly limit: number | null; readonly sent: number | null }) {
  return { limit: limit ?? undefined, sent: sent ?? undefined };
}

/** A gateway gave up waiting (504, LiteLLM's 408, Cloudflare's 524). The model may have done the work, and charged for it. */
const gaveUpWaiting = [408, 504, 524];

/** Statuses of a proxy that cannot reach the model, or of a model that accepts no calls. */
const outages = [502, 503, 504, 520, 521, 522, 523, 524];

/** What a status other than 2xx means by itself. */
function meaningOfStatus(status: number, credentials: string): Meaning {
  const kind = "refused";
  switch (status) {
    case 401:
      return { kind, scope: "model", advice: `Check ${credentials} where the server runs.` };
    case 402:
      return { kind, scope: "model", advice: CHECK_BILLING };
    case 403:
      return { kind, scope: "maybe_model", advice: `Check ${credentials} where the server runs.` };
    case 404: {
      const advice = "Check that the provider has a model of this name and that the account may use it.";
      return { kind, scope: "maybe_model", advice };
    }
    case 413:
      return { kind: "too_long", advice: LOWER_TRACE_CHARS };
    case 408:
    case 409:
    case 425:
      return { kind, isRetryable: true, scope: "outage", advice: RETRY_LATER };
    case 429: {
      const advice = "Set JUDGE_LIMITS, or raise the limits of the provider's account, then retry the run.";
      return { kind, isRetryable: true, scope: "rate", advice };
    }
    // Anthropic's status for an overload.
    case 529:
      return { kind, isRetryable: true, scope: "rate", advice: RETRY_LATER };
    default:
      if (outages.includes(status)) return { kind, isRetryable: true, scope: "outage", advice: RETRY_LATER };
      return status >= 500
        ? { kind, isRetryable: true, scope: "maybe_outage", advice: RETRY_LATER }
        : { kind, advice: OTHER_MODEL };
  }
}
