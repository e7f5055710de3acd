import { checkAnswer, operationOf } from "../../../packages/server/test/support/check-answer.ts";

/** A `fetch` that holds every answer against the contract, to the field, and notes down which operation it was of. */
export function checkedFetch(endpoint: string, seen: Set<string>): (request: Request) => Promise<Response> {
  return async (request) => {
    const response = await fetch(request);
    const path = request.url.slice(endpoint.length);
    const operation = operationOf(request.method, path);
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
    if (operation !== undefined && response.ok) seen.add(operation.id);
    if (isStream) return response;
    const text = await response.clone().text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    const { status, headers } = response;
    checkAnswer(request.method, path, { status, headers, body: isJson ? JSON.parse(text) : text });
    return response;
  };
}
