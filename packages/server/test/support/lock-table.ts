import pg from "pg";

/** Blocks writes to the table, or with `access exclusive` reads too, until the returned function is called. */
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
