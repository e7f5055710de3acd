import { type ErrorCode, errorCodes } from "../common/error-codes.ts";
import type { Problem, ProblemError as ProblemDetail } from "../common/problem.ts";
import { type PlacedIssue, type Refusal, refusal } from "../common/refusal.ts";
import { shortened } from "../common/text.ts";

export interface ProblemOptions {
  /** The invalid fields, if there are any. */
  readonly errors?: readonly ProblemDetail[] | undefined;
  /** How long to wait before a retry, in seconds. Sent as `Retry-After`. */
  readonly retryAfterSeconds?: number | undefined;
  /** The methods that the path has. Sent as `Allow`. */
  readonly allow?: readonly string[] | undefined;
  readonly cause?: unknown;
}

/** An error response of the API: its code and its text. */
export class ProblemError extends Error {
  override readonly name: string = "ProblemError";
  readonly code: ErrorCode;
  readonly errors: readonly ProblemDetail[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly allow: readonly string[] | undefined;

  /** @param detail what went wrong this time, and what to do about it. */
  constructor(code: ErrorCode, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.allow = options.allow;
  }

  get status(): number {
    return errorCodes[this.code].status;
  }
}

/** The same answer for an id that does not exist and for one of another project. */
export function notFound(what: string, id: string): ProblemError {
  return new ProblemError("not_found", `There is no ${what} ${JSON.stringify(id)} in this project.`);
}

export function noSuchProject(name: string): ProblemError {
  return new ProblemError(
    "not_found",
    `There is no project ${JSON.stringify(name)}. A project is created by the first write to it.`,
  );
}

/** @param setting where the limit is set, such as "the server's QUOTA_MONITORS". */
export function tooManyMonitorsText(limit: number, count: number, setting: string): string {
  return `This project may have ${limit} monitors, and has ${count}, including paused ones. Delete one, or have ${setting} raised.`;
}

export function refusalProblem({ code, detail, errors }: Refusal): ProblemError {
  return new ProblemError(code, detail, { errors });
}

/** For a value that a schema rejected. */
export function schemaProblem(code: ErrorCode, issues: readonly PlacedIssue[]): ProblemError {
  return refusalProblem(refusal(code, issues));
}

/** For one invalid field of the body. @param field with a point before each further key: `scores.0.value`. */
export function invalidField(code: ErrorCode, field: string, msg: string, type = "invalid"): ProblemError {
  const keys = field.split(".").map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  return new ProblemError(code, `body.${field} ${msg}.`, { errors: [{ loc: ["body", ...keys], msg, type }] });
}

export const problemContentType = "application/problem+json; charset=utf-8";

/** Details may quote the request, and a request may be as long as its body. In characters. */
const maxDetailLength = 4000;

/** The body of the response. */
export function problemBody(problem: ProblemError, requestId: string): Problem {
  return {
    type: `urn:pandaprobe:problem:${problem.code}`,
    title: errorCodes[problem.code].title,
    status: problem.status,
    detail: problemDetail(problem),
    code: problem.code,
    ...(problem.errors === undefined ? {} : { errors: [...problem.errors] }),
    request_id: requestId,
  };
}

export function problemDetail(problem: ProblemError): string {
  return shortened(problem.message, maxDetailLength);
}
