import { type ProblemError, problemBody, problemContentType } from "@pandaprobe/contract/rules";

/** Answers a refused request. */
export function problemResponse(error: ProblemError, requestId: string): Response {
  const headers = new Headers({ "content-type": problemContentType, "x-request-id": requestId });
  if (error.retryAfterSeconds !== undefined) headers.set("retry-after", String(error.retryAfterSeconds));
  return new Response(JSON.stringify(problemBody(error, requestId)), { status: error.status, headers });
}
