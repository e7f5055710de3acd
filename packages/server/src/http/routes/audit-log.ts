import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { listEvents } from "../../features/audit/audit-log.ts";
import { keyOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";

export function auditLogRoutes({ db }: HttpContext) {
  return initServer().router(contract.auditLog, {
    listAuditEvents: async ({ request, query }) => ({
      status: 200,
      body: await listEvents(db, keyOf(request).organizationId, query),
    }),
  });
}
