import type { RouteMetadata } from "@pandaprobe/contract";
import { jsonContentType, ProblemError } from "@pandaprobe/contract/rules";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { BodyLimits, OtlpBody } from "../../compute/otlp/read-body.ts";
import { checkEncoding } from "../compression.ts";
import type { HttpContext } from "../context.ts";
import { encodingOf, protobufType, sendEncoded } from "./otlp-errors.ts";
import { type Received, receiveTraces } from "./receive-traces.ts";

/** In bytes, before and after decompression. */
const bodyLimit = 32 * 1024 * 1024;

/** What these routes need of a key. They name their project themselves. */
const metadata: RouteMetadata = { tag: "OpenTelemetry", scope: "ingest", project: "none", errors: [] };

/**
 * OTLP/HTTP: what OpenTelemetry's exporters and the Collector send. Not part of the contract's routes, because their bodies
 * are no JSON documents of ours, and their errors no problem documents.
 */
export async function registerOtlp(
  app: FastifyInstance,
  context: HttpContext,
  limits: Pick<BodyLimits, "values">,
): Promise<void> {
  await app.register(
    async (routes) => {
      routes.removeAllContentTypeParsers();
      for (const type of [protobufType, jsonContentType]) {
        routes.addContentTypeParser<Buffer>(
          type,
          { parseAs: "buffer" },
          async (request: FastifyRequest, sent: Buffer) => {
            const { encoding: compression } = checkEncoding(request.headers["content-encoding"]);
            if (compression === "identity") for (const slot of request.slots) slot.shrinkTo(sent.length);
            return sent;
          },
        );
      }
      routes.post("/traces", { bodyLimit, config: { tsRestRoute: { metadata } } }, async (request, reply) => {
        const body = bodyOf(request, { ...limits, bytes: bodyLimit });
        return sendPartialSuccess(reply, body, await receiveTraces(context, request, body));
      });
    },
    { prefix: "/v1" },
  );
}

/** Lets a key be sent as `Authorization: Bearer`, as exporters of OpenTelemetry are usually configured. */
export function registerBearerKeys(app: FastifyInstance): void {
  app.addHook("onRequest", async ({ url, headers }) => {
    if (!url.startsWith("/v1/") || headers["x-api-key"] !== undefined) return;
    const [, key] = /^bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
    if (key !== undefined) headers["x-api-key"] = key;
  });
}

function bodyOf(request: FastifyRequest, limits: BodyLimits): OtlpBody {
  const { encoding: compression } = checkEncoding(request.headers["content-encoding"]);
  const bytes = request.body;
  if (bytes !== undefined && bytes !== null && !(bytes instanceof Uint8Array)) {
    throw new ProblemError("malformed_request", "The body could not be read.");
  }
  return { bytes: bytes ?? new Uint8Array(), encoding: encodingOf(request), compression, limits };
}

function sendPartialSuccess(
  reply: FastifyReply,
  { encoding }: OtlpBody,
  { rejected, reasons }: Received,
): FastifyReply {
  const partialSuccess = {
    // In JSON, 64-bit integers are texts.
    ...(rejected === 0 ? {} : { rejectedSpans: encoding === "json" ? String(rejected) : rejected }),
    errorMessage: reasons.join(" "),
  };
  const answer = rejected === 0 && reasons.length === 0 ? {} : { partialSuccess };
  return sendEncoded(reply.status(200), encoding, "tracesAnswer", answer);
}
