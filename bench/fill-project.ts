import type { Client } from "pg";

/** Inserts traces with sessions into the only project, bypassing the API. @returns the project's id. */
export async function fillProject(
  connection: Client,
  { traces, perSession }: { readonly traces: number; readonly perSession: number },
): Promise<string> {
  const { rows } = await connection.query<{ id: string }>("select id from projects");
  const [project] = rows;
  if (project === undefined || rows.length > 1) throw new Error("There is not exactly one project.");
  await connection.query(
    `insert into traces (project_id, trace_id, name, status, input, output, metadata, started_at, tags, session_id)
     select $1, gen_random_uuid(), 'trace ' || n, 'COMPLETED', to_json('What is ' || n || '?'), to_json('It is ' || n || '.'), '{}',
       timestamptz '2026-01-01' + n * interval '1 minute', '{bench}', 'session ' || n / $3::integer
     from generate_series(1, $2::integer) as n`,
    [project.id, traces, perSession],
  );
  return project.id;
}
