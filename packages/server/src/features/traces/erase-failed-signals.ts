import { sql } from "kysely";
import type { DatabaseTransaction } from "../../db/database.ts";

/**
 * Erases from session scores what may quote these traces: the reasons why their signals failed, and what a judge said by a
 * metric of the project's own.
 *
 * @param sessionIds default: the sessions of the traces.
 */
export async function eraseFailedSignals(
  db: DatabaseTransaction,
  projectId: string,
  traceIds: readonly string[],
  sessionIds?: readonly string[],
): Promise<void> {
  const isOfSession = sessionIds
    ? sql`session_id = any (${sessionIds}::text[])`
    : sql`session_id in (
        select session_id from traces
        where project_id = ${projectId} and trace_id = any (${traceIds}::uuid[]) and session_id is not null)`;
  await sql`
    update session_scores set
      reason = case when status = 'FAILED'
        then regexp_replace(reason, ' because: .*', ' because: … (a trace of the session was deleted)')
        else reason end,
      metadata = case when metadata -> 'failed_signals' is null then metadata
        else jsonb_set(metadata::jsonb, '{failed_signals}', (
          select jsonb_agg(case when failed ->> 'trace_id' = any (${traceIds}::text[])
            then failed || '{"reason": "The trace was deleted."}' else failed end)
          from jsonb_array_elements(metadata::jsonb -> 'failed_signals') as failed))::json end
    where project_id = ${projectId} and source = 'AUTOMATED'
      and (status = 'FAILED' or metadata -> 'failed_signals' is not null)
      and ${isOfSession}`.execute(db);
  // What a judge said of a conversation by a metric of the project's own may quote each of its traces.
  await sql`
    update session_scores set reason = 'A trace of the session was deleted, and the reason with it.',
      metadata = (metadata::jsonb - 'answers' - 'votes' - 'repeats')::json
    where project_id = ${projectId} and source = 'AUTOMATED' and metadata ->> 'metric_version' is not null
      and ${isOfSession}`.execute(db);
}
