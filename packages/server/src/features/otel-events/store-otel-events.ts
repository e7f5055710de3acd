import type { OtlpReceipt } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { DecodedEvent } from "../../compute/otlp/decode-logs.ts";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";
import { scoreEvents } from "./score-events.ts";

/** How many events of a project may wait for their traces. */
const mostWaiting = 10_000;

/**
 * Stores evaluation results, each once. Those whose trace exists are scores when this returns; the others wait for it.
 */
export async function storeOtelEvents(
  db: Database,
  projectId: string,
  events: readonly DecodedEvent[],
): Promise<OtlpReceipt> {
  if (events.length === 0) return { rejected: 0, reasons: [] };
  return inTransaction(db, async (transaction) => {
    const early = await withoutTrace(transaction, projectId, events);
    const room = early.length === 0 ? 0 : mostWaiting - (await countWaiting(transaction, projectId));
    const rejected = new Set(early.slice(Math.max(0, room)));
    await insertEvents(
      transaction,
      projectId,
      events.filter((event) => !rejected.has(event)),
    );
    await scoreEvents(transaction, projectId, [...new Set(events.map(({ trace_id }) => trace_id))]);
    if (rejected.size === 0) return { rejected: 0, reasons: [] };
    const reason = `${mostWaiting} evaluation results of this project already wait for their traces. Send traces first.`;
    return { rejected: rejected.size, reasons: [reason] };
  });
}

async function withoutTrace(
  db: DatabaseTransaction,
  projectId: string,
  events: readonly DecodedEvent[],
): Promise<DecodedEvent[]> {
  const ids = [...new Set(events.map(({ trace_id }) => trace_id))];
  const found = await db
    .selectFrom("traces")
    .select("trace_id")
    .where("project_id", "=", projectId)
    .where(sql<boolean>`trace_id = any(${ids}::uuid[])`)
    .execute();
  const existing = new Set(found.map(({ trace_id }) => trace_id));
  return events.filter(({ trace_id }) => !existing.has(trace_id));
}

async function countWaiting(db: DatabaseTransaction, projectId: string): Promise<number> {
  const { count } = await db
    .selectFrom((query) =>
      query
        .selectFrom("otel_events")
        .select("project_id")
        .where("project_id", "=", projectId)
        .where("score", "is not", null)
        .limit(mostWaiting)
        .as("waiting"),
    )
    .select((row) => row.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

async function insertEvents(
  db: DatabaseTransaction,
  projectId: string,
  events: readonly DecodedEvent[],
): Promise<void> {
  const rows = events.map(({ score, ...event }) => `${JSON.stringify(event).slice(0, -1)},"score":${score}}`);
  // Ordered, so that two transactions that store the same events wait instead of deadlocking.
  await sql`
    insert into otel_events (project_id, trace_id, span_id, name, time_ns, score)
    select ${projectId}, trace_id, span_id, name, time_ns, score
    from json_to_recordset(${`[${rows.join(",")}]`}::json)
      as sent(trace_id uuid, span_id uuid, name text, time_ns numeric, score json)
    order by trace_id, span_id, name, time_ns
    on conflict do nothing`.execute(db);
}
