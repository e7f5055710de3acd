import { retryAfterSeconds } from "../retry-after.ts";
import { ApiError } from "./api-error.ts";
import { AuthenticationError } from "./authentication-error.ts";
import { BadRequestError } from "./bad-request-error.ts";
import { ConflictError } from "./conflict-error.ts";
import { excerpt } from "./excerpt.ts";
import { NotFoundError } from "./not-found-error.ts";
import { problemBody } from "./problem-body.ts";
import { RateLimitError } from "./rate-limit-error.ts";
import { ServerError } from "./server-error.ts";
import { ValidationError } from "./validation-error.ts";

const byStatus: Readonly<Record<number, typeof ApiError>> = {
  400: BadRequestError,
  401: AuthenticationError,
  404: NotFoundError,
  409: ConflictError,
  413: ValidationError,
  415: ValidationError,
  422: ValidationError,
  429: RateLimitError,
};

/**
 * The error that an answer means.
 *
 * @param body what the answer held.
 */
export function apiErrorFrom(operation: string, response: Response, body: string): ApiError {
  const { status, headers } = response;
  const {
    code = null,
    detail = unexpectedAnswer(response, body),
    errors = [],
    requestId = headers.get("x-request-id"),
  } = problemBody(body);
  const retryAfter = retryAfterSeconds(response);
  // The server's own words name the first ones.
  const untold = errors
    .map(({ loc, msg }) => [loc.join("."), msg] as const)
    .filter((line) => !detail.includes(line.join(" ")));
  const message = [
    `${operation} failed with ${status}${code === null ? "" : ` ${code}`}: ${detail}`,
    retryAfter === null ? "" : ` Try again in ${retryAfter} s.`,
    ...untold.map((line) => `\n  ${line.join(": ")}`),
    requestId === null ? "" : `${untold.length === 0 ? " " : "\n"}(request ${requestId})`,
  ];
  const Type = byStatus[status] ?? (status >= 500 ? ServerError : ApiError);
  return new Type(message.join(""), {
    operation,
    status,
    code,
    detail,
    errors,
    requestId,
    retryAfterSeconds: retryAfter,
  });
}

function unexpectedAnswer({ ok, status, headers, type }: Response, body: string): string {
  if (type === "opaqueredirect" || (status >= 300 && status < 400)) {
    return "The endpoint redirects elsewhere, and keys are not sent along: give the final address as `endpoint`.";
  }
  const what = ok ? "Not the JSON that was expected" : "The answer is no error of the PandaProbe API";
  const kind = headers.get("content-type")?.split(";", 1)[0] ?? "no content type";
  return `${what} (${kind}, ${excerpt(body) || "empty"}). Check the endpoint, and any proxy before it.`;
}
