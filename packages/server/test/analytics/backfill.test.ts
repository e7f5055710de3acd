import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { Migrator } from "kysely/migration";
import { expect, inject, onTestFinished, test } from "vitest";
import { migrations } from "../../src/db/migrations/index.ts";
import { scoreDistribution } from "../../src/features/analytics/score-distribution.ts";
import { type ScoreTarget, sessionTarget, traceTarget } from "../../src/features/analytics/score-source.ts";
import { scoreSummary } from "../../src/features/analytics/score-summary.ts";
import { scoreTrend } from "../../src/features/analytics/score-trend.ts";
import { query } from "../support/query.ts";
import { databaseUrl, dropDatabase } from "../support/template-database.ts";
import { waitUntil } from "../support/wait-until.ts";
import { plainDistribution, plainSummary, plainTrend } from "./support/plain-analytics.ts";
import { createProject, createRuns, createTraces, insertScores } from "./support/score-table.ts";
import { connect } from "./support/use-database.ts";

/** A database of the release before the rollups. */
async function databaseBefore() {
  const adminUrl = inject("adminDatabaseUrl");
  const name = `pandaprobe_test_${randomBytes(6).toString("hex")}`;
  await query(adminUrl, `create database ${name}`);
  const db = connect(databaseUrl(adminUrl, name));
  onTestFinished(async () => {
    await db.destroy();
    await dropDatabase(adminUrl, name);
  });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  await migrator.migrateTo("0002-session-scores");
  return { db, migrate: () => migrator.migrateToLatest() };
}

test("existing scores are counted, and so are those that an older server writes meanwhile", async () => {
  const { db, migrate } = await databaseBefore();
  const projectId = await createProject(db);
  const [trace = ""] = await createTraces(db, projectId, 1);
  const [run = ""] = await createRuns(db, traceTarget, projectId, 1);
  const targets: readonly ScoreTarget[] = [traceTarget, sessionTarget];
  const insert = async (of: typeof db, value: string | null, name: string, day: number) => {
    for (const target of targets) {
      await insertScores(of, target, projectId, [
        {
          name,
          data_type: "NUMERIC",
          status: value === null ? "FAILED" : "SUCCESS",
          value,
          created_at: new Date(Date.UTC(2026, 2, day, 23, 30)).toISOString(),
          targetId: trace,
          runId: run,
          metadata: { threshold: 0.5, success: value !== null && Number(value) > 0.5 },
        },
      ]);
    }
  };
  await insert(db, "0.50", "a", 1);
  await insert(db, ".5", "b", 1);
  await insert(db, null, "c", 2);
  const writing = await db.startTransaction().execute();
  await insert(writing, "0.75", "d", 2);
  const migrating = migrate();
  await waitUntil(async () => {
    const { rows } = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
      db,
    );
    return rows.length > 0;
  });
  const late = insert(db, "1", "e", 3);
  await writing.commit().execute();
  expect((await migrating).error).toBeUndefined();
  await late;
  for (const target of targets) {
    const source = { target, projectId, range: {} };
    expect((await scoreSummary(db, source)).map((row) => row.metric_name)).toEqual(["a", "b", "c", "d", "e"]);
    expect(await scoreSummary(db, source)).toEqual(await plainSummary(db, source));
    for (const metric_name of ["a", "b", "c", "d", "e"]) {
      const trend = { metric_name, granularity: "day" } as const;
      expect(await scoreTrend(db, source, trend)).toEqual(await plainTrend(db, source, trend));
      const distribution = { metric_name, buckets: 4 };
      expect(await scoreDistribution(db, source, distribution)).toEqual(
        await plainDistribution(db, source, distribution),
      );
    }
  }
});
