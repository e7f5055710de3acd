import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { listSessionMetrics, listTraceMetrics } from "../../features/metrics/describe-metrics.ts";
import type { HttpContext } from "../context.ts";

export function metricRoutes({ judges }: HttpContext) {
  return initServer().router(contract.metrics, {
    listTraceMetrics: async () => ({ status: 200, body: listTraceMetrics() }),
    listSessionMetrics: async () => ({ status: 200, body: listSessionMetrics() }),
    listProviders: async () => ({ status: 200, body: judges.listProviders() }),
  });
}
