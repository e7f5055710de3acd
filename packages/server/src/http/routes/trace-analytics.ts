import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { listTraceUsers } from "../../features/traces/list-users.ts";
import { traceAnalytics } from "../../features/traces/trace-analytics.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";

export function traceAnalyticsRoutes({ db }: HttpContext) {
  return initServer().router(contract.traceAnalytics, {
    getTraceAnalytics: async ({ request, query }) => ({
      status: 200,
      body: await traceAnalytics(db, callerOf(request).projectId, query),
    }),
    listTraceUsers: async ({ request, query }) => ({
      status: 200,
      body: await listTraceUsers(db, callerOf(request).projectId, query),
    }),
  });
}
