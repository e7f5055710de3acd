import { createHash } from "node:crypto";
import { ProblemError } from "@pandaprobe/contract/rules";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { parseStorableJson } from "../db/storable.ts";
import { Gate } from "./gate.ts";
import { checkEncoding, inflated, isCompressed } from "./inflated.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The SHA-256 of the body, decompressed; empty where there was none. */
    bodyHash: Buffer;
  }
}

/** Deeper JSON is refused: whatever walks a value later may do so by recursion. */
const maxDepth = 512;

export interface BodySettings {
  /** How many JSON values a body may hold: what parses them costs far more than their bytes. */
  readonly bodyLimitValues: number;
}

/** How many bodies of one key are decompressed at once, and how long others wait for that. */
const inflations = { places: 2, waitMs: 5000 };

/** Reads JSON bodies, compressed ones too, and refuses any other type. A JSON content type without a body counts as no body. */
export function registerJsonBodies(app: FastifyInstance, { bodyLimitValues }: BodySettings): void {
  const inflating = new Gate(inflations);
  app.decorateRequest("bodyHash");
  app.addHook("onRequest", async (request) => {
    request.bodyHash = Buffer.alloc(0);
  });
  app.addHook("preParsing", async (request) => {
    if (request.method !== "GET") checkEncoding(request.headers["content-encoding"]);
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    /^application\/(?:[\w.-]+\+)?json(?:\s*;|\s*$)/i,
    { parseAs: "buffer" },
    async (request: FastifyRequest, sent: Buffer) => {
      if (sent.length === 0) return undefined;
      const limit = request.routeOptions.bodyLimit;
      const body = await bodyOf(request, sent, limit);
      for (const place of request.places) place.shrinkTo(body.length);
      if (body.length === 0) return undefined;
      request.bodyHash = createHash("sha256").update(body).digest();
      return parseBody(body, bodyLimitValues);
    },
  );

  async function bodyOf(request: FastifyRequest, sent: Buffer, limitBytes: number): Promise<Buffer> {
    const encoding = request.headers["content-encoding"];
    if (!isCompressed(encoding)) return sent;
    const key = request.key?.apiKeyId ?? "";
    const place = await inflating.enter(key, 0, request.gone);
    try {
      return await inflated(sent, encoding, limitBytes);
    } finally {
      place.leave();
    }
  }
}

function parseBody(body: Buffer, limitValues: number): unknown {
  const { isTooDeep, values } = measured(body, limitValues);
  if (values > limitValues) {
    throw new ProblemError(
      "body_too_large",
      `The body holds more than ${limitValues} JSON values. Send it in several requests.`,
    );
  }
  if (isTooDeep) {
    throw new ProblemError("validation_error", `The body nests deeper than ${maxDepth} levels.`, {
      errors: [{ loc: ["body"], msg: `nests deeper than ${maxDepth} levels`, type: "too_deep" }],
    });
  }
  try {
    return parseStorableJson(body.toString("utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : "it could not be read";
    throw new ProblemError("malformed_json", `The body is not valid JSON: ${why}.`);
  }
}

const [quote, backslash, openArray, closeArray, openObject, closeObject, comma] = Buffer.from('"\\[]{},');

/**
 * How deep a JSON text nests and how many values it holds, told from its bytes, for parsing is what is to be avoided. It
 * stops where either is too much.
 */
function measured(json: Buffer, limitValues: number): { isTooDeep: boolean; values: number } {
  let depth = 0;
  let values = 1;
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index];
    if (inString) {
      if (byte === backslash) index += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) {
      inString = true;
    } else if (byte === comma) {
      values += 1;
      if (values > limitValues) break;
    } else if (byte === openObject || byte === openArray) {
      depth += 1;
      if (depth > maxDepth) return { isTooDeep: true, values };
      // Its first item; an empty one has none.
      const next = json[index + 1];
      if (next !== closeObject && next !== closeArray) values += 1;
      if (values > limitValues) break;
    } else if (byte === closeObject || byte === closeArray) {
      depth -= 1;
    }
  }
  return { isTooDeep: false, values };
}
