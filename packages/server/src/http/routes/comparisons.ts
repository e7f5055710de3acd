import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { compareScores } from "../../features/comparisons/compare-scores.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";

export function comparisonRoutes({ db, compute, draining }: HttpContext) {
  return initServer().router(contract.comparisons, {
    compareScores: async ({ request, body }) => ({
      status: 200,
      body: await compareScores({ db, compute }, callerOf(request).projectId, body, draining),
    }),
  });
}
