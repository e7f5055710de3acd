import {
  ApiError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  NotFoundError,
  RateLimitError,
  ServerError,
  ValidationError,
} from "../errors/api-errors.ts";
import type { ProblemError } from "../generated/types.ts";

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
 * The error for a response that is not a success.
 *
 * @param body the API's problem document, or the page of a proxy in front of it.
 */
export function apiErrorFrom(operation: string, response: Response, body: string): ApiError {
  const { status, headers } = response;
  const document = (parsedJson(body) ?? {}) as Readonly<Record<string, unknown>>;
  const problem = typeof document["detail"] === "string" ? document : {};
  const textOf = (name: string) => (typeof problem[name] === "string" ? problem[name] : null);
  const code = textOf("code");
  const detail = textOf("detail") ?? unexpectedResponse(response, body);
  const requestId = textOf("request_id") ?? headers.get("x-request-id");
  const errors = ([problem["errors"] ?? []].flat() as (ProblemError | null)[]).filter(
    (error) => Array.isArray(error?.loc) && typeof error.msg === "string",
  ) as ProblemError[];
  const retryAfter = retryAfterSeconds(response);
  const wait = retryAfter === null ? "" : ` Try again in ${retryAfter} s.`;
  const fields = errors
    .map(({ loc, msg }) => [loc.join("."), msg] as const)
    // The server's detail already names the first ones.
    .filter((field) => !detail.includes(field.join(" ")))
    .map((field) => `\n  ${field.join(": ")}`)
    .join("");
  const request = requestId === null ? "" : `${fields === "" ? " " : "\n"}(request ${requestId})`;
  const what = `${operation} failed with ${status}${code === null ? "" : ` ${code}`}`;
  const Type = byStatus[status] ?? (status >= 500 ? ServerError : ApiError);
  return new Type(`${what}: ${detail}${wait}${fields}${request}`, {
    operation,
    status,
    code,
    detail,
    errors,
    requestId,
    retryAfterSeconds: retryAfter,
  });
}

/** The value of a JSON text; `undefined` if it is not JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `Retry-After`, in seconds or as a date; for a 429 without it, `RateLimit-Reset`. `null` if there is neither. */
function retryAfterSeconds({ status, headers }: Response): number | null {
  const value = headers.get("retry-after") ?? (status === 429 ? headers.get("ratelimit-reset") : null) ?? "";
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - Date.now()) / 1000);
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}

function unexpectedResponse({ ok, status, headers }: Response, body: string): string {
  // Browsers hide a redirect behind status 0.
  if (!ok && status < 400) {
    return "Redirects are not followed, to protect the key: set `endpoint` to the final URL.";
  }
  const what = ok ? "Not the expected JSON" : "Not a PandaProbe error";
  const kind = headers.get("content-type")?.replace(/;.*/, "") ?? "no content type";
  // Usually a proxy's HTML page, whose first words are enough.
  const excerpt = body
    .slice(0, 20_000)
    .replace(/^[\s\S]*<\/head>|<[^>]*>/gi, " ")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/^(.{200}).+/, "$1…");
  return `${what} (${kind}, ${excerpt || "empty"}). Check the endpoint, and any proxy before it.`;
}
