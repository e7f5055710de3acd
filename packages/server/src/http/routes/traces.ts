import { contract, type TraceResponse } from "@pandaprobe/contract";
import { notFound, sentWarnings, unknownTraceFields } from "@pandaprobe/contract/rules";
import { initServer } from "@ts-rest/fastify";
import { deleteTrace } from "../../features/traces/delete-traces.ts";
import { listTraces } from "../../features/traces/list-traces.ts";
import { storeTraces } from "../../features/traces/store-traces.ts";
import { tracesInPieces } from "../../features/traces/trace-texts.ts";
import { updateTrace } from "../../features/traces/update-trace.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";
import { idempotentWrite } from "../idempotent-write.ts";
import { streamJson } from "../json-stream.ts";

export function traceRoutes({ db, spanPrices }: HttpContext) {
  const wholeTrace = async (
    projectId: string,
    traceId: string,
    reply: { header(name: string, value: string): unknown },
  ): Promise<TraceResponse> => {
    const traces = await tracesInPieces(db, projectId, [traceId]);
    if ("texts" in traces) return streamJson(traces.texts, reply);
    const [trace] = traces.whole;
    if (trace === undefined) throw notFound("trace", traceId);
    return trace;
  };
  return initServer().router(contract.traces, {
    createTrace: idempotentWrite(db, contract.traces.createTrace, async ({ body, request }, scope) => {
      const [stored] = await storeTraces(scope.db, scope.projectId, [body], spanPrices);
      if (stored === undefined) throw new Error("The trace was not stored.");
      const { trace_id, warnings } = stored;
      return {
        status: 202,
        body: { trace_id, task_id: request.id, ...sentWarnings(warnings, unknownTraceFields(request.body)) },
      };
    }),
    listTraces: async ({ request, query }) => {
      const { started_after: date_from, started_before: date_to, ...rest } = query;
      return {
        status: 200,
        body: await listTraces(db, callerOf(request).projectId, { ...rest, date_from, date_to }),
      };
    },
    getTrace: async ({ request, reply, params }) => ({
      status: 200,
      body: await wholeTrace(callerOf(request).projectId, params.trace_id, reply),
    }),
    updateTrace: async ({ request, reply, params, body }) => {
      const { projectId } = callerOf(request);
      await updateTrace(db, projectId, params.trace_id, body);
      return { status: 200, body: await wholeTrace(projectId, params.trace_id, reply) };
    },
    deleteTrace: async ({ request, params }) => {
      await deleteTrace(db, callerOf(request).projectId, params.trace_id);
      return { status: 204, body: undefined };
    },
  });
}
