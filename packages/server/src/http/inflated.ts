import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { ProblemError } from "@pandaprobe/contract/rules";

/** What a `Content-Encoding` names, undone. */
const decoders: Readonly<
  Record<string, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  identity: async (body) => body,
};

/** What a client may send its bodies in. */
const acceptedEncodings = "gzip, deflate, br";

/** @throws ProblemError for an encoding that is not understood. */
export function checkEncoding(contentEncoding: string | undefined) {
  const encoding = contentEncoding?.trim().toLowerCase() ?? "identity";
  const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined;
  if (decode !== undefined) return { encoding, decode };
  throw new ProblemError(
    "unsupported_media_type",
    `Send the body as it is, or with one Content-Encoding out of ${acceptedEncodings}.`,
  );
}

export function isCompressed(contentEncoding: string | undefined): boolean {
  return checkEncoding(contentEncoding).encoding !== "identity";
}

/**
 * A body as it was before it was compressed. It stops where the limit is passed, so that a few bytes which stand for
 * gigabytes cost no more than a body that is allowed. (`@fastify/compress` could do this as well, but goes on
 * decompressing what has been refused, to the end.)
 *
 * @throws ProblemError for another encoding, for what was not compressed by it or not wholly sent, and for too much.
 */
export async function inflated(
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
        `The body is larger than ${limitBytes} bytes once it is decompressed.`,
      );
    }
    throw new ProblemError(
      "malformed_request",
      `The body cannot be decompressed as ${encoding}: it is damaged, cut off, or not ${encoding}.`,
      { cause: error },
    );
  }
}
