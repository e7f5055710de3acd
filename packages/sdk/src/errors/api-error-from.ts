import type { ProblemError } from "../generated/types.ts";
import { parsedJson } from "../parsed-json.ts";
import { retryAfterSeconds } from "../retry-after.ts";
import { ApiError } from "./api-error.ts";
import { AuthenticationError } from "./authentication-error.ts";
import { BadRequestError } from "./bad-request-error.ts";
import { ConflictError } from "./conflict-error.ts";
import { NotFoundError } from "./not-found-error.ts";
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
 * @param body what the answer held: the API's own problem document, or a page of a proxy before it.
 */
export function apiErrorFrom(operation: string, response: Response, body: string): ApiError {
  const { status, headers } = response;
  const problem = (parsedJson(body) ?? {}) as Readonly<Record<string, unknown>>;
  const told = typeof problem["detail"] === "string" ? problem : {};
  const textOf = (name: string) => (typeof told[name] === "string" ? told[name] : null);
  const code = textOf("code");
  const detail = textOf("detail") ?? unexpectedAnswer(response, body);
  const requestId = textOf("request_id") ?? headers.get("x-request-id");
  const errors = ([told["errors"] ?? []].flat() as (ProblemError | null)[]).filter(
    (error) => Array.isArray(error?.loc) && typeof error.msg === "string",
  ) as ProblemError[];
  const retryAfter = retryAfterSeconds(response);
  let message = `${operation} failed with ${status}${code === null ? "" : ` ${code}`}: ${detail}`;
  if (retryAfter !== null) message += ` Try again in ${retryAfter} s.`;
  let end = " ";
  for (const { loc, msg } of errors) {
    // The server's own words name the first ones.
    const field = loc.join(".");
    if (detail.includes(`${field} ${msg}`)) continue;
    message += `\n  ${field}: ${msg}`;
    end = "\n";
  }
  if (requestId !== null) message += `${end}(request ${requestId})`;
  const Type = byStatus[status] ?? (status >= 500 ? ServerError : ApiError);
  return new Type(message, {
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
    return "The endpoint redirects elsewhere, and keys are not sent along: set `endpoint` to the final address.";
  }
  const what = ok ? "Not the expected JSON" : "Not an error of the PandaProbe API";
  const kind = headers.get("content-type")?.split(";", 1)[0] ?? "no content type";
  // The text of a proxy's page, mostly, and its beginning alone.
  const excerpt = body
    .slice(0, 20_000)
    .replace(/^[\s\S]*<\/head>|<[^>]*>/gi, " ")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/^(.{200}).+/, "$1…");
  return `${what} (${kind}, ${excerpt || "empty"}). Check the endpoint, and any proxy before it.`;
}
