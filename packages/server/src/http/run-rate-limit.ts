import type { RouteMetadata } from "@pandaprobe/contract";
import type { FastifyInstance } from "fastify";
import type { Database } from "../db/database.ts";
import { callerOf, routeMetadata } from "./auth.ts";
import { idempotencyKey, isAnswered, requestHash } from "./idempotency.ts";
import { type CountedRequest, countRequest } from "./rate-limits.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** How this request counts against a rate limit; `null` where it does not. */
    counted: CountedRequest | null;
  }
}

/** Limits the routes that the contract marks, each by itself. A replay costs nothing, so it does not count. */
export function registerRunRateLimit(
  app: FastifyInstance,
  db: Database,
  limits: Readonly<Record<NonNullable<RouteMetadata["rateLimit"]>, number>>,
): void {
  app.decorateRequest("counted", null);
  app.addHook("preHandler", async (request, reply) => {
    const kind = routeMetadata(request)?.rateLimit;
    if (kind === undefined) return;
    const { apiKeyId, projectId } = callerOf(request);
    const key = idempotencyKey(request);
    if (key !== undefined && (await isAnswered(db, { projectId, key, hash: requestHash(request) }))) return;
    const route = `${request.method} ${request.routeOptions.url}`;
    request.counted = await countRequest(db, { apiKeyId, route, limit: limits[kind] }, reply);
  });
}
