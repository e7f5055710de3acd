import { promisify } from "node:util";
import { brotliDecompress, constants, gunzip, inflate } from "node:zlib";
import compress from "@fastify/compress";
import { ProblemError } from "@pandaprobe/contract/rules";
import type { FastifyInstance } from "fastify";

/** In bytes. Smaller responses fit into one packet anyway. */
const threshold = 1024;

/**
 * Compresses responses for clients that accept it, including streams. Event streams are never compressed, because each
 * event must arrive when it is sent. Must be registered before the routes.
 */
export async function registerCompression(app: FastifyInstance): Promise<void> {
  // Uncompressed responses vary as well, because caches must not serve them to all clients.
  app.addHook("onSend", async (_request, reply) => {
    const vary = reply.getHeader("vary");
    reply.header("vary", vary === undefined ? "accept-encoding" : `${vary}, accept-encoding`);
  });
  await app.register(compress, {
    globalDecompression: false,
    threshold,
    encodings: ["br", "gzip", "deflate"],
    // Compresses a run's scores as well as gzip's default does, in half the time.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } },
  });
}

type Decode = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

/** By `Content-Encoding`. */
const decoders: Readonly<Record<string, Decode>> = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  identity: async (body) => body,
};

/** For messages, without aliases. */
const acceptedEncodings = "gzip, deflate, br";

/** @throws ProblemError for an encoding that is not supported. */
export function checkEncoding(contentEncoding: string | undefined) {
  const encoding = contentEncoding?.trim().toLowerCase() ?? "identity";
  const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined;
  if (decode !== undefined) return { encoding, decode };
  throw new ProblemError(
    "unsupported_media_type",
    `Send the body uncompressed, or with one of these as its Content-Encoding: ${acceptedEncodings}.`,
  );
}

export function isCompressed(contentEncoding: string | undefined): boolean {
  return checkEncoding(contentEncoding).encoding !== "identity";
}

/**
 * Decompresses a body, and stops at the limit, so that a small body that expands to gigabytes costs no more than an
 * allowed one. (`@fastify/compress` could do this too, but keeps decompressing a rejected body.)
 *
 * @throws ProblemError for an unsupported encoding, for damaged or truncated data, and beyond the limit.
 */
export async function decompressed(
  body: Buffer,
  contentEncoding: string | undefined,
  limitBytes: number,
): Promise<Buffer> {
  const { encoding, decode } = checkEncoding(contentEncoding);
  try {
    return await decode(body, { maxOutputLength: limitBytes });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") {
      throw new ProblemError(
        "body_too_large",
        `The body is larger than ${limitBytes} bytes when decompressed. Send less at once.`,
      );
    }
    throw new ProblemError(
      "malformed_request",
      `The body cannot be decompressed as ${encoding}: it is damaged, truncated, or not ${encoding}.`,
      { cause: error },
    );
  }
}
