import type { IncomingMessage } from "node:http";
import { safeRequestId, unknownParametersWarning } from "@pandaprobe/contract/rules";
import type { FastifyInstance } from "fastify";
import { v4 as uuidv4 } from "uuid";
import { contractRoute } from "./contract-route.ts";

/**
 * Responses are data: never executed, framed by another page, or interpreted as another type. `/docs`
 * overrides this.
 */
const securityHeaders = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};

/** The headers of every response, and on the API's own also `Warning` for ignored query parameters. */
export function registerHeaders(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers({ "x-request-id": request.id, ...securityHeaders });
    const route = contractRoute(request);
    if (route === undefined) return;
    const warning = unknownParametersWarning(route.query, request.query as object);
    if (warning !== null) reply.header("warning", warning);
  });
}

/** The client's `X-Request-ID` if it is short and safe to log, otherwise a new one. */
export function requestId(request: IncomingMessage): string {
  const sent = request.headers["x-request-id"];
  return typeof sent === "string" && safeRequestId.test(sent) ? sent : uuidv4();
}
