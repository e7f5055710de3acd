import { STATUS_CODES } from "node:http";
import { AISDKError, APICallError } from "ai";
import { CallTimeoutError, ForeignAddressError, WrongShapeError } from "../providers/call-errors.ts";
import {
  type RefusableSetting,
  readLargerThanRate,
  readOutputLimit,
  readRefusedSettings,
  readTooLong,
} from "../providers/dialects.ts";
import { type ProviderError, readProviderError, readRetryAfterMs } from "../providers/provider-error.ts";

/** Why one call failed, in terms of retries, of the ledger and of a person who reads it. */
export interface CallFailure {
  /**
   * `timeout`: no answer in time. `unreachable`: no connection. `refused`: the provider refused. `too_long`: the prompt does
   * not fit. `output_limit`: our output limit is too high for the model. `format`: a setting of the call is not supported.
   * `wrong_shape`: an answer in the wrong form. `cut`: the answer hit the output limit. `unexpected`: anything else.
   */
  readonly kind:
    | "timeout"
    | "unreachable"
    | "refused"
    | "too_long"
    | "output_limit"
    | "format"
    | "wrong_shape"
    | "cut"
    | "unexpected";
  /** Completes a sentence about the model: "answered 429 Too Many Requests". */
  readonly what: string;
  /** What a person can do about it, as a sentence. */
  readonly advice: string;
  /** Whether the same call may succeed if it is attempted again. */
  readonly isRetryable: boolean;
  /**
   * What else would fail like this. `question`: only this question. `rate`: other calls too, because there are too many.
   * `outage`: all calls, for now. `maybe_outage`: all calls for now, or only this question. `model`: all calls, for a long time.
   * `maybe_model`: the same, unless another question was just answered.
   */
  readonly scope: "question" | "rate" | "outage" | "maybe_outage" | "model" | "maybe_model";
  /** How long the provider asks us to wait, in milliseconds; null if it does not say. */
  readonly retryAfterMs: number | null;
  /** Whether the provider certainly charged nothing. */
  readonly isFree: boolean;
  /** `too_long`, `output_limit`: the number of tokens that fits, if the provider named it. */
  readonly limit?: number | undefined;
  /** `too_long`: the number of tokens that was sent, if the provider named it. */
  readonly sent?: number | undefined;
  /** `format`: the settings that the endpoint does not support. */
  readonly refused?: readonly RefusableSetting[] | undefined;
}

const BIGGER_MODEL =
  "Retry the run; if it keeps happening, choose a model that is better at structured answers.";
const RETRY_LATER = "The provider has trouble: retry the run later.";
const CHECK_BILLING = "Check the credit and billing of the provider's account.";
const LOWER_TRACE_CHARS = "Lower EVAL_MAX_TRACE_CHARS.";
const OTHER_MODEL = "The provider did not accept the form of the question: try another model.";

