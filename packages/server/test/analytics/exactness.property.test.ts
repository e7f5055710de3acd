/**
 * @module-tag slow
 * @module-tag nightly
 */
import { ProblemError } from "@pandaprobe/contract/rules";
import fc from "fast-check";
import { sql } from "kysely";
import { expect, test } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { foldScores } from "../../src/features/analytics/fold-scores.ts";
import { type ScoreTarget, sessionTarget, traceTarget } from "../../src/features/analytics/score-source.ts";
import { trials } from "../support/nightly.ts";
import { type Change, change, type Scene } from "./support/changes.ts";
import { expectExact, question } from "./support/questions.ts";
import { createProject, createRuns, createTraces, insertScores } from "./support/score-table.ts";
import { useDatabase } from "./support/use-database.ts";

const database = useDatabase();
const questions = fc.array(question, { minLength: 4, maxLength: 4 });
const runsOfProperty = { ...trials(4, 100), endOnFailure: true };

/** More distinct values than make a rollup worthwhile. */
async function insertManyValues(db: Database, scene: Scene): Promise<void> {
  const rows = Array.from({ length: 300 }, (_, n) => ({
    name: "many",
    data_type: "NUMERIC" as const,
    status: "SUCCESS" as const,
    value: `0.${String(n * 7919).padStart(13, "1")}`,
    created_at: new Date(Date.parse("2026-03-03T00:00:00Z") + n * 1_799_999).toISOString(),
    targetId: scene.targetIds[n % scene.targetIds.length] ?? "",
    runId: null,
  }));
  await insertScores(db, scene.target, scene.projectId, rows);
}

async function newScene(db: Database, target: ScoreTarget, hasManyValues: boolean): Promise<Scene> {
  const projectId = await createProject(db);
  const traces = await createTraces(db, projectId, 30);
  await spread(db, projectId, target);
  const scene = {
    target,
    projectId,
    targetIds: target.type === "TRACE" ? traces : ["a", "b", "support/4711"],
    runIds: await createRuns(db, target, projectId, 3),
  };
  await sql`
    update eval_runs set model = null, judges = '{openai/judge-0,openai/judge-1}'
    where project_id = ${projectId} and id = ${scene.runIds[2] ?? null}`.execute(db);
  if (hasManyValues) await insertManyValues(db, scene);
  return scene;
}

/** Gives the traces of a project various fields, and some of them sessions. */
async function spread(db: Database, projectId: string, { type }: ScoreTarget): Promise<void> {
  await sql`
    update traces set release = '1.' || n % 3, environment = case n % 4 when 0 then 'production' when 1 then 'staging' end,
      user_id = 'user ' || n % 25, name = case n % 3 when 0 then 'answer' else 'plan_b' end,
      tags = case when n % 10 = 0 then '{}' else array['tag ' || n % 25, 'tag ' || n * 7 % 25, 'tag ' || n * 7 % 25] end,
      session_id = case when ${type === "SESSION"}::boolean then (array['a', 'b', 'support/4711'])[n % 5] end
    from (select trace_id as id, row_number() over (order by trace_id) as n from traces where project_id = ${projectId}) numbered
    where project_id = ${projectId} and trace_id = id`.execute(db);
}

/** Errors that concurrent transactions may cause. */
const conflicts = new Set(["40P01", "40001", "23503"]);

/** Makes changes in one transaction. A failed transaction is rolled back, which is fine. */
async function commit(
  db: Database,
  scene: Scene,
  changes: readonly Change[],
  isKept: boolean,
): Promise<void> {
  try {
    await db.transaction().execute(async (transaction) => {
      for (const make of changes) await make(transaction, scene);
      if (!isKept) throw new ProblemError("not_found", "rolled back on purpose");
    });
  } catch (error) {
    const isConflict = conflicts.has(String((error as { code?: unknown }).code));
    if (!(error instanceof ProblemError) && !isConflict) throw error;
  }
}

async function expectNothingLeft(db: Database, projectId: string): Promise<void> {
  await db.deleteFrom("projects").where("id", "=", projectId).execute();
  await foldScores(db, new AbortController().signal);
  const { rows } = await sql`
    select name from score_deltas where project_id = ${projectId}
    union all select name from score_days where project_id = ${projectId}
    union all select name from score_hours where project_id = ${projectId}`.execute(db);
  expect(rows).toEqual([]);
}

test.each([traceTarget, sessionTarget])(
  "$table: exact after any changes, one after the other",
  async (target) => {
    const steps = fc.array(fc.tuple(change, fc.option(questions)), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(fc.boolean(), steps, questions, async (hasManyValues, sequence, last) => {
        const { db } = database;
        const scene = await newScene(db, target, hasManyValues);
        for (const [make, asked] of sequence) {
          await commit(db, scene, [make], true);
          if (asked !== null) await expectExact(db, scene, asked.slice(0, 1));
        }
        await expectExact(db, scene, last);
        await foldScores(db, new AbortController().signal);
        await expectExact(db, scene, last);
        await expectNothingLeft(db, scene.projectId);
      }),
      runsOfProperty,
    );
  },
  240_000,
);

test.each([traceTarget, sessionTarget])(
  "$table: exact at every moment while many write and fold",
  async (target) => {
    const transaction = fc.record({
      changes: fc.array(change, { minLength: 1, maxLength: 4 }),
      isKept: fc.nat({ max: 4 }).map((n) => n > 0),
    });
    const writer = fc.array(transaction, { minLength: 2, maxLength: 6 });
    const writers = fc.array(writer, { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.boolean(), writers, questions, async (hasManyValues, all, asked) => {
        const { db } = database;
        const scene = await newScene(db, target, hasManyValues);
        let isWriting = true;
        const writing = Promise.all(
          all.map(async (transactions) => {
            for (const { changes, isKept } of transactions) await commit(db, scene, changes, isKept);
          }),
        ).finally(() => {
          isWriting = false;
        });
        const folding = async () => {
          while (isWriting) await sql`select fold_score_deltas(7)`.execute(db);
        };
        const asking = async () => {
          while (isWriting) await expectExact(db, scene, asked.slice(0, 2));
        };
        await Promise.all([writing, folding(), folding(), asking()]);
        await expectExact(db, scene, asked);
        await expectNothingLeft(db, scene.projectId);
      }),
      runsOfProperty,
    );
  },
  240_000,
);
