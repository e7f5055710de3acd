import { APICallError } from "ai";
import { providerCodes, providerMessage } from "../calls/provider-answer.ts";

/** Statuses that say: not like this. */
const REFUSALS = [400, 413, 422, 501];
const TOO_LONG =
  /context.{0,10}(?:length|window|size)|maximum context|(?:prompt|input|request|text)s?\b.{0,40}too (?:long|large)|too many (?:input )?tokens|exceeds?.{0,60}(?:token|context|length)|token (?:limit|count)|n_ctx/i;

/** Why an endpoint did not accept the form of a call. */
export interface Refusal {
  /** In its own words. */
  readonly message: string;
  /** Whether what we sent was too long for it. */
  readonly tooLong: boolean;
}

/** Undefined if the error is anything else than an endpoint that refused the call for its form. */
export function readRefusal(error: unknown): Refusal | undefined {
  if (!APICallError.isInstance(error) || !REFUSALS.includes(error.statusCode ?? 0)) return undefined;
  const message = providerMessage(error);
  const tooLong =
    error.statusCode === 413 ||
    providerCodes(error).includes("context_length_exceeded") ||
    TOO_LONG.test(message);
  return { message, tooLong };
}
