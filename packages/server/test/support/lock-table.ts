import pg from "pg";

/** Nobody can write to the table until the returned function is called. */
export async function lockTable(url: string, table: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("begin");
  await client.query(`lock table ${table} in share mode`);
  return () => client.end();
}
