import type { RouteMetadata } from "@pandaprobe/contract";
import { ProblemError } from "@pandaprobe/contract/rules";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Database } from "../db/database.ts";
import { RequestCounter } from "../features/requests/count-by-second.ts";
import { countByTime } from "../features/requests/count-by-time.ts";
import type { CountedRequest } from "../features/requests/counted-request.ts";
import { callerOf, keyOf, routeMetadata } from "./auth.ts";
import { idempotencyKey, isReplay, isUsed } from "./idempotency.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** How this request counts against a rate limit; `null` if it does not. */
    counted: CountedRequest | null;
  }
}

/** How many requests of a key are allowed in a rolling minute. */
export interface RateLimits extends Readonly<Record<NonNullable<RouteMetadata["rateLimit"]>, number>> {
  /** To all routes together that have no limit of their own; 0 for no limit. */
  readonly requests: number;
}

/**
 * Limits every route that needs credentials: routes with a limit in the contract one by one, the others together.
 * Refused requests count; replays do not, and are always answered.
 */
export function registerRateLimits(app: FastifyInstance, db: Database, limits: RateLimits): void {
  const requests = new RequestCounter(db, limits.requests);
  app.decorateRequest("counted", null);
  // Before the body is read, so that a refused request costs little.
  app.addHook("preParsing", async (request, reply) => {
    const kind = limitOf(request);
    if (kind === undefined || limits[kind] === 0) return;
    // With a small limit a replay must not count even for a moment. With a limit of thousands that is not worth a
    // query.
    if (kind !== "requests" && (await mayBeReplayed(db, request))) return;
    await count(request, reply, kind);
    const { counted } = request;
    if (counted === null || counted.rank <= limits[kind]) return;
    if (kind === "requests" && (await mayBeReplayed(db, request))) return;
    throw tooMany(limits[kind], counted.resetSeconds);
  });
  // Only the body shows whether the request is a replay.
  app.addHook("preHandler", async (request, reply) => {
    const kind = limitOf(request);
    if (kind === undefined || limits[kind] === 0) return;
    if (request.counted === null && !(await isReplay(db, request))) await count(request, reply, kind);
    const { counted } = request;
    if (counted === null || counted.rank <= limits[kind]) return;
    if (!(await isReplay(db, request))) throw tooMany(limits[kind], counted.resetSeconds);
    await counted.uncount();
    request.counted = null;
    for (const name of limitHeaders) reply.removeHeader(name);
  });

  async function count(request: FastifyRequest, reply: FastifyReply, kind: Limit): Promise<void> {
    const { apiKeyId } = keyOf(request);
    const route = `${request.method} ${request.routeOptions.url}`;
    const limit = limits[kind];
    const counted =
      kind === "requests"
        ? await requests.count(apiKeyId)
        : await countByTime(db, { apiKeyId, route, limit });
    reply.headers({
      "ratelimit-limit": limit,
      "ratelimit-remaining": Math.max(0, limit - counted.rank),
      "ratelimit-reset": counted.resetSeconds,
    });
    request.counted = counted;
  }
}

type Limit = keyof RateLimits;

const limitHeaders = ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"];

function limitOf(request: FastifyRequest): Limit | undefined {
  const metadata = routeMetadata(request);
  return metadata === undefined || metadata.scope === null ? undefined : (metadata.rateLimit ?? "requests");
}

/** Whether its key has been used before. More is not known before the body is read. */
async function mayBeReplayed(db: Database, request: FastifyRequest): Promise<boolean> {
  const key = request.method === "POST" && request.caller !== null ? idempotencyKey(request) : undefined;
  return key !== undefined && (await isUsed(db, { projectId: callerOf(request).projectId, key }));
}

function tooMany(limit: number, retryAfterSeconds: number): ProblemError {
  return new ProblemError(
    "rate_limited",
    `At most ${limit} of these requests are allowed in a minute. Try again in ${retryAfterSeconds} s.`,
    { retryAfterSeconds },
  );
}
