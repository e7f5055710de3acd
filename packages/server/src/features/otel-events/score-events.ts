import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { deleteInBatches } from "../../db/delete-in-batches.ts";
import { inTransaction } from "../../db/transaction.ts";

/** Turns the events that waited for these traces into scores. Traces that do not exist get none. */
export async function scoreEvents(
  db: DatabaseTransaction,
  projectId: string,
  traceIds: readonly string[],
): Promise<void> {
  if (traceIds.length === 0) return;
  await sql`
    with waiting as (
      select event.trace_id, event.span_id, event.name, event.time_ns, event.score, trace.environment,
        trace.content_hash
      from otel_events event
      join traces trace on trace.project_id = event.project_id and trace.trace_id = event.trace_id
      where event.project_id = ${projectId} and event.trace_id = any(${traceIds}::uuid[])
        and event.score is not null
      order by event.trace_id, event.span_id, event.name, event.time_ns
      for update of event for key share of trace
    ), moment as materialized (
      -- One for all, so that scores are in the order of their ids.
      select now_ms() as at
    ), stored as (
      insert into trace_scores (project_id, id, trace_id, name, data_type, value, numeric_value, source, status,
        reason, environment, metadata, content_hash, created_at, updated_at)
      select ${projectId}, score.id, trace_id, name, score.data_type, score.value, score.numeric_value,
        'PROGRAMMATIC', 'SUCCESS', score.reason, environment, score.metadata, content_hash, at, at
      from moment, waiting, json_to_record(waiting.score)
        as score(id uuid, data_type text, value text, numeric_value float8, reason text, metadata json)
    )
    update otel_events event set score = null
    from waiting
    where event.project_id = ${projectId} and event.trace_id = waiting.trace_id
      and event.span_id = waiting.span_id and event.name = waiting.name
      and event.time_ns = waiting.time_ns`.execute(db);
}

/** How many traces one transaction takes. */
const batchSize = 500;

/**
 * Turns all events whose trace has arrived into scores, because most requests that store traces do not look
 * for events.
 */
export async function scoreWaitingEvents(db: Database, stop: AbortSignal): Promise<void> {
  const { rows: ready } = await sql<{ project_id: string; trace_ids: string[] }>`
    select project_id, array_agg(trace_id::text) as trace_ids
    from (
      select distinct project_id, trace_id
      from otel_events event
      where score is not null and exists (
        select from traces trace where trace.project_id = event.project_id and trace.trace_id = event.trace_id)
      limit ${batchSize}
    ) as ready
    group by project_id`.execute(db);
  for (const { project_id, trace_ids } of ready) {
    if (stop.aborted) return;
    await inTransaction(db, (transaction) => scoreEvents(transaction, project_id, trace_ids));
  }
}

/** Purges events that are older than 24 hours. */
export async function purgeOtelEvents(db: Database, stop: AbortSignal): Promise<void> {
  const rows = {
    table: sql`otel_events`,
    key: sql`project_id, trace_id, span_id, name, time_ns`,
    isOld: sql`received_at < now() - interval '24 hours'`,
  };
  await deleteInBatches(db, rows, stop);
}
