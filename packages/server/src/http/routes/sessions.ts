import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { deleteSession } from "../../features/sessions/delete-session.ts";
import { sessionAnalytics } from "../../features/sessions/session-analytics.ts";
import { getSession, listSessions } from "../../features/sessions/sessions.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";

export function sessionRoutes({ db }: HttpContext) {
  return initServer().router(contract.sessions, {
    listSessions: async ({ request, query }) => ({
      status: 200,
      body: await listSessions(db, callerOf(request).projectId, query),
    }),
    getSessionAnalytics: async ({ request, query }) => ({
      status: 200,
      body: await sessionAnalytics(db, callerOf(request).projectId, query),
    }),
    getSession: async ({ request, params, query }) => ({
      status: 200,
      body: await getSession(db, callerOf(request).projectId, params.session_id, query),
    }),
    deleteSession: async ({ request, params }) => ({
      status: 200,
      body: { deleted: await deleteSession(db, callerOf(request).projectId, params.session_id) },
    }),
  });
}
