import fc from "fast-check";
import { sql } from "kysely";
import type { Database } from "../../../src/db/database.ts";
import type { ScoreTarget } from "../../../src/features/analytics/score-source.ts";
import { deleteRun } from "../../../src/features/runs/finish/end-run.ts";
import { kindOf } from "../../../src/features/runs/target-kinds/target-kinds.ts";
import { updateScore } from "../../../src/features/scores/write-scores.ts";
import { deleteTrace } from "../../../src/features/traces/delete-traces.ts";
import { updateTrace } from "../../../src/features/traces/update-trace.ts";
import { insertScores, type ScoreFields } from "./score-table.ts";

/** What changes apply to: a project with some traces (or session ids) and runs. */
export interface Scene {
  readonly target: ScoreTarget;
  readonly projectId: string;
  readonly targetIds: readonly string[];
  readonly runIds: readonly string[];
}

export type Change = (db: Database, scene: Scene) => Promise<unknown>;

const monday = Date.parse("2026-03-02T00:00:00.000Z");

/** Moments around the bounds of hours, days and weeks, and between them. */
export const moment = fc
  .tuple(
    fc.integer({ min: -1, max: 15 }),
    fc.constantFrom(0, 0, 1, 13, 23),
    fc.constantFrom(-1, 0, 0, 1, 1_799_999),
  )
  .map(([day, hour, ms]) => new Date(monday + (day * 24 + hour) * 3_600_000 + ms).toISOString());

export const metricName = fc.constantFrom("coherence", "quality", "ÄRGER", "many");

const decimal = fc.oneof(
  fc.constantFrom("0", "1", "1.0", ".5", "0.5", "0.50", "0.3", "0.29", "00.7", "0.1234567890123", "1.000"),
  fc.constantFrom("0.29999999999999999999", "0.00000000000000000001", "0.99999999999999999999"),
  fc.nat({ max: 999 }).map((thousandths) => `0.${thousandths}`),
);

const number = { data_type: fc.constant<ScoreFields["data_type"]>("NUMERIC") };
const rated = fc.oneof(
  { weight: 6, arbitrary: fc.record({ ...number, status: fc.constant("SUCCESS" as const), value: decimal }) },
  fc.record({
    ...number,
    status: fc.constantFrom("FAILED" as const, "PENDING" as const),
    value: fc.option(decimal),
  }),
  fc.constant({ data_type: "BOOLEAN" as const, status: "SUCCESS" as const, value: "true" }),
  fc.constant({ data_type: "CATEGORICAL" as const, status: "SUCCESS" as const, value: "rude" }),
);

/** The metadata of scores that statistics read, valid and invalid. */
const metadata = fc.constantFrom<Readonly<Record<string, unknown>>>(
  {},
  { threshold: 0.5, success: true },
  { threshold: 0.5, success: false },
  { threshold: 0.5, success: true, applicable: false, note: "no_plan" },
  { success: "true", applicable: "false" },
  { success: null, applicable: true },
);

const index = fc.nat({ max: 1000 });
const at = <Item>(items: readonly Item[], position: number): Item | undefined =>
  items[position % items.length];

