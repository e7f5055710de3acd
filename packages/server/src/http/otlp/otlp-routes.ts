import { limits, type OtlpRoute, otlpRoutes } from "@pandaprobe/contract";
import { jsonContentType, otlpAnswer, ProblemError } from "@pandaprobe/contract/rules";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { BodyLimits, OtlpBody } from "../../compute/otlp/read-body.ts";
import { checkEncoding } from "../compression.ts";
import type { HttpContext } from "../context.ts";
import { encodingOf, protobufType, sendEncoded } from "./otlp-errors.ts";
import { receivers } from "./receivers.ts";

/** OTLP/HTTP: what OpenTelemetry's exporters and the Collector send. */
export async function registerOtlp(
  app: FastifyInstance,
  context: HttpContext,
  bodyLimits: Pick<BodyLimits, "values">,
): Promise<void> {
  await app.register(async (routes) => {
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
    for (const [id, receive] of Object.entries(receivers)) {
      const route: OtlpRoute = otlpRoutes[id as keyof typeof otlpRoutes];
      const config = { tsRestRoute: { metadata: route.metadata } };
      routes.post(route.path, { bodyLimit: limits.otlpBytes, config }, async (request, reply) => {
        const body = bodyOf(request, { ...bodyLimits, bytes: limits.otlpBytes });
        const answer = otlpAnswer(route.rejected, await receive(context, request, body));
        return sendEncoded(reply.status(200), body.encoding, id as keyof typeof otlpRoutes, answer);
      });
    }
  });
}

/** Accepts a key as `Authorization: Bearer`, the usual configuration of OpenTelemetry's exporters. */
export function registerBearerKeys(app: FastifyInstance): void {
  app.addHook("onRequest", async ({ url, headers }) => {
    if (!url.startsWith("/v1/") || headers["x-api-key"] !== undefined) return;
    const [, key] = /^bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
    if (key !== undefined) headers["x-api-key"] = key;
  });
}

function bodyOf(request: FastifyRequest, bodyLimits: BodyLimits): OtlpBody {
  const { encoding: compression } = checkEncoding(request.headers["content-encoding"]);
  const bytes = request.body;
  if (bytes !== undefined && bytes !== null && !(bytes instanceof Uint8Array)) {
    throw new ProblemError("malformed_request", "The body could not be read.");
  }
  return { bytes: bytes ?? new Uint8Array(), encoding: encodingOf(request), compression, limits: bodyLimits };
}
