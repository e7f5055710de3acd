import { type RawBuilder, sql } from "kysely";
import { type Columns, namesOf } from "../../db/column-arrays.ts";
import type { DatabaseTransaction } from "../../db/database.ts";

/** Spans as arrays of the values of columns. */
export interface SpanArrays {
  readonly columns: Columns<string>;
  readonly arrays: readonly Uint8Array[];
}

/** The traces whose spans are to be inserted; those of other traces are left out. */
interface TracesOfSpans {
  /** Which the transaction has just made. They have no spans that could be replaced, which saves looking for them. */
  readonly made: readonly string[];
  /** Which existed already, and are locked. A span that comes again replaces itself. */
  readonly known: readonly string[];
}

export async function insertSpans(
  db: DatabaseTransaction,
  projectId: string,
  spans: SpanArrays,
  { made, known }: TracesOfSpans,
): Promise<void> {
  if (made.length > 0) await insert(projectId, spans, made).execute(db);
  if (known.length === 0) return;
  const replaced = namesOf(spans.columns)
    .filter((name) => name !== "trace_id" && name !== "span_id")
    .map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`);
  await sql`
    ${insert(projectId, spans, known)}
    on conflict (project_id, trace_id, span_id) do update set ${sql.join(replaced)}`.execute(db);
}

function insert(
  projectId: string,
  { columns, arrays }: SpanArrays,
  traceIds: readonly string[],
): RawBuilder<unknown> {
  const names = sql.join(namesOf(columns).map((name) => sql.ref(name)));
  const sent = sql.join(
    Object.values(columns).map((type, index) => sql`${arrays[index]}::${sql.raw(type)}[]`),
  );
  return sql`
    insert into spans (project_id, ${names})
    select ${projectId}, ${names} from unnest(${sent}) as sent(${names})
    where trace_id = any(${traceIds}::uuid[])`;
}
