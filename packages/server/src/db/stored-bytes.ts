import { sql } from "kysely";

/** The size of a text column in bytes, without reading it. Exact unless the value is compressed. */
export function storedBytes(column: string) {
  const value = sql.ref(column);
  return sql<number>`coalesce(pg_column_size(${value})::bigint
    * (case when pg_column_compression(${value}) is null then 1 else 100 end), 0)`;
}
