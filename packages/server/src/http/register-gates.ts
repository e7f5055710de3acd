import type { FastifyInstance, FastifyRequest } from "fastify";
import { keyOf, routeMetadata } from "./auth.ts";
import { Gate, type Place } from "./gate.ts";
import { preferredWait } from "./preferred-wait.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The places that it holds until it has been answered, and what its body may hold of them. */
    places: Place[];
    /** Aborted once its client has gone, or has its answer. */
    gone: AbortSignal;
  }
}

export interface GateSettings {
  /** How many requests of one API key are worked on at once. */
  readonly requestsPerKey: number;
  /** How many bytes of bodies one API key may have in memory. */
  readonly bodyBytesPerKey: number;
  /** The most connections of the pool. */
  readonly databasePoolSize: number;
}

/** How long a request waits for others of its key. */
const waitMs = 5000;

/**
 * Bounds what the requests of one key take at once: memory for their bodies, and connections to the database, of which
 * some are always left for reads of others and for the queue.
 */
export function registerGates(app: FastifyInstance, settings: GateSettings): void {
  const { requestsPerKey, bodyBytesPerKey, databasePoolSize } = settings;
  const reserve = Math.ceil(databasePoolSize / 4);
  const requests = new Gate({ places: requestsPerKey, bytes: bodyBytesPerKey, waitMs });
  // Here the bytes are connections.
  const connections = new Gate({
    places: Number.POSITIVE_INFINITY,
    bytes: databasePoolSize - reserve,
    waitMs,
  });
  const writes = new Gate({
    places: Math.ceil(databasePoolSize / 2),
    total: databasePoolSize - reserve,
    waitMs,
  });
  app.decorateRequest("places");
  app.decorateRequest("gone");
  app.addHook("onRequest", async (request, reply) => {
    const closed = new AbortController();
    request.places = [];
    request.gone = closed.signal;
    reply.raw.once("close", () => {
      closed.abort();
      for (const place of request.places) place.leave();
    });
  });
  const enter = async (gate: Gate, request: FastifyRequest, bytes = 0) => {
    const place = await gate.enter(keyOf(request).apiKeyId, bytes, request.gone);
    request.places.push(place);
    if (request.gone.aborted) place.leave();
  };
  app.addHook("preParsing", async (request) => {
    if (isBounded(request)) await enter(requests, request, announcedBytes(request));
  });
  app.addHook("preHandler", async (request) => {
    if (!isBounded(request)) return;
    if (!isRead(request)) await enter(writes, request);
    await enter(connections, request, isList(request) ? 2 : 1);
  });
}

/** Whether it takes much: it needs credentials, and does more than to wait for news. */
function isBounded(request: FastifyRequest): boolean {
  return request.key !== null && !isWaiting(request);
}

/** Whether it waits for news, which takes neither much memory nor a connection. */
function isWaiting(request: FastifyRequest): boolean {
  const { requestHeaders = {} } = routeMetadata(request) ?? {};
  return (
    "Last-Event-ID" in requestHeaders || ("Prefer" in requestHeaders && preferredWait(request) !== undefined)
  );
}

function isRead({ method }: FastifyRequest): boolean {
  return method === "GET" || method === "HEAD";
}

/** Whether it counts all there is while it reads a page, on a second connection. */
function isList(request: FastifyRequest): boolean {
  const { query } = (request.routeOptions.config as { tsRestRoute?: { query?: unknown } }).tsRestRoute ?? {};
  return (
    query instanceof Object && "shape" in query && query.shape instanceof Object && "offset" in query.shape
  );
}

/** How large the body may become: told by its length, unless it is compressed or says none. */
function announcedBytes(request: FastifyRequest): number {
  const { headers, routeOptions } = request;
  if (isRead(request)) return 0;
  const isAsItIs = (headers["content-encoding"] ?? "identity").trim().toLowerCase() === "identity";
  const length = headers["content-length"];
  if (length === undefined) return headers["transfer-encoding"] === undefined ? 0 : routeOptions.bodyLimit;
  return isAsItIs ? Math.min(Number(length), routeOptions.bodyLimit) : routeOptions.bodyLimit;
}
