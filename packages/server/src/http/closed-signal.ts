import { ServerResponse } from "node:http";

/**
 * Aborted once the client has gone (or has its answer), so that nothing is done for nobody.
 *
 * @param reply Fastify's; its type as ts-rest passes it on is not to be relied on.
 */
export function closedSignal(reply: { raw: unknown }): AbortSignal {
  const closed = new AbortController();
  if (reply.raw instanceof ServerResponse) reply.raw.once("close", () => closed.abort());
  return closed.signal;
}
