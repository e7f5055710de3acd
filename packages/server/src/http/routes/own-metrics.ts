import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import {
  deleteMetric,
  getMetric,
  listAllMetrics,
  listMetricVersions,
  putMetric,
} from "../../features/metrics/own-metrics.ts";
import { tryMetric } from "../../features/trials/try-metric.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";
import { idempotentWrite } from "../idempotent-write.ts";

export function ownMetricRoutes(context: HttpContext) {
  const { db, judges, draining } = context;
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
      const metric = await putMetric({ db: scope.db, judges }, scope.projectId, params.name, body);
      request.audited = { details: { version: metric.version } };
      return { status: 200, body: metric };
    }),
    tryMetric: async ({ request, params, body }) => ({
      status: 200,
      body: await tryMetric(
        { ...context, log: request.log },
        callerOf(request).projectId,
        params.name,
        body,
        { gone: request.gone, draining },
      ),
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
