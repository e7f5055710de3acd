import { constants } from "node:zlib";
import compress from "@fastify/compress";
import type { FastifyInstance } from "fastify";

/** In bytes. What is smaller fits into one packet either way. */
const threshold = 1024;

/**
 * Compresses answers for clients that accept it, streams as they flow; never event streams, of which each event must
 * arrive when it is sent. Must be registered before the routes.
 */
export async function registerCompression(app: FastifyInstance): Promise<void> {
  // Of whatever a client accepts it may get another variant: caches must know, also of answers that are not compressed.
  app.addHook("onSend", async (_request, reply) => {
    const vary = reply.getHeader("vary");
    reply.header("vary", vary === undefined ? "accept-encoding" : `${vary}, accept-encoding`);
  });
  await app.register(compress, {
    globalDecompression: false,
    threshold,
    encodings: ["br", "gzip", "deflate"],
    // Of a run's scores it makes as little as gzip does by default, in half the time.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } },
  });
}
