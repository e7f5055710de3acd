import { type RawBuilder, sql } from "kysely";
import { namesOf } from "../../db/column-arrays.ts";
import type { DatabaseTransaction } from "../../db/database.ts";
import { spanColumns } from "../../db/span-columns.ts";

/** Spans of a request, as arrays for {@link spanColumns}; those of these traces are stored. */
export interface SpansOfTraces {
  readonly traceIds: readonly string[];
  readonly arrays: readonly Uint8Array[];
}

/**
 * Inserts the spans of traces that the transaction has created. A plain insert, because there is nothing to
 * replace, for which an upsert would look.
 */
export async function insertSpans(
  db: DatabaseTransaction,
  projectId: string,
  spans: SpansOfTraces,
): Promise<void> {
  if (spans.traceIds.length > 0) await insert(projectId, spans).execute(db);
}

/** Inserts spans of existing traces. A span that arrives again replaces the stored one. */
export async function upsertSpans(
  db: DatabaseTransaction,
  projectId: string,
  spans: SpansOfTraces,
): Promise<void> {
  if (spans.traceIds.length === 0) return;
  await sql`
    ${insert(projectId, spans)}
    on conflict (project_id, trace_id, span_id) do update set ${replaced}`.execute(db);
}

const names = namesOf(spanColumns);
const columns = sql.join(names.map((name) => sql.ref(name)));
const replaced = sql.join(
  names
    .filter((name) => name !== "trace_id" && name !== "span_id")
    .map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`),
);

function insert(projectId: string, { traceIds, arrays }: SpansOfTraces): RawBuilder<unknown> {
  const sent = sql.join(names.map((name, index) => sql`${arrays[index]}::${sql.raw(spanColumns[name])}[]`));
  return sql`
    insert into spans (project_id, ${columns})
    select ${projectId}, ${columns} from unnest(${sent}) as sent(${columns})
    where trace_id = any(${traceIds}::uuid[])`;
}
