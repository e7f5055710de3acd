import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { computeAgreement } from "../../features/agreements/compute-agreement.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";

export function agreementRoutes({ db, compute, draining }: HttpContext) {
  return initServer().router(contract.agreements, {
    computeAgreement: async ({ request, body }) => ({
      status: 200,
      body: await computeAgreement({ db, compute }, callerOf(request).projectId, body, draining),
    }),
  });
}
