import { ProblemError } from "@pandaprobe/contract/rules";
import type { FastifyInstance, FastifyRequest } from "fastify";

/** How much of a rejected body is still read, and for how long. */
const mostUnreadBytes = 64 * 1024 * 1024;
const mostUnreadMs = 10_000;

/**
 * Makes sure that clients can read their responses: sends problem documents instead of Node's bare statuses, reads
 * bodies to their end, and closes connections in order while the server drains.
 */
export function registerConnections(app: FastifyInstance, draining: AbortSignal): void {
  answerInPlaceOfNode(app);
  readRefusedBodies(app);
  closeWhileDraining(app, draining);
}

/** Needs `requireHostHeader: false`. An unknown `Expect` is ignored rather than answered 417. */
function answerInPlaceOfNode(app: FastifyInstance): void {
  app.addHook("onRequest", async (request) => {
    if (request.raw.httpVersion === "1.1" && request.headers.host === undefined) {
      throw new ProblemError(
        "malformed_request",
        "An HTTP/1.1 request must name its host in the header Host.",
      );
    }
  });
  app.server.on("checkExpectation", (request, response) => app.routing(request, response));
}

/**
 * Reads and discards the rest of a body that was answered early. Closing a connection with unread bytes resets it,
 * which may lose the response, and a client then mistakes an error response for an outage.
 */
function readRefusedBodies(app: FastifyInstance): void {
  app.addHook("onSend", async (request, reply) => {
    // Fastify closes after rejecting a body, and Node if the client asked for it, both without reading on.
    reply.removeHeader("connection");
    if (request.raw.complete) return;
    const wantsClose = !reply.raw.shouldKeepAlive;
    reply.raw.shouldKeepAlive = true;
    drain(request, wantsClose);
  });
}

function drain({ raw }: FastifyRequest, closesAfterwards: boolean): void {
  const { socket } = raw;
  let left = mostUnreadBytes;
  const count = (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) socket.destroy();
  };
  const timer = setTimeout(() => socket.destroy(), mostUnreadMs);
  raw.on("data", count);
  raw.once("close", () => clearTimeout(timer));
  raw.once("end", () => {
    clearTimeout(timer);
    if (closesAfterwards) socket.end();
  });
  raw.resume();
}

/** A connection kept alive would delay the shutdown until its idle timeout. */
function closeWhileDraining(app: FastifyInstance, draining: AbortSignal): void {
  app.addHook("onSend", async (_request, reply) => {
    if (draining.aborted) reply.header("connection", "close");
  });
  // A response that was already streaming when draining began has promised to keep its connection.
  app.addHook("onResponse", async () => {
    if (draining.aborted) setImmediate(() => app.server.closeIdleConnections());
  });
}
