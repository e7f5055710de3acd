/** @module-tag slow */
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import { listTraces } from "../../src/features/traces/list-traces.ts";
import { explain } from "../analytics/support/explain.ts";
import { createProject } from "../analytics/support/score-table.ts";
import { createTestDatabase } from "../support/test-database.ts";
import { testPool } from "../support/test-pool.ts";

test("a page of traces is read from the index, and only its spans are summed up", {
  timeout: 60_000,
}, async () => {
  const database = await createTestDatabase();
  const pool = testPool(database.url);
  const db = createDatabase(pool);
  onTestFinished(async () => {
    await db.destroy();
    await database.drop();
  });
  const project = await createProject(db);
  await sql`
    insert into traces (project_id, trace_id, name, status, input, output, metadata, started_at, tags)
    select ${project}::uuid, gen_random_uuid(), 'a trace', 'COMPLETED', 'null', 'null', '{}',
      now() - n * interval '1 second', '{}'
    from generate_series(1, 8000) n`.execute(db);
  await sql`vacuum analyze traces`.execute(db);
  for (const sort_order of ["desc", "asc"] as const) {
    const query = { sort_by: "started_at", sort_order, limit: 50, offset: 4000, total: true } as const;
    const plan = await explain(pool, (explained) => listTraces(explained, project, query));
    const page = plan.slice(plan.findIndex((line) => line.includes("Limit")));
    expect(page.join("\n")).toMatch(/traces_by_start/);
    // Fifty rows are sorted again once their spans are summed up; never all 8,000.
    expect(plan.filter((line) => /Sort .*rows=[0-9]{3,}/.test(line))).toEqual([]);
  }
});
