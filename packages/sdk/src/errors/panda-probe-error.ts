import type { ProblemError } from "../generated/types.ts";
import { redact } from "../redact.ts";
import { brand } from "./brand.ts";

/** What an error says besides its message. */
export interface ErrorFields {
  readonly operation?: string | null;
  readonly status?: number;
  readonly code?: string | null;
  readonly detail?: string;
  readonly errors?: readonly ProblemError[];
  readonly requestId?: string | null;
  readonly cause?: unknown;
}

/** Every error of this package, but for a `TypeError` where an argument is wrong and the reason of your own signal. */
export class PandaProbeError extends Error {
  /** The method that failed, such as `createTraceRun`; `null` where it was none. */
  readonly operation: string | null = null;
  /** The HTTP status; `null` where there was no answer. */
  readonly status: number | null = null;
  /** A stable code to switch on: the server's (`unknown_metric`) or the network's (`ECONNREFUSED`). */
  readonly code: string | null = null;
  /** What went wrong, without the rest of the message. */
  readonly detail: string;
  /** Each thing that was wrong with the request, and where. */
  readonly errors: readonly ProblemError[] = [];
  /** Quote it in reports: the server's log has it too. */
  readonly requestId: string | null = null;

  constructor(message: string, { cause, detail = message, ...fields }: ErrorFields = {}) {
    super(redact(message), cause === undefined ? undefined : { cause });
    Object.assign(this, fields);
    this.detail = redact(detail);
  }
}

export const isPandaProbeError = brand(PandaProbeError, "PandaProbeError");
