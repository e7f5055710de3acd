import type { FastifyInstance } from "fastify";

/**
 * Closes each connection with its last answer once the server drains. Kept alive, it would hold up the server's end
 * until it had been idle for long enough.
 */
export function registerClosingConnections(app: FastifyInstance, draining: AbortSignal): void {
  app.addHook("onSend", async (_request, reply) => {
    if (draining.aborted) reply.header("connection", "close");
  });
  // An answer that was being streamed when the draining began has promised to keep its connection.
  app.addHook("onResponse", async () => {
    if (draining.aborted) setImmediate(() => app.server.closeIdleConnections());
  });
}
