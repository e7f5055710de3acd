import pg from "pg";

/** By connection string. Connecting costs more than most queries. */
const pools = new Map<string, pg.Pool>();

/** Reads from a test's database what no endpoint returns. */
export async function query<Row extends pg.QueryResultRow>(
  url: string,
  statement: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return (await poolOf(url).query<Row>(statement, values)).rows;
}

function poolOf(url: string): pg.Pool {
  const open = pools.get(url);
  if (open !== undefined) return open;
  const pool = new pg.Pool({ connectionString: url, idleTimeoutMillis: 500, allowExitOnIdle: true });
  // The database is dropped at the end of its test, with its connections.
  pool.on("error", () => undefined);
  pools.set(url, pool);
  return pool;
}
