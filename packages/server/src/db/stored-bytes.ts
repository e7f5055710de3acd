import { sql } from "kysely";

/** How many bytes a column of text holds, told without reading it: exact where it is not compressed. */
export function storedBytes(column: string) {
  const value = sql.ref(column);
  return sql<number>`coalesce(pg_column_size(${value})::bigint
    * (case when pg_column_compression(${value}) is null then 1 else 100 end), 0)`;
}
