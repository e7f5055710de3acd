import { expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import { up } from "../../src/db/migrations/0015-project-usage.ts";
import { readStorage, readToday } from "../../src/features/quotas/read-usage.ts";
import { createTestDatabase } from "../support/test-database.ts";
import { testPool } from "../support/test-pool.ts";

test("data from before usage was counted counts, and leaves no usage when it is deleted", async () => {
  const database = await createTestDatabase();
  const pool = testPool(database.url);
  const db = createDatabase(pool);
  onTestFinished(async () => {
    await db.destroy();
    await database.drop();
  });
  // As the previous migration left them.
  await pool.query(`
    drop function measure_content, note_content_changes, note_new_runs, note_spending cascade;
    drop table project_usage_deltas, project_totals, project_days;
    alter table traces drop column content_bytes;
    alter table spans drop column content_bytes`);
  const [project, trace, run] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  await pool.query("insert into organizations (id, name) values ($1, 'o')", [project]);
  await pool.query("insert into projects (organization_id, id, name) values ($1, $1, 'p')", [project]);
  // Long enough to be compressed and stored out of line.
  const long = JSON.stringify(Array.from({ length: 20_000 }, () => crypto.randomUUID()));
  await pool.query(
    `insert into traces (project_id, trace_id, name, status, input, output, metadata, started_at, tags)
      select $1, coalesce(case n when 1 then $2::uuid end, gen_random_uuid()), 'n', 'COMPLETED', $3, 'null', '{}', now(),
        '{}' from generate_series(1, 3) n`,
    [project, trace, long],
  );
  await pool.query(
    `insert into spans (project_id, trace_id, span_id, name, kind, status, input, output, token_usage, metadata,
        started_at, model_parameters, cost, total_tokens, total_cost)
      values ($1, $2, gen_random_uuid(), 's', 'LLM', 'OK', $3, 'null', 'null', '{}', now(), 'null', 'null', 0, 0)`,
    [project, trace, JSON.stringify("a".repeat(100_000))],
  );
  await pool.query(
    `insert into eval_runs (project_id, id, target_type, status, metric_names, filters, sampling_rate, thresholds,
        total_targets) values ($1, $2, 'TRACE', 'COMPLETED', '{}', '{}', 1, '{}', 0)`,
    [project, run],
  );
  await pool.query(
    "insert into eval_run_usage (project_id, run_id, process_id, cost_usd) values ($1, $2, $2, 0.5), ($1, $2, $1, 0.25)",
    [project, run],
  );

  await up(db as never);

  const before = await readStorage(db, project);
  expect(before.traces).toBe(3);
  expect(before.bytes).toBeGreaterThan(3 * 400_000);
  expect(await readToday(db, project)).toMatchObject({ runs: 1, usd: 0.75 });
  await pool.query("update traces set updated_at = now(), tags = '{a}'");
  expect(await readStorage(db, project)).toEqual(before);
  await pool.query("update traces set output = input where trace_id = $1", [trace]);
  expect((await readStorage(db, project)).bytes).toBeGreaterThan(before.bytes + 700_000);
  await pool.query("update eval_run_usage set cost_usd = cost_usd + 1 where process_id = run_id");
  expect(await readToday(db, project)).toMatchObject({ runs: 1, usd: 1.75 });
  await pool.query("delete from traces");
  expect(await readStorage(db, project)).toEqual({ traces: 0, bytes: 0 });
});
