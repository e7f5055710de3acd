import { type ErrorCode, errorCodes, type Problem, type Refusal } from "@pandaprobe/contract";

interface Options {
  readonly errors?: Problem["errors"];
  readonly retryAfterSeconds?: number;
}

/** A request that is refused, as the server would refuse it. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ErrorCode;
  readonly errors: Problem["errors"];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, detail: string, { errors, retryAfterSeconds }: Options = {}) {
    super(detail);
    this.code = code;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get status(): number {
    return errorCodes[this.code].status;
  }
}

export function notFound(what: string, id: string): ProblemError {
  return new ProblemError("not_found", `There is no ${what} ${JSON.stringify(id)} in this project.`);
}

export function refused({ code, detail, errors }: Refusal): ProblemError {
  return new ProblemError(code, detail, { errors });
}

/** What is wrong with one field of the body. */
export function invalidField(code: ErrorCode, field: string, msg: string, type = "invalid"): ProblemError {
  return new ProblemError(code, `body.${field} ${msg}.`, { errors: [{ loc: ["body", field], msg, type }] });
}
