import { contract } from "@pandaprobe/contract";
import { sentWarnings, unknownSpanFields } from "@pandaprobe/contract/rules";
import { initServer } from "@ts-rest/fastify";
import { listSpans } from "../../features/traces/read-spans.ts";
import { createSpans, updateSpan } from "../../features/traces/write-spans.ts";
import { callerOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";
import { idempotentWrite } from "../idempotent-write.ts";

export function spanRoutes({ db, spanPrices }: HttpContext) {
  return initServer().router(contract.spans, {
    createSpans: idempotentWrite(db, contract.spans.createSpans, async ({ request, params, body }, scope) => {
      const { span_ids, warnings } = await createSpans(
        scope.db,
        scope.projectId,
        params.trace_id,
        body,
        spanPrices,
      );
      return { status: 201, body: { span_ids, ...sentWarnings(warnings, unknownSpanFields(request.body)) } };
    }),
    listSpans: async ({ request, params, query }) => ({
      status: 200,
      body: await listSpans(db, callerOf(request).projectId, params.trace_id, query),
    }),
    updateSpan: async ({ request, params, body }) => ({
      status: 200,
      body: await updateSpan(
        db,
        callerOf(request).projectId,
        { traceId: params.trace_id, spanId: params.span_id },
        body,
        spanPrices,
      ),
    }),
  });
}
