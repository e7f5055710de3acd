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

/** What went wrong with one call: for the retries, for the ledger, and for a person. */
export interface CallFailure {
  /**
   * `timeout`: no answer in time. `unreachable`: no connection. `refused`: the provider said no. `too_long`: the prompt does
   * not fit. `output_limit`: the answer may not be as long as we allow. `format`: a setting of the call is not supported.
   * `wrong_shape`: an answer, but not what was asked for. `cut`: the answer hit the output limit. `unexpected`: anything else.
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
  /** Continues a sentence about the model: "answered 429 Too Many Requests". */
  readonly what: string;
  /** A sentence: what a person can do about it. */
  readonly advice: string;
  /** Whether the same call, made again, may succeed. */
  readonly isRetryable: boolean;
  /**
   * What fails like this. `question`: this question. `rate`: there were too many calls. `outage`: the model does not work at
   * the moment. `maybe_outage`: the same, or it breaks on this question. `model`: every question, for a long time.
   * `maybe_model`: the same, unless others have just been answered.
   */
  readonly scope: "question" | "rate" | "outage" | "maybe_outage" | "model" | "maybe_model";
  /** How long the provider asks us to wait, in milliseconds; null if it does not say. */
  readonly retryAfterMs: number | null;
  /** Whether the provider surely charged nothing. */
  readonly isFree: boolean;
  /** `too_long`, `output_limit`: the number of tokens that fits, as far as the provider named it. */
  readonly limit?: number | undefined;
  /** `too_long`: the number of tokens that was sent, as far as the provider named it. */
  readonly sent?: number | undefined;
  /** `format`: what the endpoint does not take. */
  readonly refused?: readonly RefusableSetting[] | undefined;
}

const BIGGER_MODEL =
  "Retry the run; if it keeps happening, choose a model that is better at structured answers.";
const RETRY_LATER = "The provider has trouble: retry the run later.";
const CHECK_BILLING = "Check the credit and billing of the provider's account.";
const LOWER_TRACE_CHARS = "Lower EVAL_MAX_TRACE_CHARS.";
const OTHER_MODEL = "The provider did not accept the question as it was put: try another model.";

/** What an error thrown by a call means. `credentials` are the provider's environment variables, for the advice. */
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
    // The library's own errors are about answers that it could not read; anything else is not the provider's doing.
    isRetryable: AISDKError.isInstance(error),
  });
}

/** What went wrong without the words of the provider, which may quote a trace: for other projects that use the model. */
export function withoutQuote(what: string): string {
  return what.replace(/: “.*”$/s, "");
}

/** Every failure that is not said to be otherwise: of one question, to be tried again, and perhaps charged for. */
function failure(
  kind: CallFailure["kind"],
  what: string,
  rest: Pick<CallFailure, "advice"> & Partial<CallFailure>,
): CallFailure {
  return { kind, what, isRetryable: true, scope: "question", retryAfterMs: null, isFree: false, ...rest };
}

/** What a refusal means, apart from how it is worded for people. */
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

/** What the words and codes of an error mean where they say more than its status; undefined where they do not. */
function meaningOfWords({ status, error, credentials }: Refusal): Meaning | undefined {
  const { codes, words } = error;
  const has = (known: readonly string[]) => codes.some((code) => known.includes(code));
  if (has(outOfMoneyCodes)) return { kind: "refused", scope: "model", advice: CHECK_BILLING };
  if (status === 401 || status === 402) return undefined;
  if (has(badJsonCodes)) {
    // The model did answer, and the provider held its answer against the schema.
    return { kind: "wrong_shape", isRetryable: true, isFree: false, advice: BIGGER_MODEL };
  }
  if (has(contentFilterCodes)) {
    return { kind: "refused", advice: "Choose another model for traces like this one." };
  }
  if (status < 500 && outOfMoneyWords.test(words)) {
    // A trace may hold these words too, and an error may quote it.
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
  // A gateway that does not know what it is asked for, without a word about it.
  if (status === 405) {
    const { advice } = meaningOfStatus(404, credentials);
    return { kind: "format", refused: ["answer_format"], scope: "maybe_model", advice };
  }
  return undefined;
}

/** Statuses that say: not like this. */
const isAboutTheCall = [400, 405, 413, 422, 501];

/** Some servers put what is wrong with a call under a status of their own faults. */
function speaksOfTheCall(status: number): boolean {
  return isAboutTheCall.includes(status) || status === 404 || status >= 500;
}

const noNumbers = { limit: null, sent: null };

function known({ limit, sent }: { readonly limit: number | null; readonly sent: number | null }) {
  return { limit: limit ?? undefined, sent: sent ?? undefined };
}

/** A gateway that gave up waiting (504, LiteLLM's 408, Cloudflare's 524): what it waited for may have been done, and charged. */
const gaveUpWaiting = [408, 504, 524];

/** Statuses of a proxy that does not get through to the model, and of a model that takes no calls. */
const outages = [502, 503, 504, 520, 521, 522, 523, 524];

/** What an HTTP status other than 2xx means for a call to a provider. */
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

/** A 2xx whose body is no answer of the API. */
function classifyBody(responseBody: string | undefined): CallFailure {
  if (responseBody?.trim() === "")
    return failure("wrong_shape", "answered with an empty body", { advice: BIGGER_MODEL });
  const { message } = readProviderError(responseBody);
  const isJson = /^\s*[{[]/.test(responseBody ?? "");
  if (message !== "" && isJson) {
    return failure("refused", `answered with an error: “${message}”`, { advice: RETRY_LATER });
  }
  return failure("wrong_shape", "answered with something that is no answer of this API", {
    advice: BIGGER_MODEL,
  });
}

/**
 * A reply that holds no usable answer.
 *
 * @param finishReason as the AI SDK unifies it.
 * @param problem where the answer departs from the schema, in a few words.
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
/** Of these, the ones that come before anything is sent. */
const neverConnected = /^(?:ECONNREFUSED|ENOTFOUND|EAI_|EHOST|ENET|\w*CERT)/;
/** What `fetch` says where it gives no cause. */
const networkMessages = /^(?:fetch failed|terminated|Cannot connect to API)/;

/** What went wrong on the way to a provider ("ECONNREFUSED"), or null if the way was not the problem. */
function networkProblem(error: unknown): string | null {
  let current = error;
  // Bounded, since a chain of causes may be a circle.
  for (let depth = 0; depth < 10 && current instanceof Error; depth++) {
    const { code } = current as Error & { code?: unknown };
    if (typeof code === "string" && networkCodes.test(code)) return code;
    if (current.cause === undefined && networkMessages.test(current.message)) return current.message;
    current = current.cause;
  }
  return null;
}
