import { sql } from "kysely";
import type { DatabaseTransaction } from "../../db/database.ts";

/*
 * The content of a trace that a judge reads: its status, input, output, declared tools and spans. `traces.content_hash`
 * is an XOR of a hash of each part, so a change removes the old hash and adds the new one, in any order. A trigger does
 * it for the trace's own fields, and this file, with `db/span-content.ts`, for its spans.
 */

/** Applies changes of spans to the `content_hash` of their traces, whose rows the transaction has locked. */
export async function changeContent(
  db: DatabaseTransaction,
  projectId: string,
  changes: ReadonlyMap<string, bigint>,
): Promise<void> {
  const changed = [...changes].filter(([, change]) => change !== 0n);
  if (changed.length === 0) return;
  const traceIds = changed.map(([traceId]) => traceId);
  const hashes = changed.map(([, change]) => change.toString());
  await sql`
    update traces set content_hash = content_hash # change
    from unnest(${traceIds}::uuid[], ${hashes}::bigint[]) as changed(trace_id, change)
    where traces.project_id = ${projectId} and traces.trace_id = changed.trace_id`.execute(db);
}
