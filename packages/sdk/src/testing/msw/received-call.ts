import type { Operation } from "./operation-table.ts";
import type { ReceivedCall } from "./panda-probe-mock.ts";
import { pathValues } from "./request/path-values.ts";

/** What a request says, whether it can be answered or not. */
export async function receivedCall(operation: Operation, request: Request): Promise<ReceivedCall> {
  const url = new URL(request.url);
  return {
    operation: operation.id,
    path: pathValues(operation.path, url.pathname),
    query: url.searchParams,
    body: parsed(await request.text()),
    headers: request.headers,
  };
}

/** What is no JSON is kept as the text that it is. */
function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
