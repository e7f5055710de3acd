import { sql } from "kysely";
import type { Database } from "../../../src/db/database.ts";
import { createProject, createTraces } from "./score-table.ts";

export interface Filling {
  readonly traces: number;
  /** Each scores each trace once. */
  readonly metrics: number;
  /** From 2026-01-01 on, evenly spread. */
  readonly days: number;
  /** Steps of 0.05, as judges give, or a different value for each score. */
  readonly values: "few" | "distinct";
}

/** Creates a project with many scores, as runs would over some days; 3 % failed. @returns its id. */
export async function fillProject(db: Database, filling: Filling): Promise<string> {
  const projectId = await createProject(db);
  const ids = await createTraces(db, projectId, filling.traces);
  await describeTraces(db, projectId);
  const value =
    filling.values === "few"
      ? sql`trim_scale((((number * 7919) % 21)::numeric / 20))::text`
      : sql`'0.' || lpad(((number::bigint * 7919 * 104729) % 10000000000000)::text, 13, '0')`;
  const msPerTrace = (filling.days * 86_400_000) / filling.traces;
  const batch = Math.ceil(10_000 / filling.metrics);
  for (let start = 0; start < ids.length; start += batch) {
    await sql`
      insert into trace_scores
        (project_id, id, trace_id, name, data_type, value, numeric_value, source, status, metadata, created_at)
      select ${projectId}, gen_random_uuid(), trace_id, 'metric_' || metric, 'NUMERIC', value, value::float8, 'AUTOMATED',
        case when value is null then 'FAILED' else 'SUCCESS' end, '{}',
        timestamptz '2026-01-01 00:00:00Z' + make_interval(secs => round(${msPerTrace}::float8 * place) / 1000)
      from (
        select trace_id, metric, ${start} + position as place, (${start} + position) * ${filling.metrics} + metric as number
        from unnest(${ids.slice(start, start + batch)}::uuid[]) with ordinality as trace(trace_id, position),
          generate_series(0, ${filling.metrics - 1}::integer) metric
      ) place
      cross join lateral (select case when number % 100 < 3 then null else ${value} end as value) given`.execute(
      db,
    );
  }
  return projectId;
}

/**
 * Gives traces fields to filter and group by, and input of some size: 50 releases one after the other, 10 % in staging,
 * 20 tags (one per trace), and 1,000 users.
 */
async function describeTraces(db: Database, projectId: string): Promise<void> {
  await sql`
    update traces set release = 'v' || number * 50 / total, tags = array['tag ' || number % 20], user_id = 'user ' || number % 1000,
      environment = case when number % 10 = 0 then 'staging' else 'production' end, input = to_json(repeat('word ', 200))
    from (
      select trace_id as id, row_number() over (order by trace_id) - 1 as number, count(*) over () as total
      from traces where project_id = ${projectId}
    ) numbered
    where project_id = ${projectId} and trace_id = id`.execute(db);
}

/** Folds all deltas, and vacuums and analyzes the tables, as PostgreSQL does by itself after a while. */
export async function settle(db: Database): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ moved: number }>`select fold_score_deltas(10000) as moved`.execute(db);
    if ((rows[0]?.moved ?? 0) === 0) break;
  }
  for (const table of ["traces", "trace_scores", "score_days", "score_hours", "score_deltas"])
    await sql`vacuum analyze ${sql.table(table)}`.execute(db);
}
