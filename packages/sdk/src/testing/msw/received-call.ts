import type { Operation, OperationName } from "./operation.ts";
import { pathValues } from "./request/read-request.ts";

/** A request that the mock server received. */
export interface ReceivedCall {
  readonly operation: OperationName;
  /** The path parameters. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed JSON. `undefined` without a body; the text if it is not JSON. */
  readonly body: unknown;
  readonly headers: Headers;
}

export async function receivedCall(
  operation: Pick<Operation, "id" | "path">,
  request: Request,
): Promise<ReceivedCall> {
  const url = new URL(request.url);
  return {
    operation: operation.id,
    path: pathValues(operation.path, url.pathname),
    query: url.searchParams,
    body: parsed(await request.text()),
    headers: request.headers,
  };
}

function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
