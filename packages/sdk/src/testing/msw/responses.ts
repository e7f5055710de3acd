import { type ProblemError, problemBody, problemContentType } from "@pandaprobe/contract/rules";

/** A JSON response like the server's. */
export function jsonResponse(
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const type = { "content-type": "application/json; charset=utf-8" };
  return new Response(JSON.stringify(body), { status, headers: { ...type, ...headers } });
}

/** The response to a rejected request. */
export function problemResponse(error: ProblemError, requestId: string): Response {
  const headers = new Headers({ "content-type": problemContentType, "x-request-id": requestId });
  if (error.retryAfterSeconds !== undefined) headers.set("retry-after", String(error.retryAfterSeconds));
  if (error.allow !== undefined) headers.set("allow", error.allow.join(", "));
  return new Response(JSON.stringify(problemBody(error, requestId)), { status: error.status, headers });
}
