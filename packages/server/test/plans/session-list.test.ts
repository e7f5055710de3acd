/** @module-tag slow */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import { listSessions } from "../../src/features/sessions/list-sessions.ts";
import { explain } from "../analytics/support/explain.ts";
import { createProject } from "../analytics/support/score-table.ts";
import { createTestDatabase, type TestDatabase } from "../support/test-database.ts";
import { testPool } from "../support/test-pool.ts";

const tracesPerSession = 4;
const limit = 50;

let database: TestDatabase;
let pool: ReturnType<typeof testPool>;
let projectId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
  const db = createDatabase(pool);
  const projects = [await createProject(db), await createProject(db), await createProject(db)];
  projectId = projects[1] ?? "";
  await sql`
    insert into traces (project_id, trace_id, name, status, input, output, metadata, started_at, session_id, user_id, tags)
    select project_id, gen_random_uuid(), 'a trace', 'COMPLETED', 'null', 'null', '{}',
      timestamptz '2026-01-01 00:00:00Z' + make_interval(mins => n), 'session ' || n / ${tracesPerSession}::integer,
      'user ' || n % 100, array['production']
    from unnest(${projects}::uuid[]) project_id, generate_series(0, 7999) n`.execute(db);
  await sql`
    insert into spans (project_id, trace_id, span_id, name, kind, status, input, output, token_usage, metadata, started_at,
      model_parameters, cost, total_tokens, total_cost)
    select project_id, trace_id, gen_random_uuid(), 'a span', 'LLM', 'OK', 'null', 'null', 'null', '{}', started_at, 'null',
      'null', 10, 0.1 from traces`.execute(db);
  await sql`vacuum analyze traces, spans`.execute(db);
}, 60_000);
afterAll(async () => {
  await pool.end();
  await database.drop();
});

test.each([
  ["no filter", {}],
  ["a user", { user_id: "user 7" }],
  ["a day", { started_after: "2026-01-03T00:00:00Z", started_before: "2026-01-04T00:00:00Z" }],
  ["a tag", { tags: ["production"] }],
])("with %s, a page of sessions reads only the spans of that page", async (_, filters) => {
  const query = { ...filters, sort_by: "recent", sort_order: "desc", limit, offset: 0, total: true } as const;
  const plan = await explain(pool, (db) => listSessions(db, projectId, query));
  const spans = plan.flatMap((line) => {
    const found = / on spans .*actual rows=([\d.]+) loops=(\d+)/.exec(line);
    return found === null ? [] : [Number(found[1]) * Number(found[2])];
  });
  expect(spans.length).toBeGreaterThan(0);
  expect(spans.reduce((sum, rows) => sum + rows, 0)).toBeLessThanOrEqual(limit * tracesPerSession);
});
