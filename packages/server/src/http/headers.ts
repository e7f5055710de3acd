import type { IncomingMessage } from "node:http";
import { safeRequestId } from "@pandaprobe/contract/rules";
import type { FastifyInstance } from "fastify";
import { v4 as uuidv4 } from "uuid";

/** Answers are data: never executed, framed by another page, or interpreted as another type. `/docs` overrides this. */
const securityHeaders = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};

/** The headers of every answer. */
export function registerHeaders(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers({ "x-request-id": request.id, ...securityHeaders });
  });
}

/** The client's `X-Request-ID` if it is short and safe to log, else a new one. */
export function requestId(request: IncomingMessage): string {
  const sent = request.headers["x-request-id"];
  return typeof sent === "string" && safeRequestId.test(sent) ? sent : uuidv4();
}
