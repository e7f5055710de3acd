import type { FastifyInstance, FastifyRequest } from "fastify";

/** How much of a refused body is still read, so that its sender gets to read the answer, and for how long. */
const mostBytes = 64 * 1024 * 1024;
const mostMs = 10_000;

/**
 * Reads what is left of a body that was answered before its end, and throws it away. A connection that is closed with
 * bytes unread is reset, and the answer may be lost with it: a client then takes a refusal for an outage.
 */
export function registerUnreadBodies(app: FastifyInstance): void {
  app.addHook("onSend", async (request, reply) => {
    // Fastify closes with its refusal of a body, and Node where the client asked for it: both without reading on.
    reply.removeHeader("connection");
    if (request.raw.complete) return;
    const wantsClose = !reply.raw.shouldKeepAlive;
    reply.raw.shouldKeepAlive = true;
    drain(request, wantsClose);
  });
}

function drain({ raw }: FastifyRequest, closesAfterwards: boolean): void {
  const { socket } = raw;
  let left = mostBytes;
  const count = (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) socket.destroy();
  };
  const timer = setTimeout(() => socket.destroy(), mostMs);
  raw.on("data", count);
  raw.once("close", () => clearTimeout(timer));
  raw.once("end", () => {
    clearTimeout(timer);
    if (closesAfterwards) socket.end();
  });
  raw.resume();
}