/** Classifies an error thrown by a call. `credentials` names the provider's environment variables, for the advice. */
export function classifyError(error: unknown, credentials: string): CallFailure {
  if (error instanceof CallTimeoutError) {
    return failure("timeout", `did not answer within ${error.timeoutMs / 1_000} s`, {
      advice: "Retry the run later, or raise EVAL_CALL_TIMEOUT_SECONDS for a slow model.",
      scope: "outage",
    });
  }
  if (APICallError.isInstance(error) && error.statusCode !== undefined && error.statusCode >= 300) {
    return classifyStatus(error, error.statusCode, credentials);
  }
  const network = networkProblem(error);
  if (network !== null) {
    return failure("unreachable", `could not be reached (${network})`, {
      advice: "Check that the provider can be reached from where the server runs.",
      scope: "outage",
      isFree: neverConnected.test(network),
    });
  }
  if (APICallError.isInstance(error)) return classifyBody(error.responseBody);
  if (error instanceof WrongShapeError) {
    return failure("wrong_shape", error.message, { advice: BIGGER_MODEL });
  }
  if (error instanceof ForeignAddressError) {
    return failure("refused", error.message, {
      advice: "Redirects are not followed: set the provider's base URL to the final address.",
      isRetryable: false,
      scope: "maybe_model",
      isFree: true,
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  return failure("unexpected", `failed: ${message.replace(/\.+$/, "")}`, {
    advice: `Check ${credentials} and the server's log.`,
    // Errors of the AI SDK are about answers that it could not read; anything else is not the provider's fault.
    isRetryable: AISDKError.isInstance(error),
  });
}

/** Drops the quoted words of the provider, which may contain parts of a trace, so that other projects may see the rest. */
export function withoutQuote(what: string): string {
  return what.replace(/: “.*”$/s, "");
}

/** A failure with the defaults: it concerns one question, is retryable, and may have been charged. */
function failure(
  kind: CallFailure["kind"],
  what: string,
  rest: Pick<CallFailure, "advice"> & Partial<CallFailure>,
): CallFailure {
  return { kind, what, isRetryable: true, scope: "question", retryAfterMs: null, isFree: false, ...rest };
}

/** What a refusal means, without its wording for people. */
type Meaning = Pick<CallFailure, "kind" | "advice"> & Partial<CallFailure>;

interface Refusal {
  readonly status: number;
  readonly error: ProviderError;
  readonly credentials: string;
}

function classifyStatus(error: APICallError, status: number, credentials: string): CallFailure {
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

/** What the words and codes of an error mean; undefined if they say no more than its status. */
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
    // The words may also be quoted from a trace.
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

/** Classifies a 2xx whose body is not an answer of the API. */
function classifyBody(responseBody: string | undefined): CallFailure {
  if (responseBody?.trim() === "")
    return failure("wrong_shape", "answered with an empty body", { advice: BIGGER_MODEL });
  const { message } = readProviderError(responseBody);
  const isJson = /^\s*[{[]/.test(responseBody ?? "");
  if (message !== "" && isJson) {
    return failure("refused", `answered with an error: “${message}”`, { advice: RETRY_LATER });
  }
  return failure("wrong_shape", "answered with something that is not an answer of this API", {
    advice: BIGGER_MODEL,
  });
}

/**
 * The failure of a call whose answer is unusable.
 *
 * @param finishReason the AI SDK's unified finish reason.
 * @param problem how the answer violates the schema, in a few words.
 */
export function unusableAnswer(finishReason: string, problem: string): CallFailure {
  if (finishReason === "content-filter") {
    return failure("refused", "declined to answer (content filter)", {
      advice: "Choose another model for traces like this one.",
      isRetryable: false,
    });
  }
  if (finishReason === "length") {
    return failure("cut", "did not finish its answer within the output limit", {
      advice: "Raise EVAL_MAX_OUTPUT_TOKENS.",
    });
  }
  return failure("wrong_shape", `answered in the wrong form (${problem})`, { advice: BIGGER_MODEL });
}

const networkCodes =
  /^(?:ECONN\w+|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_\w+|EHOST\w+|ENET\w+|EPROTO|UND_ERR_\w+|\w*CERT\w*|UNABLE_TO_\w+)$/;
/** The codes among these that mean that nothing was sent. */
const neverConnected = /^(?:ECONNREFUSED|ENOTFOUND|EAI_|EHOST|ENET|\w*CERT)/;
/** Messages of `fetch` for errors without a cause. */
const networkMessages = /^(?:fetch failed|terminated|Cannot connect to API)/;

/** The network problem behind an error, such as "ECONNREFUSED"; null if there is none. */
function networkProblem(error: unknown): string | null {
  let current = error;
  // Bounded, since a chain of causes may be circular.
  for (let depth = 0; depth < 10 && current instanceof Error; depth++) {
    const { code } = current as Error & { code?: unknown };
    if (typeof code === "string" && networkCodes.test(code)) return code;
    if (current.cause === undefined && networkMessages.test(current.message)) return current.message;
    current = current.cause;
  }
  return null;
}
