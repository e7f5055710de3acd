import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { listTraceMetrics } from "../../features/metrics/describe-metrics.ts";
import type { HttpContext } from "../context.ts";

export function metricRoutes({ judges }: HttpContext) {
  return initServer().router(contract.metrics, {
    listTraceMetrics: async () => ({ status: 200, body: listTraceMetrics() }),
    listProviders: async () => ({ status: 200, body: judges.listProviders() }),
  });
}
