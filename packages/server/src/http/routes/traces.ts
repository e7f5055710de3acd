import { contract, sentWarnings } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { deleteTrace } from "../../features/traces/delete-traces.ts";
import { getTrace, listTraces } from "../../features/traces/read-traces.ts";
import { storeTraces } from "../../features/traces/store-traces.ts";
import { updateTrace } from "../../features/traces/update-trace.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";
import { write } from "../write.ts";

export function traceRoutes({ db }: HttpContext) {
  return initServer().router(contract.traces, {
    createTrace: write(db, contract.traces.createTrace, async ({ body, request }, scope) => {
      const [stored] = await storeTraces(scope.db, scope.projectId, [body]);
      if (stored === undefined) throw new Error("A trace that was stored has an id.");
      const { trace_id, warnings } = stored;
      return { status: 202, body: { trace_id, task_id: request.id, ...sentWarnings(warnings) } };
    }),
    listTraces: async ({ request, query }) => {
      const { started_after: date_from, started_before: date_to, ...rest } = query;
      return {
        status: 200,
        body: await listTraces(db, callerOf(request).projectId, { ...rest, date_from, date_to }),
      };
    },
    getTrace: async ({ request, params }) => ({
      status: 200,
      body: await getTrace(db, callerOf(request).projectId, params.trace_id),
    }),
    updateTrace: async ({ request, params, body }) => ({
      status: 200,
      body: await updateTrace(db, callerOf(request).projectId, params.trace_id, body),
    }),
    deleteTrace: async ({ request, params }) => {
      await deleteTrace(db, callerOf(request).projectId, params.trace_id);
      return { status: 204, body: undefined };
    },
  });
}
