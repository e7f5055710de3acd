import type { RefusableSetting } from "../providers/dialects.ts";

/** Why one call failed, in terms of retries, of the ledger and of a person who reads it. */
export interface CallFailure {
  /**
   * `timeout`: no answer in time. `unreachable`: no connection. `refused`: the provider refused. `too_long`: the
   * prompt does not fit. `output_limit`: our output limit is too high for the model. `format`: a setting of the call
   * is not supported. `wrong_shape`: an answer in the wrong form. `cut`: the answer hit the output limit.
   * `unexpected`: anything else.
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
  /** What the user can do about it, as a sentence. */
  readonly advice: string;
  /** Whether the same call may succeed if it is attempted again. */
  readonly isRetryable: boolean;
  /**
   * What else would fail like this. `question`: only this question. `rate`: other calls too, because there are too
   * many. `outage`: all calls, for now. `maybe_outage`: all calls for now, or only this question. `model`: all calls,
   * for a long time. `maybe_model`: the same, unless another question was just answered.
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

/** A failure with the defaults: it concerns one question, is retryable, and may have been charged. */
export function failure(
  kind: CallFailure["kind"],
  what: string,
  rest: Pick<CallFailure, "advice"> & Partial<CallFailure>,
): CallFailure {
  return { kind, what, isRetryable: true, scope: "question", retryAfterMs: null, isFree: false, ...rest };
}

/**
 * Drops the quoted message of the provider, which may contain parts of a trace, so that other projects may
 * see the rest.
 */
export function withoutQuote(what: string): string {
  return what.replace(/: “.*”$/s, "");
}

export const BIGGER_MODEL =
  "Retry the run; if it keeps happening, choose a model that is better at structured answers.";
export const RETRY_LATER = "The provider has trouble: retry the run later.";
