import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import {
  createSpanScore,
  deleteSpanScore,
  getSpanScore,
  listSpanScores,
  updateSpanScore,
} from "../../features/scores/span-scores.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";
import { idempotentWrite } from "../idempotent-write.ts";
import { streamPage } from "../json-stream.ts";

export function spanScoreRoutes({ db }: HttpContext) {
  return initServer().router(contract.spanScores, {
    createSpanScore: idempotentWrite(
      db,
      contract.spanScores.createSpanScore,
      async ({ body }, scope) => ({
        status: 201,
        body: await createSpanScore(scope.db, scope.projectId, body),
      }),
      { reread: (projectId, id) => getSpanScore(db, projectId, id) },
    ),
    listSpanScores: async ({ request, reply, query }) => ({
      status: 200,
      body: await streamPage(await listSpanScores(db, callerOf(request).projectId, query), reply),
    }),
    getSpanScore: async ({ request, params }) => ({
      status: 200,
      body: await getSpanScore(db, callerOf(request).projectId, params.score_id),
    }),
    updateSpanScore: async ({ request, params, body }) => ({
      status: 200,
      body: await updateSpanScore(db, callerOf(request).projectId, params.score_id, body),
    }),
    deleteSpanScore: async ({ request, params }) => {
      await deleteSpanScore(db, callerOf(request).projectId, params.score_id);
      return { status: 204, body: undefined };
    },
  });
}
