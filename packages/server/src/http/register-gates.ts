import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { keyOf, routeMetadata } from "./auth.ts";
import { closedSignal } from "./closed-signal.ts";
import { contractRoute } from "./contract-route.ts";
import { Gate, type Slot } from "./gate.ts";
import { preferredWait } from "./preferred-wait.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The slots that the request holds until it has been answered. */
    slots: Slot[];
    /** Aborted when the client has gone or has its response. */
    gone: AbortSignal;
  }
}

export interface GateSettings {
  /** How many requests of one API key are handled at once. */
  readonly requestsPerKey: number;
  /** How many bytes of bodies one API key may hold in memory. */
  readonly bodyBytesPerKey: number;
  /** The size of the connection pool. */
  readonly databasePoolSize: number;
}

/** How many requests that wait for judges are handled at once, for one key and for all keys. */
const slowPerKey = 4;
const slowInAll = 64;

/** How long a request waits for other requests of its key. */
const waitMs = 5000;

/**
 * Limits the resources that the requests of one key use at once: memory for bodies, and database connections. Some
 * connections always remain for reads of other keys and for the queue.
 */
export function registerGates(app: FastifyInstance, settings: GateSettings): void {
  const { requestsPerKey, bodyBytesPerKey, databasePoolSize } = settings;
  const reserve = Math.ceil(databasePoolSize / 4);
  const requests = new Gate({ slots: requestsPerKey, bytes: bodyBytesPerKey, waitMs });
  // Counts connections as bytes.
  const connections = new Gate({
    slots: Number.POSITIVE_INFINITY,
    bytes: databasePoolSize - reserve,
    waitMs,
  });
  const writes = new Gate({
    slots: Math.ceil(databasePoolSize / 2),
    total: databasePoolSize - reserve,
    waitMs,
  });
  const slow = new Gate({ slots: slowPerKey, total: slowInAll, waitMs });
  app.decorateRequest("slots");
  app.decorateRequest("gone");
  app.addHook("onRequest", async (request, reply) => {
    request.slots = [];
    request.gone = closedSignal(reply.raw);
    request.gone.addEventListener("abort", () => {
      for (const slot of request.slots) slot.leave();
    });
  });
  const enter = async (gate: Gate, request: FastifyRequest, bytes = 0) => {
    const slot = await gate.enter(keyOf(request).apiKeyId, bytes, request.gone);
    request.slots.push(slot);
    if (request.gone.aborted) slot.leave();
  };
  app.addHook("preParsing", async (request) => {
    if (isBounded(request)) await enter(requests, request, announcedBytes(request));
  });
  app.addHook("preHandler", async (request) => {
    if (!isBounded(request)) return;
    if (routeMetadata(request)?.isSlow === true) return enter(slow, request);
    if (!isRead(request)) await enter(writes, request);
    await enter(connections, request, isList(request) ? 2 : 1);
  });
}

/** Whether the limits apply: the request has credentials, and does more than wait for changes of a run. */
function isBounded(request: FastifyRequest): boolean {
  return request.key !== null && !isWaiting(request);
}

/** Whether it waits for changes of a run, which takes little memory and no connection. */
function isWaiting(request: FastifyRequest): boolean {
  const { requestHeaders = {} } = routeMetadata(request) ?? {};
  return (
    "Last-Event-ID" in requestHeaders || ("Prefer" in requestHeaders && preferredWait(request) !== undefined)
  );
}

function isRead({ method }: FastifyRequest): boolean {
  return method === "GET" || method === "HEAD";
}

/** Whether it reads a page and counts all rows at the same time, on a second connection. */
function isList(request: FastifyRequest): boolean {
  const query = contractRoute(request)?.query;
  return query instanceof z.ZodObject && "offset" in query.shape;
}

/** How large the body may be: its `Content-Length`, or the limit if it is compressed or sent in chunks. */
function announcedBytes(request: FastifyRequest): number {
  const { headers, routeOptions } = request;
  if (isRead(request)) return 0;
  const isPlain = (headers["content-encoding"] ?? "identity").trim().toLowerCase() === "identity";
  const length = headers["content-length"];
  if (length === undefined) return headers["transfer-encoding"] === undefined ? 0 : routeOptions.bodyLimit;
  return isPlain ? Math.min(Number(length), routeOptions.bodyLimit) : routeOptions.bodyLimit;
}