const insert = fc
  .array(
    fc.record({
      rated,
      metadata,
      source: fc.constantFrom("AUTOMATED" as const, "ANNOTATION" as const, "PROGRAMMATIC" as const),
      name: metricName,
      created_at: moment,
      target: index,
      run: fc.option(index),
    }),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map(
    (scores): Change =>
      async (db, scene) => {
        const rows = scores.map(({ rated: rating, target, run, ...fields }) => ({
          ...rating,
          ...fields,
          targetId: at(scene.targetIds, target) ?? "",
          runId: run === null ? null : (at(scene.runIds, run) ?? null),
        }));
        await insertScores(db, scene.target, scene.projectId, rows);
      },
  );

/** A score of the project, by its index. */
async function scoreAt(db: Database, { target, projectId }: Scene, position: number) {
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(target.table)} where project_id = ${projectId} order by id`.execute(db);
  return at(rows, position)?.id;
}

const patch = fc.tuple(index, decimal).map(
  ([position, value]): Change =>
    async (db, scene) => {
      const id = await scoreAt(db, scene, position);
      if (id === undefined) return;
      if (scene.target.type === "TRACE")
        await updateScore(db, "trace_scores", scene.projectId, id, { value });
      else
        await sql`update session_scores set value = ${value}, status = 'SUCCESS' where project_id = ${scene.projectId} and id = ${id}
      and data_type = 'NUMERIC'`.execute(db);
    },
);

/** Changes many rows with one statement, in ways that no endpoint does. */
const rewrite = fc.tuple(metricName, metricName, moment).map(
  ([from, to, created_at]): Change =>
    (db, { target, projectId }) =>
      sql`update ${sql.table(target.table)} set name = ${to}, created_at = ${created_at},
        status = case status when 'PENDING' then 'FAILED' else status end,
        metadata = case when metadata::text like '%success": true%' then '{"success": false}' else metadata end
      where project_id = ${projectId} and name = ${from} and eval_run_id is null`.execute(db),
);

const remove = index.map(
  (position): Change =>
    async (db, scene) => {
      const id = await scoreAt(db, scene, position);
      const scores = sql.table(scene.target.table);
      await sql`delete from ${scores} where project_id = ${scene.projectId} and id = ${id ?? null}`.execute(
        db,
      );
    },
);

const removeTarget = index.map(
  (position): Change =>
    async (db, { target, projectId, targetIds }) => {
      const id = at(targetIds, position) ?? "";
      if (target.type === "TRACE") await deleteTrace(db, projectId, id);
      else
        await sql`delete from session_scores where project_id = ${projectId} and session_id = ${id}`.execute(
          db,
        );
    },
);

/** Values of a trace's fields, some of them parts of others. There are more tags and users than groups are shown. */
export const traceFields = {
  release: fc.constantFrom("1.0", "1.0.1", "2.0"),
  environment: fc.constantFrom("production", "staging"),
  tag: fc.nat({ max: 24 }).map((n) => `tag ${n}`),
  user_id: fc.nat({ max: 24 }).map((n) => `user ${n}`),
  name: fc.constantFrom("answer", "Answer 100%", "plan_b", "planAb"),
};

/** PATCHes a trace, which moves its scores to other groups. */
export const moveTrace = fc
  .record({
    position: index,
    session: fc.option(index),
    release: fc.option(traceFields.release),
    environment: fc.option(traceFields.environment),
    tags: fc.array(traceFields.tag, { maxLength: 4 }),
    user_id: fc.option(traceFields.user_id),
    name: traceFields.name,
  })
  .map(
    ({ position, session, ...fields }): Change =>
      async (db, { target, projectId, targetIds }) => {
        const { rows } = await sql<{ id: string }>`
          select trace_id as id from traces where project_id = ${projectId} order by trace_id`.execute(db);
        const id = at(rows, position)?.id;
        const session_id =
          target.type === "SESSION" && session !== null ? (at(targetIds, session) ?? null) : null;
        if (id !== undefined) await updateTrace(db, projectId, id, { ...fields, session_id });
      },
  );

const removeRun = fc.tuple(index, fc.boolean()).map(
  ([position, deleteScores]): Change =>
    (db, { target, projectId, runIds }) =>
      deleteRun(
        db,
        kindOf(target.type),
        { project_id: projectId, id: at(runIds, position) ?? "" },
        { deleteScores },
      ),
);

const fold = fc.integer({ min: 1, max: 40 }).map(
  (most): Change =>
    (db) =>
      sql`select fold_score_deltas(${most}::integer)`.execute(db),
);

export const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 8, arbitrary: insert },
  { weight: 3, arbitrary: patch },
  { weight: 2, arbitrary: remove },
  { weight: 3, arbitrary: fold },
  { weight: 3, arbitrary: moveTrace },
  rewrite,
  removeTarget,
  removeRun,
);
