import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { getSession, listSessions } from "../../features/sessions/sessions.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";

export function sessionRoutes({ db }: HttpContext) {
  return initServer().router(contract.sessions, {
    listSessions: async ({ request, query }) => ({
      status: 200,
      body: await listSessions(db, callerOf(request).projectId, query),
    }),
    getSession: async ({ request, params, query }) => ({
      status: 200,
      body: await getSession(db, callerOf(request).projectId, params.session_id, query),
    }),
  });
}
