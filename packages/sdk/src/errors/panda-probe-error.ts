import type { ProblemError } from "../generated/types.ts";
import { redact } from "../redact.ts";
import { brand, isBranded } from "./brand.ts";

/** What an error says besides its message. */
export interface ErrorFields {
  readonly operation?: string | undefined;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly detail?: string | undefined;
  readonly errors?: readonly ProblemError[] | undefined;
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/** Every error of this package, but for a `TypeError` where an argument is wrong and the reason of your own signal. */
export class PandaProbeError extends Error {
  static {
    brand(PandaProbeError, "PandaProbeError");
  }

  /** The method that failed, such as `createTraceRun`; `null` where it was none. */
  readonly operation: string | null;
  /** The HTTP status; `null` where there was no answer. */
  readonly status: number | null;
  /** A stable code to switch on: the server's (`unknown_metric`) or the network's (`ECONNREFUSED`). */
  readonly code: string | null;
  /** What went wrong, without the rest of the message. */
  readonly detail: string;
  /** Each thing that was wrong with the request, and where. */
  readonly errors: readonly ProblemError[];
  /** Quote it in reports: the server's log has it too. */
  readonly requestId: string | null;

  constructor(message: string, fields: ErrorFields = {}) {
    super(redact(message), fields.cause === undefined ? undefined : { cause: fields.cause });
    this.operation = fields.operation ?? null;
    this.status = fields.status ?? null;
    this.code = fields.code ?? null;
    this.detail = redact(fields.detail ?? message);
    this.errors = fields.errors ?? [];
    this.requestId = fields.requestId ?? null;
  }
}

export function isPandaProbeError(error: unknown): error is PandaProbeError {
  return isBranded(error, "PandaProbeError");
}
