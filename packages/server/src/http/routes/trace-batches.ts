import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { deleteTraces } from "../../features/traces/delete-traces.ts";
import { tagTraces } from "../../features/traces/tag-traces.ts";
import type { HttpContext } from "../context.ts";
import { idempotentWrite } from "../idempotent-write.ts";
import { storeTraceBatch, withoutDetails } from "../trace-batch.ts";

/** How many ids of a request an audit event lists. */
const mostAuditedIds = 100;

export function traceBatchRoutes({ db, spanPrices }: HttpContext) {
  return initServer().router(contract.traceBatches, {
    createTraceBatch: idempotentWrite(
      db,
      contract.traceBatches.createTraceBatch,
      async ({ body }, scope) => ({
        status: 202,
        body: await storeTraceBatch(scope, body.traces, spanPrices),
      }),
      { shorten: withoutDetails },
    ),
    deleteTraces: idempotentWrite(
      db,
      contract.traceBatches.deleteTraces,
      async ({ request, body }, scope) => {
        const deleted = await deleteTraces(scope.db, scope.projectId, body.trace_ids);
        request.audited = { details: { deleted, trace_ids: body.trace_ids.slice(0, mostAuditedIds) } };
        return { status: 200, body: { deleted } };
      },
    ),
    tagTraces: idempotentWrite(db, contract.traceBatches.tagTraces, async ({ body }, scope) => ({
      status: 200,
      body: { updated: await tagTraces(scope.db, scope.projectId, body) },
    })),
  });
}
