import { type ErrorCode, errorCodes, type ProblemError as ProblemDetail } from "@pandaprobe/contract";

export interface ProblemOptions {
  readonly errors?: readonly ProblemDetail[];
  /** When it makes sense to try again, in seconds. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** A request that cannot be answered as asked, in the words of the API's errors. `http` renders it. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ErrorCode;
  readonly errors: readonly ProblemDetail[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  /** @param detail what went wrong this time, and what to do about it. */
  constructor(code: ErrorCode, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return errorCodes[this.code].status;
  }
}

/** The answer to an id that does not exist in this project, wherever else it may exist. */
export function notFound(what: string, id: string): ProblemError {
  return new ProblemError("not_found", `There is no ${what} ${JSON.stringify(id)} in this project.`);
}
