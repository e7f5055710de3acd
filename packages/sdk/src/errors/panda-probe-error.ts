import type { ProblemError } from "../generated/types.ts";
import { brand } from "./brand.ts";

/** The fields of an error beside its message. */
export interface ErrorFields {
  readonly operation?: string | null;
  readonly status?: number;
  readonly code?: string | null;
  readonly detail?: string;
  readonly errors?: readonly ProblemError[];
  readonly requestId?: string | null;
  readonly cause?: unknown;
}

/**
 * The base class of this package's errors. Methods throw nothing else, except a `TypeError` for an invalid argument and
 * the reason of your own abort signal.
 */
export class PandaProbeError extends Error {
  /** The method that failed, such as `createTraceRun`; `null` if the error is not about a call. */
  readonly operation: string | null = null;
  /** The HTTP status; `null` if there was no response. */
  readonly status: number | null = null;
  /** A stable code to switch on: the server's (`unknown_metric`) or the network's (`ECONNREFUSED`). */
  readonly code: string | null = null;
  /** What went wrong, without the rest of the message. */
  readonly detail: string;
  /** The invalid fields of the request, and what is wrong with each. */
  readonly errors: readonly ProblemError[] = [];
  /** Quote it when you report a problem; it is also in the server's log. */
  readonly requestId: string | null = null;

  constructor(message: string, { cause, detail = message, ...fields }: ErrorFields = {}) {
    super(redact(message), cause === undefined ? undefined : { cause });
    Object.assign(this, fields);
    this.detail = redact(detail);
  }
}

export const isPandaProbeError = brand(PandaProbeError, "PandaProbeError");

/** Removes API keys from a text, such as a proxy's error page that quotes the request. */
export function redact(text: string): string {
  return text.replace(/sk_pp_\w+/g, "sk_pp_…");
}

/** The failure of an earlier attempt, as the last sentence of a message; empty if there was none. */
export function reportedFailure(failure: unknown): string {
  return failure ? ` The last failure: ${(failure as Error).message}` : "";
}
