import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { parseStorableJson } from "../db/storable.ts";
import { ProblemError } from "../features/problem.ts";
import { inflated } from "./inflated.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The SHA-256 of the body, decompressed; empty where there was none. */
    bodyHash: Buffer;
  }
}

/** Deeper JSON is refused: whatever walks a value later may do so by recursion. */
const maxDepth = 512;

/** Reads JSON bodies, compressed ones too, and refuses any other type. A JSON content type without a body counts as no body. */
export function registerJsonBodies(app: FastifyInstance): void {
  app.decorateRequest("bodyHash");
  app.addHook("onRequest", async (request) => {
    request.bodyHash = Buffer.alloc(0);
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    /^application\/(?:[\w.-]+\+)?json(?:\s*;|\s*$)/i,
    { parseAs: "buffer" },
    async (request: FastifyRequest, sent: Buffer) => {
      if (sent.length === 0) return undefined;
      const limit = request.routeOptions.bodyLimit;
      const body = await inflated(sent, request.headers["content-encoding"], limit);
      if (body.length === 0) return undefined;
      request.bodyHash = createHash("sha256").update(body).digest();
      return parseBody(body);
    },
  );
}

function parseBody(body: Buffer): unknown {
  if (nestsDeeperThan(body, maxDepth)) {
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

const [quote, backslash, openArray, closeArray, openObject, closeObject] = Buffer.from('"\\[]{}');

/** Told from the text, for parsing deep nesting is what is to be avoided. */
function nestsDeeperThan(json: Buffer, levels: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index];
    if (inString) {
      if (byte === backslash) index += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) {
      inString = true;
    } else if (byte === openObject || byte === openArray) {
      depth += 1;
      if (depth > levels) return true;
    } else if (byte === closeObject || byte === closeArray) {
      depth -= 1;
    }
  }
  return false;
}
