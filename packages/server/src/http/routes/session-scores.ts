import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { listScores, scoresOfSession } from "../../features/scores/read-scores.ts";
import { scoreRevisions } from "../../features/scores/score-revisions.ts";
import { getScore } from "../../features/scores/score-rows.ts";
import { createSessionScore, deleteScore, updateScore } from "../../features/scores/write-scores.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";
import { idempotentWrite } from "../idempotent-write.ts";
import { streamArray, streamPage } from "../json-stream.ts";

export function sessionScoreRoutes({ db }: HttpContext) {
  return initServer().router(contract.sessionScores, {
    createSessionScore: idempotentWrite(
      db,
      contract.sessionScores.createSessionScore,
      async ({ body }, scope) => ({
        status: 201,
        body: await createSessionScore(scope.db, scope.projectId, body),
      }),
      { reread: (projectId, id) => getScore(db, "session_scores", projectId, id) },
    ),
    listSessionScores: async ({ request, reply, query }) => ({
      status: 200,
      body: await streamPage(
        await listScores(db, "session_scores", callerOf(request).projectId, query),
        reply,
      ),
    }),
    getSessionScores: async ({ request, reply, params, query }) => {
      const scores = scoresOfSession(db, callerOf(request).projectId, { ...params, ...query });
      return { status: 200, body: await streamArray(scores, reply) };
    },
    updateSessionScore: async ({ request, params, body }) => ({
      status: 200,
      body: await updateScore(db, "session_scores", callerOf(request).projectId, params.score_id, body),
    }),
    getSessionScoreRevisions: async ({ request, reply, params }) => ({
      status: 200,
      body: await streamArray(
        await scoreRevisions(db, "session_scores", callerOf(request).projectId, params.score_id),
        reply,
      ),
    }),
    deleteSessionScore: async ({ request, params }) => {
      await deleteScore(db, "session_scores", callerOf(request).projectId, params.score_id);
      return { status: 204, body: undefined };
    },
  });
}
