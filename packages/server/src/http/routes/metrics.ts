import { contract } from "@pandaprobe/contract";
import { listMetrics } from "@pandaprobe/contract/rules";
import { initServer } from "@ts-rest/fastify";
import type { HttpContext } from "../context.ts";

export function metricRoutes({ judges }: HttpContext) {
  return initServer().router(contract.metrics, {
    listTraceMetrics: async () => ({ status: 200, body: listMetrics("trace") }),
    listSessionMetrics: async () => ({ status: 200, body: listMetrics("session") }),
    listProviders: async () => ({ status: 200, body: judges.listProviders() }),
  });
}
