/** @module-tag slow */
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import type { DatabaseTransaction } from "../../src/db/database.ts";
import { createDatabase } from "../../src/db/database.ts";
import { eraseAnswers } from "../../src/judge/ledger/erase-answers.ts";
import { explain } from "../analytics/support/explain.ts";
import { createProject } from "../analytics/support/score-table.ts";
import { createTestDatabase } from "../support/test-database.ts";
import { testPool } from "../support/test-pool.ts";

test("erasing the data derived from a trace does not read that of others", {
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
    with stored as (
      insert into traces (project_id, trace_id, name, status, input, output, metadata, started_at, tags)
      select ${project}::uuid, gen_random_uuid(), 'a trace', 'COMPLETED', 'null', 'null', '{}', now(), '{}'
      from generate_series(1, 8000)
      returning project_id, trace_id, decode(md5(trace_id::text), 'hex') as key
    ), questions as (
      insert into judge_questions (project_id, trace_id, key) select project_id, trace_id, key from stored
    ), answers as (
      insert into judge_answers (project_id, key, call_id, answer, is_linked)
      select project_id, key, gen_random_uuid(), '{}', true from stored
    )
    insert into judge_calls (project_id, id, run_id, kind, model, settings, keys, attempt, status, error, is_linked)
    select project_id, gen_random_uuid(), gen_random_uuid(), 'ASK', 'openai/test', '{}', array[key], 1, 'FAILED',
      'answered 503', true
    from stored`.execute(db);
  await sql`vacuum analyze traces, judge_questions, judge_answers, judge_calls`.execute(db);
  const { trace_id } = await db.selectFrom("traces").select("trace_id").executeTakeFirstOrThrow();
  const plan = await explain(pool, (explained) =>
    eraseAnswers(explained as DatabaseTransaction, project, [trace_id]),
  );
  expect(plan.filter((line) => /Seq Scan on judge_/.test(line))).toEqual([]);
});
