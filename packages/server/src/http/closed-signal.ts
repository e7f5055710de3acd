import type { FastifyRequest } from "fastify";

/** Aborted once the client has gone, so that nothing is done for nobody. */
export function closedSignal(request: FastifyRequest): AbortSignal {
  const closed = new AbortController();
  request.raw.socket.once("close", () => closed.abort());
  return closed.signal;
}
