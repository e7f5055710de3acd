import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import { recordEvent } from "../features/audit/audit-log.ts";
import { keyOf, routeMetadata } from "./auth.ts";
import { contractRoute } from "./contract-route.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** What a handler adds to the audit event of its request. */
    audited: { subject?: string; details?: Record<string, unknown> } | null;
  }
}

/**
 * Records requests to the routes that the contract marks for the audit log, after the work and before the response, so
 * a client that has the response finds the event in the log.
 */
export function registerAudit(app: FastifyInstance, db: Database): void {
  app.decorateRequest("audited", null);
  app.addHook("onSend", async (request, reply) => {
    const action = routeMetadata(request)?.audit;
    const isReplay = reply.getHeader("idempotency-replayed") !== undefined;
    if (action === undefined || reply.statusCode >= 400 || isReplay) return;
    const key = keyOf(request);
    const { subject = pathValue(request), details = {} } = request.audited ?? {};
    await recordEvent(db, key.organizationId, {
      action,
      project: request.caller?.projectName ?? null,
      subject,
      key_id: key.apiKeyId,
      request_id: request.id,
      details,
    });
  });
}

/** The id or name in the path, which is the subject of the event. An id may have been sent in another form. */
function pathValue(request: FastifyRequest): string | null {
  const schema = contractRoute(request)?.pathParams;
  const params = schema instanceof z.ZodType ? schema.parse(request.params) : {};
  const [value] = Object.values(params as Record<string, string>);
  return value ?? null;
}
