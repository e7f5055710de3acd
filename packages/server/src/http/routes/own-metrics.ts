import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import {
  deleteMetric,
  getMetric,
  listAllMetrics,
  listMetricVersions,
  putMetric,
} from "../../features/metrics/own-metrics.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";
import { idempotentWrite } from "../idempotent-write.ts";

export function ownMetricRoutes({ db }: HttpContext) {
  const { ownMetrics } = contract;
  return initServer().router(ownMetrics, {
    listMetrics: async ({ request }) => ({
      status: 200,
      body: await listAllMetrics(db, callerOf(request).projectId),
    }),
    getMetric: async ({ request, params }) => ({
      status: 200,
      body: await getMetric(db, callerOf(request).projectId, params.name),
    }),
    putMetric: idempotentWrite(db, ownMetrics.putMetric, async ({ request, params, body }, scope) => {
      const metric = await putMetric(scope.db, scope.projectId, params.name, body);
      request.audited = { details: { version: metric.version } };
      return { status: 200, body: metric };
    }),
    listMetricVersions: async ({ request, params, query }) => ({
      status: 200,
      body: await listMetricVersions(db, callerOf(request).projectId, params.name, query),
    }),
    deleteMetric: async ({ request, params }) => {
      await deleteMetric(db, callerOf(request).projectId, params.name);
      return { status: 204, body: undefined };
    },
  });
}
