import { checkAnswer, operationOf } from "../../../packages/server/test/support/check-answer.ts";
import type { Transcript } from "./transcript.ts";

export type Ask = (request: Request) => Promise<Response>;

/** A `fetch` that validates every response against the contract, and records it. */
export function checkedFetch(endpoint: string, ask: Ask, transcript: Transcript): Ask {
  return async (request) => {
    const path = request.url.slice(endpoint.length);
    const operation = operationOf(request.method, path)?.id;
    const answered = transcript.asked({ operation, method: request.method, path });
    const response = await ask(request);
    const { status, headers } = response;
    const type = headers.get("content-type") ?? "";
    if (type.startsWith("text/event-stream")) {
      answered({ status, headers, body: null });
      return response;
    }
    const text = await response.clone().text();
    const body: unknown = type.includes("json") ? JSON.parse(text) : text;
    checkAnswer(request.method, path, { status, headers, body });
    answered({ status, headers, body });
    return response;
  };
}
