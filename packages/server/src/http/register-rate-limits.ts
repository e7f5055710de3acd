import type { RouteMetadata } from "@pandaprobe/contract";
import type { FastifyInstance } from "fastify";
import type { Database } from "../db/database.ts";
import { ProblemError } from "../features/problem.ts";
import { countByTime } from "../features/requests/count-by-time.ts";
import type { CountedRequest } from "../features/requests/counted-request.ts";
import { RequestCounter } from "../features/requests/request-counter.ts";
import { keyOf, routeMetadata } from "./auth.ts";
import { isReplay } from "./idempotency.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** How this request counts against a rate limit; `null` where it does not. */
    counted: CountedRequest | null;
  }
}

/** How many requests of a key are allowed in a rolling minute. */
export interface RateLimits extends Readonly<Record<NonNullable<RouteMetadata["rateLimit"]>, number>> {
  /** To all routes that have no limit of their own, together; 0 for as many as come. */
  readonly requests: number;
}

/**
 * Limits every route that needs credentials: those that the contract marks each by itself, the others together. Refused
 * requests count; replays do not, and are always answered.
 */
export function registerRateLimits(app: FastifyInstance, db: Database, limits: RateLimits): void {
  const requests = new RequestCounter(db, limits.requests);
  app.decorateRequest("counted", null);
  app.addHook("preHandler", async (request, reply) => {
    const metadata = routeMetadata(request);
    if (metadata === undefined || metadata.scope === null) return;
    const kind = metadata.rateLimit ?? "requests";
    const limit = limits[kind];
    if (limit === 0) return;
    // One place of a few must not be taken, even for a moment, by a replay. One of thousands is not worth a look.
    if (kind !== "requests" && (await isReplay(db, request))) return;
    const { apiKeyId } = keyOf(request);
    const route = `${request.method} ${request.routeOptions.url}`;
    const counted =
      kind === "requests"
        ? await requests.count(apiKeyId)
        : await countByTime(db, { apiKeyId, route, limit });
    if (counted.place > limit && (await isReplay(db, request))) return counted.uncount();
    reply.headers({
      "ratelimit-limit": limit,
      "ratelimit-remaining": Math.max(0, limit - counted.place),
      "ratelimit-reset": counted.resetSeconds,
    });
    if (counted.place > limit) throw tooMany(limit, counted.resetSeconds);
    request.counted = counted;
  });
}

function tooMany(limit: number, retryAfterSeconds: number): ProblemError {
  return new ProblemError(
    "rate_limited",
    `At most ${limit} of these requests are allowed in a minute. Try again in ${retryAfterSeconds} s.`,
    { retryAfterSeconds },
  );
}
