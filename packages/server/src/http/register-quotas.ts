import type { FastifyInstance } from "fastify";
import type { Quotas } from "../config/project-limits.ts";
import type { Database } from "../db/database.ts";
import { checkStorage } from "../features/quotas/check-quotas.ts";
import { callerOf, routeMetadata } from "./auth.ts";
import { isReplay } from "./idempotency.ts";

/**
 * Refuses to store more in a project that is over its quotas. They are checked before each request, so requests in flight
 * at that moment can still exceed them. Quotas of runs and monitors are checked where these are created.
 */
export function registerQuotas(app: FastifyInstance, db: Database, quotas: Quotas): void {
  app.addHook("preHandler", async (request) => {
    const quota = routeMetadata(request)?.quota;
    if (quota !== "traces" && quota !== "bytes") return;
    try {
      await checkStorage(db, callerOf(request).projectId, quotas, quota);
    } catch (error) {
      if (await isReplay(db, request)) return;
      throw error;
    }
  });
}
