import { errorCodes, type Problem } from "@pandaprobe/contract";
import type { ProblemError } from "./problem-error.ts";

/** The answer to a request that is refused: RFC 9457, as the server answers it. */
export function problemResponse(error: ProblemError, requestId: string): Response {
  const body: Problem = {
    type: `urn:pandaprobe:problem:${error.code}`,
    title: errorCodes[error.code].title,
    status: error.status,
    detail: error.message,
    code: error.code,
    ...(error.errors === undefined ? {} : { errors: error.errors }),
    request_id: requestId,
  };
  const headers = new Headers({
    "content-type": "application/problem+json; charset=utf-8",
    "x-request-id": requestId,
  });
  if (error.retryAfterSeconds !== undefined) headers.set("retry-after", String(error.retryAfterSeconds));
  return new Response(JSON.stringify(body), { status: error.status, headers });
}
