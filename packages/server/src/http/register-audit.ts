import type { FastifyInstance } from "fastify";
import type { Database } from "../db/database.ts";
import { recordEvent } from "../features/audit/audit-log.ts";
import { keyOf, routeMetadata } from "./auth.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** What a handler adds to the event that is recorded of its request. */
    audited: { subject?: string; details?: Record<string, unknown> } | null;
  }
}

/**
 * Records what the contract marks for the audit log, once it has been done and before it is answered: a client that has
 * the answer finds it in the log.
 */
export function registerAudit(app: FastifyInstance, db: Database): void {
  app.decorateRequest("audited", null);
  app.addHook("onSend", async (request, reply) => {
    const action = routeMetadata(request)?.audit;
    const isReplay = reply.getHeader("idempotency-replayed") !== undefined;
    if (action === undefined || reply.statusCode >= 400 || isReplay) return;
    const key = keyOf(request);
    const { subject = pathValue(request.params), details = {} } = request.audited ?? {};
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

/** What the path names: the thing itself. */
function pathValue(params: unknown): string | null {
  const [value] = Object.values((params ?? {}) as Record<string, string>);
  return value ?? null;
}
