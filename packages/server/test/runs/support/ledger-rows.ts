import pg from "pg";

/** The contents of the ledger. */
export interface LedgerRows {
  readonly answers: number;
  /** Calls that have not ended. */
  readonly underWay: number;
  /** The number of calls by how they ended. */
  readonly statuses: Readonly<Record<string, number>>;
  /** What calls with an unknown end are charged. */
  readonly unknownUsd: number;
  readonly errors: readonly string[];
}

export async function ledgerRows(databaseUrl: string): Promise<LedgerRows> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<LedgerRows>(`
      select (select count(*)::integer from judge_answers) as answers,
        count(*) filter (where status = 'PENDING')::integer as "underWay",
        (select coalesce(json_object_agg(status, n), '{}')
          from (select status, count(*) as n from judge_calls group by status) as counted) as statuses,
        coalesce(sum(cost_usd) filter (where status = 'UNKNOWN'), 0)::float8 as "unknownUsd",
        coalesce(array_agg(error) filter (where error is not null), '{}') as errors
      from judge_calls`);
    const [row] = rows;
    if (row === undefined) throw new Error("An aggregate gives a row.");
    return row;
  } finally {
    await client.end();
  }
}
