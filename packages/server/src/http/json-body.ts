import { createHash } from "node:crypto";
import { jsonContentType, ProblemError } from "@pandaprobe/contract/rules";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { parseBody } from "../compute/mask-body.ts";
import { measureJson } from "../compute/measure-json.ts";
import { routeMetadata } from "./auth.ts";
import type { BodyMasking } from "./body-masking.ts";
import { checkEncoding, decompressed, isCompressed } from "./compression.ts";
import { Gate } from "./gate.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The SHA-256 of the decompressed body; empty without a body. */
    bodyHash: Buffer;
  }
}

/** Deeper JSON is rejected, because code that walks a value later may recurse. */
const maxDepth = 512;

export interface BodySettings {
  /** How many JSON values a body may hold. Parsing them costs far more than their bytes suggest. */
  readonly bodyLimitValues: number;
}

/** How many bodies of one key are decompressed at once, and how long others wait. */
const decompressions = { slots: 2, waitMs: 5000 };

/**
 * Reads JSON bodies, compressed or not, and rejects any other type. A JSON content type with an empty body
 * counts as no body.
 */
export function registerJsonBodies(
  app: FastifyInstance,
  masking: BodyMasking | null,
  { bodyLimitValues }: BodySettings,
): void {
  const decompressing = new Gate(decompressions);
  app.decorateRequest("bodyHash");
  app.addHook("onRequest", async (request) => {
    request.bodyHash = Buffer.alloc(0);
  });
  app.addHook("preParsing", async (request) => {
    if (request.method !== "GET") checkEncoding(request.headers["content-encoding"]);
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    jsonContentType,
    { parseAs: "buffer" },
    async (request: FastifyRequest, sent: Buffer) => {
      if (sent.length === 0) return undefined;
      const limit = request.routeOptions.bodyLimit;
      const body = await bodyOf(request, sent, limit);
      for (const slot of request.slots) slot.shrinkTo(body.length);
      if (body.length === 0) return undefined;
      request.bodyHash = createHash("sha256").update(body).digest();
      checkShape(body, bodyLimitValues);
      const content = routeMetadata(request)?.masked;
      if (masking === null || content === undefined) return parseBody(body);
      return masking.parse(content, body, request.key?.apiKeyId ?? "", request.gone);
    },
  );

  async function bodyOf(request: FastifyRequest, sent: Buffer, limitBytes: number): Promise<Buffer> {
    const encoding = request.headers["content-encoding"];
    if (!isCompressed(encoding)) return sent;
    const key = request.key?.apiKeyId ?? "";
    const slot = await decompressing.enter(key, 0, request.gone);
    try {
      return await decompressed(sent, encoding, limitBytes);
    } finally {
      slot.leave();
    }
  }
}

function checkShape(body: Buffer, limitValues: number): void {
  const { isTooDeep, values } = measureJson(body, { values: limitValues, depth: maxDepth });
  if (values > limitValues) {
    throw new ProblemError(
      "body_too_large",
      `The body has more than ${limitValues} JSON values. Split it into several requests.`,
    );
  }
  if (isTooDeep) {
    throw new ProblemError("validation_error", `The body nests deeper than ${maxDepth} levels.`, {
      errors: [{ loc: ["body"], msg: `nests deeper than ${maxDepth} levels`, type: "too_deep" }],
    });
  }
}
