import { sql } from "kysely";
import { expect, test } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { foldScores } from "../../src/features/analytics/fold-scores.ts";
import { traceTarget } from "../../src/features/analytics/score-source.ts";
import { scoreSummary } from "../../src/features/analytics/score-summary.ts";
import { createScore } from "../http/support/samples.ts";
import { useTestServer } from "../support/test-server.ts";
import { storeTrace } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";
import { createProject, createTraces, insertScores } from "./support/score-table.ts";
import { connect, useDatabase } from "./support/use-database.ts";

const database = useDatabase();
const never = new AbortController().signal;

async function newProject(db: Database) {
  const projectId = await createProject(db);
  const [trace = ""] = await createTraces(db, projectId, 1);
  const insert = (of: Database, values: readonly string[], name = "quality") =>
    insertScores(
      of,
      traceTarget,
      projectId,
      values.map((value) => ({
        name,
        data_type: "NUMERIC",
        status: "SUCCESS",
        value,
        created_at: "2026-03-04T10:30:00.000Z",
        targetId: trace,
        runId: null,
      })),
    );
  const summary = (of: Database) => scoreSummary(of, { target: traceTarget, projectId, range: {} });
  return { projectId, insert, summary };
}

async function fold(db: Database, most: number): Promise<number> {
  const { rows } = await sql<{ moved: number }>`select fold_score_deltas(${most}::integer) as moved`.execute(
    db,
  );
  return rows[0]?.moved ?? 0;
}

async function countOf(db: Database, table: string, projectId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${sql.table(table)} where project_id = ${projectId}`.execute(db);
  return rows[0]?.count ?? 0;
}

test("writers of the same scores wait neither for each other, in any order, nor for a fold", async () => {
  const { db } = database;
  const { insert, summary } = await newProject(db);
  await insert(db, ["0.5", "0.75"]);
  const [one, two, folder] = [
    await db.startTransaction().execute(),
    await db.startTransaction().execute(),
    await db.startTransaction().execute(),
  ];
  for (const transaction of [one, two]) await sql`set local lock_timeout = '2s'`.execute(transaction);
  expect(await fold(folder, 100)).toBe(2);
  await insert(one, ["0.5"], "a");
  await insert(two, ["0.5"], "b");
  await insert(two, ["0.5"], "a");
  await insert(one, ["0.5"], "b");
  await folder.commit().execute();
  await two.commit().execute();
  expect((await summary(db)).map((row) => [row.metric_name, row.success_count])).toEqual([
    ["a", 1],
    ["b", 1],
    ["quality", 2],
  ]);
  await one.commit().execute();
  await foldScores(db, never);
  expect((await summary(db)).map((row) => row.success_count)).toEqual([2, 2, 2]);
});

test("while one process folds, others return, and answers do not change before its commit", async () => {
  const { db } = database;
  const { projectId, insert, summary } = await newProject(db);
  await insert(db, ["0.25", "0.75"]);
  const before = await summary(db);
  const folder = await db.startTransaction().execute();
  expect(await fold(folder, 100)).toBe(2);
  expect(await fold(db, 100)).toBe(0);
  expect(await summary(db)).toEqual(before);
  await folder.rollback().execute();
  expect(await countOf(db, "score_deltas", projectId)).toBe(2);
  expect(await fold(db, 100)).toBe(2);
  expect(await countOf(db, "score_deltas", projectId)).toBe(0);
  expect(await summary(db)).toEqual(before);
});

test("a fold moves at most the given number, and the worker's folding is bounded and can be stopped", async () => {
  const { db } = database;
  const { projectId, insert } = await newProject(db);
  for (const value of ["0.1", "0.2", "0.3"]) await insert(db, [value]);
  expect(await fold(db, 2)).toBe(2);
  await foldScores(db, AbortSignal.abort());
  expect(await countOf(db, "score_deltas", projectId)).toBe(1);
  await foldScores(db, never);
  expect(await countOf(db, "score_deltas", projectId)).toBe(0);
  expect(await countOf(db, "score_days", projectId)).toBe(3);
  expect(await countOf(db, "score_hours", projectId)).toBe(1);
});

test("changes that cancel out leave no rows", async () => {
  const { db } = database;
  const { projectId, insert, summary } = await newProject(db);
  await insert(db, ["0.1", "0.2"]);
  await foldScores(db, never);
  await sql`update trace_scores set value = '0.3' where project_id = ${projectId}`.execute(db);
  await foldScores(db, never);
  expect(await countOf(db, "score_days", projectId)).toBe(1);
  expect(await summary(db)).toMatchObject([{ avg_score: 0.3, min_score: 0.3, success_count: 2 }]);
  // Only changes that statistics count are noted.
  await sql`update trace_scores set reason = 'the same' where project_id = ${projectId}`.execute(db);
  expect(await countOf(db, "score_deltas", projectId)).toBe(0);
  await sql`delete from trace_scores where project_id = ${projectId}`.execute(db);
  await foldScores(db, never);
  expect(await countOf(db, "score_days", projectId)).toBe(0);
  expect(await countOf(db, "score_hours", projectId)).toBe(0);
});

test("a truncated table has no summary", async () => {
  const server = await useTestServer({ role: "api" });
  const db = connect(server.database.url);
  const { projectId, insert, summary } = await newProject(db);
  await insert(db, ["0.1"]);
  await foldScores(db, never);
  await insert(db, ["0.2"]);
  await sql`truncate trace_scores cascade`.execute(db);
  await insert(db, ["0.3"]);
  await foldScores(db, never);
  expect(await summary(db)).toMatchObject([{ avg_score: 0.3, success_count: 1 }]);
  expect(await countOf(db, "score_days", projectId)).toBe(1);
  await db.destroy();
});

test("the worker folds by itself, and answers do not change", async () => {
  const server = await useTestServer();
  const db = connect(server.database.url);
  const trace = await storeTrace(server.api);
  const { project_id } = await createScore(server.api, trace, { value: "0.25" });
  const path = "/evaluations/analytics/trace-scores/summary";
  const before = (await server.api.get(path)).body;
  expect(before).toMatchObject([{ metric_name: "quality", avg_score: 0.25 }]);
  await waitUntil(async () => (await countOf(db, "score_days", project_id)) === 1);
  expect(await countOf(db, "score_deltas", project_id)).toBe(0);
  expect((await server.api.get(path)).body).toEqual(before);
  await db.destroy();
});
