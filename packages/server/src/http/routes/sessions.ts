import { contract, type SessionDetail, type SessionSummary } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { listSessions } from "../../features/sessions/list-sessions.ts";
import { deleteSession, getSession } from "../../features/sessions/session.ts";
import { sessionAnalytics } from "../../features/sessions/session-analytics.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";
import { streamJson } from "../json-stream.ts";

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
    getSession: async ({ request, reply, params, query }) => {
      const { projectId } = callerOf(request);
      const { summary, traces } = await getSession(db, projectId, params.session_id, query);
      return {
        status: 200,
        body:
          "whole" in traces
            ? { ...summary, traces: traces.whole }
            : streamJson<SessionDetail>(sessionText(summary, traces.texts), reply),
      };
    },
    deleteSession: async ({ request, params }) => ({
      status: 200,
      body: { deleted: await deleteSession(db, callerOf(request).projectId, params.session_id) },
    }),
  });
}

async function* sessionText(summary: SessionSummary, traces: AsyncGenerator<string>): AsyncGenerator<string> {
  yield `${JSON.stringify(summary).slice(0, -1)},"traces":[`;
  yield* traces;
  yield "]}";
}
