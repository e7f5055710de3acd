import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase } from "../../src/db/database.ts";
import { sessionTarget } from "../../src/features/analytics/score-source.ts";
import { sessionKind } from "../../src/features/runs/target-kinds/session-kind.ts";
import { isOneOf, lockTraces } from "../../src/features/traces/lock-traces.ts";
import { createProject, createRuns } from "../analytics/support/score-table.ts";
import { createTestDatabase, type TestDatabase } from "../support/test-database.ts";
import { testPool } from "../support/test-pool.ts";
import { waitUntil } from "../support/wait-until.ts";

let database: TestDatabase;
let pool: ReturnType<typeof testPool>;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url, 4);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

test("storing scores of sessions locks traces in the order of their ids, as deletions do", async () => {
  const db = createDatabase(pool);
  const projectId = await createProject(db);
  const [runId = ""] = await createRuns(db, sessionTarget, projectId, 1);
  const [first, second] = [uuidv7({ msecs: 1 }), uuidv7({ msecs: 2 })];
  await sql`
    insert into traces (project_id, trace_id, name, status, input, output, metadata, started_at, session_id, tags)
    select ${projectId}, id, 'a trace', 'COMPLETED', 'null', 'null', '{}', now(), 'session ' || n, '{}'
    from unnest(${[first, second]}::uuid[]) with ordinality as trace(id, n)`.execute(db);
  const scores = ["session 2", "session 1"].map((target_id) => ({
    project_id: projectId,
    run_id: runId,
    metric: "agent_reliability",
    target_id,
    contentHash: null,
    status: "SUCCESS" as const,
    value: "1",
    reason: "",
    metadata: {},
  }));

  let storing: Promise<void> | undefined;
  await db.transaction().execute(async (deleter) => {
    await lockTraces(deleter, projectId, isOneOf([first]));
    storing = db.transaction().execute((writer) => sessionKind.insertScores(writer, scores));
    storing.catch(() => undefined);
    await waitUntil(async () => {
      const { rows } = await sql<{ waiting: number }>`
        select count(*) as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
      return rows[0]?.waiting === 1;
    });
    await lockTraces(deleter, projectId, isOneOf([second]));
  });
  await storing;
  const stored = await db.selectFrom("session_scores").select("session_id").execute();
  expect(stored.map(({ session_id }) => session_id).sort()).toEqual(["session 1", "session 2"]);
});
