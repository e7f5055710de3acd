import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { createTraceRun, createTraceRunBatch } from "../../features/runs/create/create-run.ts";
import { estimateTraceRun } from "../../features/runs/estimate/estimate-run.ts";
import { traceRunTemplate } from "../../features/runs/read/trace-run-template.ts";
import { traceKind } from "../../features/runs/target-kinds/trace-kind.ts";
import { scoresOfRun } from "../../features/scores/read-scores.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";
import { idempotentComputation, idempotentWrite } from "../idempotent-write.ts";
import { runHandlers } from "../run-handlers.ts";

export function traceRunRoutes(context: HttpContext) {
  const { db, judges, compute, quotas } = context;
  const { traceRuns } = contract;
  const handle = runHandlers(context, traceKind, (run, page) => scoresOfRun(db, "trace_scores", run, page));
  return initServer().router(traceRuns, {
    createTraceRun: idempotentWrite(
      db,
      traceRuns.createTraceRun,
      async ({ body }, scope) => ({
        status: 202,
        body: await createTraceRun({ ...scope, judges, quotas }, body),
      }),
      handle.large,
    ),
    createTraceRunBatch: idempotentWrite(
      db,
      traceRuns.createTraceRunBatch,
      async ({ body }, scope) => ({
        status: 202,
        body: await createTraceRunBatch({ ...scope, judges, quotas }, body),
      }),
      handle.large,
    ),
    estimateTraceRun: idempotentComputation(
      db,
      traceRuns.estimateTraceRun,
      async ({ request, body }, scope) => ({
        status: 200,
        body: await estimateTraceRun({ ...scope, judges, compute, quotas, log: request.log }, body),
      }),
    ),
    retryTraceRun: idempotentWrite(db, traceRuns.retryTraceRun, handle.retry, handle.large),
    cancelTraceRun: idempotentWrite(db, traceRuns.cancelTraceRun, handle.cancel, handle.large),
    getTraceRunTemplate: async ({ request, query }) => ({
      status: 200,
      body: await traceRunTemplate(context, callerOf(request).projectId, query.metric),
    }),
    listTraceRuns: handle.list,
    getTraceRun: handle.get,
    streamTraceRun: handle.events,
    getTraceRunScores: handle.scores,
    deleteTraceRun: handle.delete,
  });
}
