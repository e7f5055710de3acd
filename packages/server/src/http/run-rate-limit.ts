import type { FastifyInstance } from "fastify";
import type { Database } from "../db/database.ts";
import { callerOf, routeMetadata } from "./auth.ts";
import { idempotencyKey, isAnswered, requestHash } from "./idempotency.ts";
import { countRequest } from "./rate-limits.ts";

/** Limits the routes that the contract marks, each by itself. A replay costs nothing, so it does not count. */
export function registerRunRateLimit(app: FastifyInstance, db: Database, limit: number): void {
  app.addHook("preHandler", async (request, reply) => {
    if (routeMetadata(request)?.rateLimit !== "runs") return;
    const { apiKeyId, projectId } = callerOf(request);
    const key = idempotencyKey(request);
    if (key !== undefined && (await isAnswered(db, { projectId, key, hash: requestHash(request) }))) return;
    const route = `${request.method} ${request.routeOptions.url}`;
    await countRequest(db, { apiKeyId, route, limit }, reply);
  });
}
