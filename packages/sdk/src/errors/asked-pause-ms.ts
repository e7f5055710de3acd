import { isApiError } from "./api-error.ts";

/** A server that asks for longer is asked again after this. */
const longestMs = 60_000;

/** How long the server asks to be left alone, in an answer that was an error; 0 where it does not say. */
export function askedPauseMs(error: unknown): number {
  return isApiError(error) ? Math.min((error.retryAfterSeconds ?? 0) * 1000, longestMs) : 0;
}
