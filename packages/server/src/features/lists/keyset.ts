import type { SortOrder } from "@pandaprobe/contract";
import { type CursorPosition, type CursorScope, readCursor, writeCursor } from "@pandaprobe/contract/rules";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import { storableText } from "../../db/storable.ts";

/** A sort key of a list, as SQL and as a value in a cursor. */
export interface SortKey<Value extends string | number = string | number> {
  readonly sql: RawBuilder<unknown>;
  /** The key as the number or text in a cursor, which must be exact: a rounded key would skip items. */
  readonly written: RawBuilder<Value | null>;
  /** The key of a cursor as SQL. */
  read(value: Value): RawBuilder<unknown>;
  readonly schema: z.ZodType<Value>;
  /** Null keys come last. If there are none, saying so would keep PostgreSQL from using an index. */
  readonly isNullable: boolean;
}

/** From year 1 to the end of 9999, in microseconds. */
const microseconds = z.int().min(-62_135_596_800_000_000).max(253_402_300_800_000_000);

export function timeKey(key: RawBuilder<unknown>, options: { isNullable?: boolean } = {}): SortKey<number> {
  return {
    sql: key,
    written: sql<number | null>`(extract(epoch from ${key}) * 1000000)::bigint`,
    read: (value) => sql`(timestamptz 'epoch' + ${value}::float8 * interval '1 microsecond')`,
    schema: microseconds,
    isNullable: options.isNullable ?? false,
  };
}

export function numberKey(key: RawBuilder<unknown>, options: { isNullable?: boolean } = {}): SortKey<number> {
  return {
    sql: key,
    written: sql<number | null>`(${key})::float8`,
    read: (value) => sql`${value}::float8`,
    schema: z.number(),
    isNullable: options.isNullable ?? false,
  };
}

export function textKey(key: RawBuilder<unknown>): SortKey<string> {
  return {
    sql: key,
    written: sql<string | null>`${key}`,
    read: (value) => sql`${value}::text`,
    schema: storedText,
    isNullable: false,
  };
}

/** Text that PostgreSQL accepts as a parameter. */
export const storedText = z.string().refine((value) => storableText(value) === value);

/** An order of a list by a key, and then by the id of its items. */
export interface Keyset {
  readonly key: SortKey;
  readonly id: RawBuilder<string>;
  readonly order: SortOrder;
  /** The order of the ids. Default: that of the keys. */
  readonly idOrder?: SortOrder | undefined;
}

/** The part of a list after a cursor, or all of it. */
interface CursorQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** The cursor of a request. @throws ProblemError `validation_error` */
export function positionOf(
  { key }: Keyset,
  idSchema: z.ZodType<string>,
  scope: CursorScope & { readonly query: CursorQuery },
): CursorPosition | undefined {
  const { cursor } = scope.query;
  if (cursor === undefined) return undefined;
  return readCursor(scope, cursor, {
    key: key.isNullable ? key.schema.nullable() : key.schema,
    id: idSchema,
  });
}

/** Whether a row comes after a position. */
export function isAfter(
  { key, id, order, idOrder = order }: Keyset,
  position: CursorPosition,
): RawBuilder<SqlBool> {
  const idAfter = sql<SqlBool>`${id} ${beyond(idOrder)} ${position.id}`;
  if (position.key === null) return sql`(${key.sql} is null and ${idAfter})`;
  const value = key.read(position.key);
  const after =
    idOrder === order
      ? sql<SqlBool>`(${key.sql}, ${id}) ${beyond(order)} (${value}, ${position.id})`
      : sql<SqlBool>`(${key.sql} ${beyond(order)} ${value} or (${key.sql} = ${value} and ${idAfter}))`;
  return key.isNullable ? sql`(${after} or ${key.sql} is null)` : after;
}

function beyond(order: SortOrder) {
  return sql.raw(order === "asc" ? ">" : "<");
}

/** The SQL of the order. */
export function orderBy({ key, id, order, idOrder = order }: Keyset): RawBuilder<unknown> {
  const nulls = sql.raw(key.isNullable ? "nulls last" : "");
  return sql`${key.sql} ${sql.raw(order)} ${nulls}, ${id} ${sql.raw(idOrder)}`;
}

/** Removes the extra row after the page, which shows whether there are more. */
export function pageEnd<Row extends CursorPosition>(
  scope: CursorScope & { readonly query: CursorQuery },
  rows: readonly Row[],
  total: number | undefined,
) {
  const { limit, offset } = scope.query;
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const hasMore = rows.length > limit;
  return {
    page,
    total: total ?? (rows.length === 0 ? 0 : offset + rows.length),
    next_cursor: hasMore && last !== undefined ? writeCursor(scope, last) : null,
  };
}
