import type { Operation, OperationName } from "./operation.ts";
import { pathValues } from "./request/read-request.ts";

/** A request that was made, as it came. */
export interface ReceivedCall {
  readonly operation: OperationName;
  /** The values in the path, by name. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed JSON; `undefined` where there was none. */
  readonly body: unknown;
  readonly headers: Headers;
}

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
