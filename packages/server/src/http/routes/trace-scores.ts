import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { getTraceScore, latestTraceScores, listScores } from "../../features/scores/read-scores.ts";
import { traceScoreRevisions } from "../../features/scores/trace-score-revisions.ts";
import { createTraceScore, deleteScore, updateTraceScore } from "../../features/scores/write-scores.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";
import { write } from "../write.ts";

export function traceScoreRoutes({ db }: HttpContext) {
  return initServer().router(contract.traceScores, {
    createTraceScore: write(
      db,
      contract.traceScores.createTraceScore,
      async ({ body }, scope) => ({
        status: 201,
        body: await createTraceScore(scope.db, scope.projectId, body),
      }),
      { reread: (projectId, id) => getTraceScore(db, projectId, id) },
    ),
    listTraceScores: async ({ request, query }) => ({
      status: 200,
      body: await listScores(db, "trace_scores", callerOf(request).projectId, query),
    }),
    getTraceScores: async ({ request, params }) => ({
      status: 200,
      body: await latestTraceScores(db, callerOf(request).projectId, params.trace_id),
    }),
    updateTraceScore: async ({ request, params, body }) => ({
      status: 200,
      body: await updateTraceScore(db, callerOf(request).projectId, params.score_id, body),
    }),
    getTraceScoreRevisions: async ({ request, params }) => ({
      status: 200,
      body: await traceScoreRevisions(db, callerOf(request).projectId, params.score_id),
    }),
    deleteTraceScore: async ({ request, params }) => {
      await deleteScore(db, "trace_scores", callerOf(request).projectId, params.score_id);
      return { status: 204, body: undefined };
    },
  });
}
