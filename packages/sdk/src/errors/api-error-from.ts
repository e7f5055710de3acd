import { retryAfterSeconds } from "../retry-after.ts";
import { ApiError, type ApiErrorFields } from "./api-error.ts";
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
 * @param body what the answer held: parsed where it was JSON, text where it was not, `undefined` where it was nothing.
 * @param unexpected what is wrong with an answer whose status alone would be fine.
 */
export function apiErrorFrom(
  operation: string,
  response: Response,
  body: unknown,
  unexpected?: string,
): ApiError {
  const { status, headers } = response;
  const problem = unexpected === undefined ? problemBody(body) : null;
  const detail = problem?.detail ?? unexpectedAnswer(response, body, unexpected);
  const requestId = problem?.requestId ?? headers.get("x-request-id") ?? undefined;
  const fields: ApiErrorFields = {
    operation,
    status,
    code: problem?.code,
    detail,
    errors: problem?.errors,
    requestId,
    retryAfterSeconds: retryAfterSeconds(response),
  };
  const Type = byStatus[status] ?? (status >= 500 ? ServerError : ApiError);
  return new Type(message(fields), fields);
}

function message({ operation, status, code, detail = "", errors = [], ...fields }: ApiErrorFields): string {
  const meaning = code === undefined ? `${status}` : `${status} ${code}`;
  const places = errors.map(({ loc, msg }) => `\n  ${loc.join(".")}: ${msg}`).join("");
  const wait = fields.retryAfterSeconds === null ? "" : ` Try again in ${fields.retryAfterSeconds} s.`;
  const request =
    fields.requestId === undefined ? "" : `${places === "" ? " " : "\n"}(request ${fields.requestId})`;
  return `${operation} failed with ${meaning}: ${detail}${wait}${places}${request}`;
}

function unexpectedAnswer(response: Response, body: unknown, unexpected: string | undefined): string {
  const { status, headers, type } = response;
  if (type === "opaqueredirect" || (status >= 300 && status < 400)) {
    return "The endpoint redirects elsewhere, and keys are not sent along: give the final address as `endpoint`.";
  }
  const text = excerpt(typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body));
  const kind = headers.get("content-type")?.split(";", 1)[0] ?? "no content type";
  const what = unexpected ?? "The answer is no error of the PandaProbe API";
  return `${what} (${kind}, ${text === "" ? "empty" : text}). Check the endpoint, and any proxy before it.`;
}
