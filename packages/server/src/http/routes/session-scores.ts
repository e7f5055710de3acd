import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { listScores, scoresOfSession } from "../../features/scores/read-scores.ts";
import { deleteScore } from "../../features/scores/write-scores.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";
import { streamArray, streamPage } from "../json-stream.ts";

export function sessionScoreRoutes({ db }: HttpContext) {
  return initServer().router(contract.sessionScores, {
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
    deleteSessionScore: async ({ request, params }) => {
      await deleteScore(db, "session_scores", callerOf(request).projectId, params.score_id);
      return { status: 204, body: undefined };
    },
  });
}
