import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { deleteInBatches } from "../../db/delete-in-batches.ts";
import { inTransaction } from "../../db/transaction.ts";
import { fillSpans } from "./fill-spans.ts";
import type { SpanKey } from "./filled-span.ts";
import { isOneOf, lockTraces } from "./lock-traces.ts";

/** How many spans one transaction takes. */
const batchSize = 500;

/** Fills spans that arrived after their messages, through a write that does not look for messages. */
export async function fillWaitingSpans(db: Database, stop: AbortSignal): Promise<void> {
  const { rows } = await sql<SpanKey & { project_id: string }>`
    select distinct project_id, trace_id, span_id
    from otel_messages message
    where waiting and exists (
      select from spans span where span.project_id = message.project_id and span.trace_id = message.trace_id
        and span.span_id = message.span_id)
    limit ${batchSize}`.execute(db);
  for (const [projectId, spans] of Map.groupBy(rows, ({ project_id }) => project_id)) {
    if (stop.aborted) return;
    await inTransaction(db, async (transaction) => {
      await lockTraces(transaction, projectId, isOneOf([...new Set(spans.map(({ trace_id }) => trace_id))]));
      await fillSpans(transaction, projectId, spans);
    });
  }
}

/** Purges messages that are older than 24 hours. Spans keep their content. */
export async function purgeMessages(db: Database, stop: AbortSignal): Promise<void> {
  const rows = {
    table: sql`otel_messages`,
    key: sql`project_id, trace_id, span_id, name, time_ns, digest`,
    isOld: sql`received_at < now() - interval '24 hours'`,
  };
  await deleteInBatches(db, rows, stop);
}
