import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { scoreJudgement } from "../../features/runs/read/score-judgement.ts";
import { latestTraceScores, listScores } from "../../features/scores/read-scores.ts";
import { scoreRevisions } from "../../features/scores/score-revisions.ts";
import { getScore } from "../../features/scores/score-rows.ts";
import { createTraceScore, deleteScore, updateScore } from "../../features/scores/write-scores.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";
import { idempotentWrite } from "../idempotent-write.ts";
import { streamArray, streamPage } from "../json-stream.ts";

export function traceScoreRoutes({ db, compute, judges }: HttpContext) {
  return initServer().router(contract.traceScores, {
    createTraceScore: idempotentWrite(
      db,
      contract.traceScores.createTraceScore,
      async ({ body }, scope) => ({
        status: 201,
        body: await createTraceScore(scope.db, scope.projectId, body),
      }),
      { reread: (projectId, id) => getScore(db, "trace_scores", projectId, id) },
    ),
    listTraceScores: async ({ request, reply, query }) => ({
      status: 200,
      body: await streamPage(await listScores(db, "trace_scores", callerOf(request).projectId, query), reply),
    }),
    getTraceScores: async ({ request, reply, params, query }) => ({
      status: 200,
      body: await streamArray(
        latestTraceScores(db, callerOf(request).projectId, params.trace_id, query.prefer),
        reply,
      ),
    }),
    updateTraceScore: async ({ request, params, body }) => ({
      status: 200,
      body: await updateScore(db, "trace_scores", callerOf(request).projectId, params.score_id, body),
    }),
    getTraceScoreRevisions: async ({ request, reply, params }) => ({
      status: 200,
      body: await streamArray(
        await scoreRevisions(db, "trace_scores", callerOf(request).projectId, params.score_id),
        reply,
      ),
    }),
    getTraceScoreJudgement: async ({ request, params, query }) => ({
      status: 200,
      body: await scoreJudgement(
        { db, compute, judges },
        callerOf(request).projectId,
        params.score_id,
        query,
      ),
    }),
    deleteTraceScore: async ({ request, params }) => {
      await deleteScore(db, "trace_scores", callerOf(request).projectId, params.score_id);
      return { status: 204, body: undefined };
    },
  });
}
