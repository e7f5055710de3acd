import type { ServerResponse } from "node:http";

/** Aborted when the client has gone or has its response. */
export function closedSignal(response: ServerResponse): AbortSignal {
  const closed = new AbortController();
  // A response that is already closed emits no further event.
  if (response.destroyed) closed.abort();
  else response.once("close", () => closed.abort());
  return closed.signal;
}
