import pg from "pg";

/** Nobody can write to the table, or read it either, until the returned function is called. */
export async function lockTable(
  url: string,
  table: string,
  mode: "share" | "access exclusive" = "share",
): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("begin");
  await client.query(`lock table ${table} in ${mode} mode`);
  return () => client.end();
}
