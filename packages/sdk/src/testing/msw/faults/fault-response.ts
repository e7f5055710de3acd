import { errorCodes, type Problem } from "@pandaprobe/contract";
import type { Fault } from "./fault.ts";

type Refusal = Extract<Fault, { readonly status: number }>;

/** The answer of a fault. */
export function faultResponse(
  { status, code, detail, retryAfterSeconds }: Refusal,
  requestId: string,
): Response {
  const [known, { title }] = Object.entries(errorCodes).find(([, error]) => error.status === status) ?? [
    "error",
    { title: "Error" },
  ];
  const body: Problem = {
    type: `urn:pandaprobe:problem:${code ?? known}`,
    title,
    status,
    detail: detail ?? "The test lets this call fail.",
    code: code ?? known,
    request_id: requestId,
  };
  const headers = new Headers({
    "content-type": "application/problem+json; charset=utf-8",
    "x-request-id": requestId,
  });
  const seconds = retryAfterSeconds ?? (status === 429 || status === 503 ? 1 : undefined);
  if (seconds !== undefined) headers.set("retry-after", String(seconds));
  return new Response(JSON.stringify(body), { status, headers });
}
