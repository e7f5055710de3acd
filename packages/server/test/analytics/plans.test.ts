/** @module-tag slow */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type Database } from "../../src/db/database.ts";
import { scoreDistribution } from "../../src/features/analytics/score-distribution.ts";
import { sessionTarget, traceTarget } from "../../src/features/analytics/score-source.ts";
import { scoreSummary } from "../../src/features/analytics/score-summary.ts";
import { scoreTrend } from "../../src/features/analytics/score-trend.ts";
import { sessionScoreComparison, sessionScoreHistory } from "../../src/features/analytics/session-scores.ts";
import { listScores } from "../../src/features/scores/read-scores.ts";
import { createTestDatabase, type TestDatabase } from "../support/test-database.ts";
import { testPool } from "../support/test-pool.ts";
import { explain } from "./support/explain.ts";
import { fillProject, settle } from "./support/fill-project.ts";

/*
 * Enough scores that reading them all would be the wrong plan, in a project that is one of several. What is looked at is
 * which relations a plan reads, and that no table that grows with the scores is read as a whole.
 */

let database: TestDatabase;
let pool: ReturnType<typeof testPool>;
let judged: string;
let distinct: string;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = testPool(database.url);
  const db = createDatabase(pool);
  const size = { metrics: 10, days: 10 } as const;
  judged = await fillProject(db, { ...size, traces: 2000, values: "few" });
  distinct = await fillProject(db, { ...size, traces: 2000, values: "distinct" });
  await fillProject(db, { ...size, traces: 2000, values: "few" });
  await sql`
    insert into session_scores
      (project_id, id, session_id, name, data_type, value, numeric_value, source, status, metadata, created_at)
    select project_id, id, 'session ' || row_number() over () % 500, name, data_type, value, numeric_value, source, status,
      '{}', created_at
    from trace_scores`.execute(db);
  await settle(db);
  await sql`vacuum analyze session_scores`.execute(db);
}, 120_000);
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** The scans of a plan: `Index Only Scan using trace_scores_by_name`, `Seq Scan on score_deltas`, … */
async function scans(work: (db: Database) => Promise<unknown>): Promise<string[]> {
  const plan = await explain(pool, work);
  const found = plan
    .filter((line) => !line.includes("never executed"))
    .flatMap((line) => /((?:\w+ )*Scan (?:using \w+ )?on \w+)/.exec(line)?.[1] ?? []);
  return [...new Set(found)].filter((scan) => !/^(CTE|WorkTable|Subquery) Scan/.test(scan));
}

const whole = {};
const uneven = { from: "2026-01-02T10:20:30.400Z", to: "2026-01-08T18:19:20.210Z" };

describe.each([
  ["trace", traceTarget],
  ["session", sessionTarget],
] as const)("of %s scores", (kind, target) => {
  const source = (range: object, projectId = judged) => ({ target, projectId, range });
  const trend = { metric_name: "metric_0", granularity: "day" } as const;
  const distribution = { metric_name: "metric_0", buckets: 10 };
  const byName = `Index Only Scan using ${kind}_scores_by_name on ${kind}_scores`;

  test("the latest scores of many targets are read from the index of their ids", async () => {
    const table = `${kind}_scores` as const;
    const found = await sql<{ id: string }>`
      select distinct ${sql.ref(`${kind}_id`)} as id from ${sql.table(table)} where project_id = ${judged} limit 50
    `.execute(createDatabase(pool));
    const query = { [`${kind}_ids`]: found.rows.map(({ id }) => id), latest: true, limit: 200, offset: 0 };
    const read = await scans((db) => listScores(db, table, judged, query));
    expect(read.filter((scan) => scan.includes("Seq Scan"))).toEqual([]);
    expect(read.join()).toContain(`${table}_of_${kind}`);
    expect(read.join()).not.toContain(`${table}_newest`);
  });

  test("the summary reads the rollup and the index of names", async () => {
    const read = await scans((db) => scoreSummary(db, source(whole)));
    expect(read.join()).toContain("on score_days");
    expect(read.filter((scan) => scan.includes("_scores"))).toEqual([byName]);
  });

  test("the trend and the distribution of whole days read no scores", async () => {
    const days = { from: "2026-01-02", to: "2026-01-08" };
    for (const range of [whole, days]) {
      const trendRead = await scans((db) => scoreTrend(db, source(range), trend));
      expect(trendRead.join()).toContain("on score_hours");
      const distributionRead = await scans((db) => scoreDistribution(db, source(range), distribution));
      expect(distributionRead.join()).toContain("on score_days");
      expect([...trendRead, ...distributionRead].join()).not.toMatch(/_scores/);
    }
  });

  test("the ends of an uneven range are read from an index", async () => {
    const plans = [
      await scans((db) => scoreSummary(db, source(uneven))),
      await scans((db) => scoreTrend(db, source(uneven), trend)),
      await scans((db) => scoreDistribution(db, source(uneven), distribution)),
    ];
    for (const plan of plans) {
      expect(plan.join()).not.toMatch(new RegExp(`Seq Scan on ${kind}_scores`));
      expect(plan.join()).toMatch(new RegExp(`${kind}_scores_(?:by_name|newest)`));
    }
  });

  test("for a metric with distinct values, the summary reads the index of names instead of the rollup", async () => {
    const plan = await explain(pool, (db) => scoreSummary(db, source(whole, distinct)));
    const lines = plan.filter((line) => line.includes(byName) && !line.includes("never executed"));
    expect(lines.join()).toMatch(/rows=2000(?:\.00)? loops=10\b/);
    expect(plan.filter((line) => line.includes("on score_days")).join()).not.toContain("rows=2000");
  });
});

test("the history of a session reads its index", async () => {
  const read = await scans((db) => sessionScoreHistory(db, judged, "session 7", { limit: 50 }));
  expect(read).toEqual(["Index Scan using session_scores_of_session on session_scores"]);
});

test("the comparison of sessions reads only its index", async () => {
  const query = { metric_name: "metric_0", sort_order: "asc", limit: 20, offset: 0 } as const;
  const read = await scans((db) => sessionScoreComparison(db, judged, query));
  expect(read).toEqual(["Index Only Scan using session_scores_compared on session_scores"]);
});
