import { query } from "./query.ts";

interface Column {
  readonly place: string;
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

/** The columns that contain any of the texts, as `table.column`, of all tables except PostgreSQL's own. */
export async function findText(databaseUrl: string, ...texts: readonly string[]): Promise<string[]> {
  const columns = await query<Column>(
    databaseUrl,
    `select format('%s.%s', table_name, column_name) as place, format('%I', table_schema) as schema,
       format('%I', table_name) as table, format('%I', column_name) as column, data_type as type
     from information_schema.columns join information_schema.tables using (table_schema, table_name)
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const searches = columns.map(({ place, schema, table, column, type }) => {
    const holds =
      type === "bytea"
        ? `position(convert_to(sought, 'UTF8') in ${column}) > 0`
        : `position(sought in ${column}::text) > 0`;
    return `select '${place}' as place where exists (select from ${schema}.${table}, unnest($1::text[]) sought where ${holds})`;
  });
  const found = await query<{ place: string }>(databaseUrl, searches.join(" union all "), [texts]);
  return found.map(({ place }) => place).sort();
}
