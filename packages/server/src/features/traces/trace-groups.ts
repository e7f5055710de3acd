import type { SortOrder } from "@pandaprobe/contract";
import type { CursorPosition } from "@pandaprobe/contract/rules";
import { type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from "kysely";
import type { Database } from "../../db/database.ts";
import type { Row, Schema } from "../../db/schema.ts";
import { isAfter, type Keyset, orderBy, timeKey } from "../lists/keyset.ts";

/*
 * Traces grouped by session or by user, for lists of those. Each function returns the positions of one more group than
 * the page.
 */

type Traces = SelectQueryBuilder<Schema, "traces", Row<"traces">>;

interface PagePart {
  readonly position: CursorPosition | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** How many traces are read first. They suffice for a page of 200 whose groups have up to 50 traces. */
const lookedAt = 10_000;

/**
 * The groups with the newest traces, found among only the newest traces.
 *
 * @param traces the matching traces; `column` is never null in them.
 * @returns `undefined` if these traces belong to too few groups, and there are older ones.
 */
export async function newestGroups(
  db: Database,
  traces: Traces,
  { column, idOrder }: { readonly column: "session_id" | "user_id"; readonly idOrder: SortOrder },
  { position, limit, offset }: PagePart,
): Promise<CursorPosition[] | undefined> {
  const key = timeKey(sql.ref("newest_at"));
  const start = typeof position?.key === "number" ? key.read(position.key) : undefined;
  const keyset = { key, id: sql.ref<string>("id"), order: "desc", idOrder } as const;
  const newest = traces
    .$if(start !== undefined, (all) => all.where(sql<SqlBool>`started_at <= ${start}`))
    .orderBy("started_at", "desc")
    .limit(lookedAt);
  const conditions = [sql<SqlBool>`(not edge.is_cut or newest_at > edge.at)`];
  if (position !== undefined) {
    conditions.push(isAfter(keyset, position));
    // Groups with a later trace were on the pages before.
    conditions.push(
      sql`not exists (select from (${traces}) traces where ${sql.ref(column)} = id and started_at > ${start})`,
    );
  }
  const { rows } = await sql<{ id: string | null; key: number; is_cut: boolean }>`
    with newest as materialized (select ${sql.ref(column)} as id, started_at from (${newest}) traces),
      edge as (select min(started_at) as at, count(*) >= ${lookedAt} as is_cut from newest)
    select edge.is_cut, page.id, page.key
    from edge left join lateral (
      select id, ${key.written} as key, newest_at
      from (select id, max(started_at) as newest_at from newest group by id) as found
      where ${sql.join(conditions, sql` and `)}
      order by ${orderBy(keyset)}
      limit ${limit + 1} offset ${offset}
    ) page on true
    order by newest_at desc, id ${sql.raw(idOrder)}`.execute(db);
  const found = rows.flatMap(({ id, key }) => (id === null ? [] : [{ id, key }]));
  return found.length <= limit && rows.some(({ is_cut }) => is_cut) ? undefined : found;
}

/** The groups in any order, from all traces. @param joined what the keyset's aggregates need beside `traces` */
export async function allGroups(
  db: Database,
  traces: Traces,
  keyset: Keyset,
  { position, limit, offset }: PagePart,
  { joined = sql``, having = sql`true` }: { joined?: RawBuilder<unknown>; having?: RawBuilder<unknown> } = {},
): Promise<CursorPosition[]> {
  const after = position === undefined ? sql`true` : isAfter(keyset, position);
  const { rows } = await sql<CursorPosition>`
    select ${keyset.id} as id, ${keyset.key.written} as key
    from (${traces}) traces ${joined}
    group by ${keyset.id}
    having ${having} and ${after}
    order by ${orderBy(keyset)}
    limit ${limit + 1} offset ${offset}`.execute(db);
  return rows;
}
