import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { createSessionRun, createSessionRunBatch } from "../../features/runs/create/create-run.ts";
import { estimateSessionRun } from "../../features/runs/estimate/estimate-run.ts";
import { sessionKind } from "../../features/runs/target-kinds/session-kind.ts";
import { scoresOfRun } from "../../features/scores/read-scores.ts";
import type { HttpContext } from "../context.ts";
import { idempotentComputation, idempotentWrite } from "../idempotent-write.ts";
import { runHandlers } from "../run-handlers.ts";

export function sessionRunRoutes(context: HttpContext) {
  const { db, judges, compute, quotas } = context;
  const { sessionRuns } = contract;
  const handle = runHandlers(context, sessionKind, (run, page) =>
    scoresOfRun(db, "session_scores", run, page),
  );
  return initServer().router(sessionRuns, {
    createSessionRun: idempotentWrite(
      db,
      sessionRuns.createSessionRun,
      async ({ body }, scope) => ({
        status: 202,
        body: await createSessionRun({ ...scope, judges, quotas }, body),
      }),
      handle.large,
    ),
    createSessionRunBatch: idempotentWrite(
      db,
      sessionRuns.createSessionRunBatch,
      async ({ body }, scope) => ({
        status: 202,
        body: await createSessionRunBatch({ ...scope, judges, quotas }, body),
      }),
      handle.large,
    ),
    estimateSessionRun: idempotentComputation(
      db,
      sessionRuns.estimateSessionRun,
      async ({ request, body }, scope) => ({
        status: 200,
        body: await estimateSessionRun({ ...scope, judges, compute, quotas, log: request.log }, body),
      }),
    ),
    retrySessionRun: idempotentWrite(db, sessionRuns.retrySessionRun, handle.retry, handle.large),
    cancelSessionRun: idempotentWrite(db, sessionRuns.cancelSessionRun, handle.cancel, handle.large),
    listSessionRuns: handle.list,
    getSessionRun: handle.get,
    streamSessionRun: handle.events,
    getSessionRunScores: handle.scores,
    deleteSessionRun: handle.delete,
  });
}
