import type { ServerResponse } from "node:http";

/** Aborted when the client has gone or has its answer. */
export function closedSignal(response: ServerResponse): AbortSignal {
  const closed = new AbortController();
  // A response that is closed already never says so again.
  if (response.destroyed) closed.abort();
  else response.once("close", () => closed.abort());
  return closed.signal;
}
