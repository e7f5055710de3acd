import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { traceRunTemplate } from "../../features/metrics/describe-metrics.ts";
import { createTraceRun, createTraceRunBatch } from "../../features/runs/create-run.ts";
import { deleteRun } from "../../features/runs/delete-run.ts";
import { findRun, getRun, listRuns } from "../../features/runs/read-runs.ts";
import { retryTraceRun } from "../../features/runs/retry-run.ts";
import { waitForRunChange } from "../../features/runs/wait-for-run-change.ts";
import { scoresInChunks } from "../../features/scores/read-scores.ts";
import { callerOf } from "../auth.ts";
import { closedSignal } from "../closed-signal.ts";
import type { HttpContext } from "../context.ts";
import { streamArray } from "../json-stream.ts";
import { preferredWait } from "../preferred-wait.ts";
import { write } from "../write.ts";

export function traceRunRoutes({ db, judges, runs, draining }: HttpContext) {
  return initServer().router(contract.traceRuns, {
    createTraceRun: write(db, contract.traceRuns.createTraceRun, async ({ body }, scope) => ({
      status: 202,
      body: await createTraceRun({ ...scope, judges }, body),
    })),
    createTraceRunBatch: write(db, contract.traceRuns.createTraceRunBatch, async ({ body }, scope) => ({
      status: 202,
      body: await createTraceRunBatch({ ...scope, judges }, body),
    })),
    retryTraceRun: write(db, contract.traceRuns.retryTraceRun, async ({ params, body }, scope) => ({
      status: 202,
      body: await retryTraceRun({ ...scope, judges }, params.run_id, body ?? {}),
    })),
    getTraceRunTemplate: async ({ query }) => ({ status: 200, body: traceRunTemplate(judges, query.metric) }),
    listTraceRuns: async ({ request, query }) => ({
      status: 200,
      body: await listRuns(db, callerOf(request).projectId, query),
    }),
    getTraceRun: async ({ request, reply, params }) => {
      const read = () => getRun(db, callerOf(request).projectId, params.run_id);
      const seconds = preferredWait(request);
      if (seconds === undefined) return { status: 200, body: await read() };
      const stop = AbortSignal.any([draining, AbortSignal.timeout(seconds * 1000), closedSignal(reply)]);
      const run = await waitForRunChange(runs, params.run_id, read, stop);
      reply.header("preference-applied", `wait=${seconds}`);
      return { status: 200, body: run };
    },
    getTraceRunScores: async ({ request, reply, params, query }) => {
      const { projectId } = callerOf(request);
      await findRun(db, projectId, params.run_id);
      const scores = scoresInChunks(db, "trace_scores", projectId, { eval_run_id: params.run_id }, query);
      return { status: 200, body: await streamArray(scores, reply) };
    },
    deleteTraceRun: async ({ request, params, query }) => {
      await deleteRun(db, callerOf(request).projectId, params.run_id, { deleteScores: query.delete_scores });
      return { status: 204, body: undefined };
    },
  });
}
