import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { otlpJson, ProblemError } from "@pandaprobe/contract/rules";
import protobuf, { type Type } from "protobufjs";
import { measureJson } from "../measure-json.ts";
import { messageType, type OtlpEncoding } from "./messages.ts";

/** A request as it was sent. */
export interface OtlpBody {
  readonly bytes: Uint8Array;
  readonly encoding: OtlpEncoding;
  /** The `Content-Encoding`, in lower case. */
  readonly compression: string;
  readonly limits: BodyLimits;
}

export interface BodyLimits {
  /** After decompression. */
  readonly bytes: number;
  /** How many fields and values a body may hold. Objects cost far more memory than their bytes. */
  readonly values: number;
}

const decompressors: Readonly<Record<string, typeof gunzipSync>> = {
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** Deeper values are rejected, because code that walks them later recurses. */
const mostLevels = 100;

/**
 * Decompresses and parses a request. In JSON, only the form of names and ids differs from protobuf.
 *
 * @throws ProblemError `malformed_request`, `body_too_large`
 */
export function readBody(
  signal: "traces" | "logs",
  { bytes, encoding, compression, limits }: OtlpBody,
): object {
  const plain = decompressed(bytes, compression, limits.bytes);
  return encoding === "json" ? fromJson(plain, limits) : fromProtobuf(plain, messageType(signal), limits);
}

function decompressed(bytes: Uint8Array, compression: string, limit: number): Uint8Array {
  const decompress = decompressors[compression];
  try {
    const plain = decompress === undefined ? bytes : decompress(bytes, { maxOutputLength: limit });
    if (plain.length <= limit) return plain;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE")) {
      throw new ProblemError(
        "malformed_request",
        `The body cannot be decompressed as ${compression}: it is damaged, truncated, or not ${compression}.`,
      );
    }
  }
  throw new ProblemError("body_too_large", `The body is larger than ${limit} bytes. Send smaller batches.`);
}

function fromJson(bytes: Uint8Array, limits: BodyLimits): object {
  const { isTooDeep, values } = measureJson(bytes, { values: limits.values, depth: 3 * mostLevels });
  checkShape(values, isTooDeep ? Number.POSITIVE_INFINITY : 0, limits);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  return otlpJson(text);
}

function fromProtobuf(bytes: Uint8Array, type: Type, limits: BodyLimits): object {
  try {
    // A value takes two bytes at least. protobufjs has the same limit of levels.
    if (bytes.length > 2 * limits.values) measure(type, bytes, limits);
    return type.decode(bytes);
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new ProblemError("malformed_request", `The body is not an OTLP request in protobuf: ${why}.`);
  }
}

/** Counts what a message holds without making objects of it, which may take a hundred times as much memory. */
function measure(type: Type, bytes: Uint8Array, limits: BodyLimits): void {
  const reader = protobuf.Reader.create(bytes);
  let values = 0;
  const walk = (message: Type, end: number, depth: number) => {
    while (reader.pos < end) {
      const tag = reader.uint32();
      values += 1;
      checkShape(values, depth, limits);
      const field = message.fieldsById[tag >>> 3]?.resolve();
      const inner = field?.resolvedType;
      if ((tag & 7) === 2 && inner instanceof protobuf.Type) {
        const length = reader.uint32();
        walk(inner, reader.pos + length, depth + 1);
      } else reader.skipType(tag & 7);
    }
    if (reader.pos > end) throw new RangeError("a message is longer than the one that contains it");
  };
  walk(type, reader.len, 0);
}

function checkShape(values: number, depth: number, limits: BodyLimits): void {
  if (values > limits.values) {
    throw new ProblemError(
      "body_too_large",
      `The body has more than ${limits.values} values. Send smaller batches.`,
    );
  }
  if (depth > mostLevels) {
    throw new ProblemError("malformed_request", `The body nests deeper than ${mostLevels} levels.`);
  }
}
