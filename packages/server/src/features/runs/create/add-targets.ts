import { unknownTargets } from "@pandaprobe/contract";
import { refusalProblem } from "@pandaprobe/contract/rules";
import { type SqlBool, sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../../db/database.ts";
import type { RunKey } from "../../../db/run-key.ts";
import type { TargetKind } from "../target-kinds/target-kind.ts";

/**
 * Makes a uniform sample, without replacement, of the matching ones the run's targets: `max(1, floor(matches × rate))` of
 * them, none at rate 0. The ids never leave the database.
 */
export async function addMatchingTargets(
  db: DatabaseTransaction,
  run: RunKey,
  matching: ReturnType<TargetKind<never>["matching"]>,
  rate: number,
): Promise<{ matching: number; sampled: number }> {
  return db
    .with("matching", () => matching)
    .with("counted", (query) =>
      query
        .selectFrom("matching")
        .select([sql<number>`count(*)`.as("matching"), sampledOf(rate).as("sampled")]),
    )
    .with("added", (query) =>
      query
        .insertInto("eval_run_targets")
        .columns(["project_id", "run_id", "position", "target_id"])
        .expression((select) =>
          select
            .selectFrom(
              select
                .selectFrom("matching")
                .select("target_id")
                .$if(rate < 1, (sample) => sample.orderBy(sql`random()`))
                .limit(sql<number>`(select sampled from counted)`)
                .as("sample"),
            )
            .select([
              sql<string>`${run.project_id}::uuid`.as("project_id"),
              sql<string>`${run.id}::uuid`.as("run_id"),
              sql<number>`row_number() over () - 1`.as("position"),
              "sample.target_id",
            ]),
        ),
    )
    .selectFrom("counted")
    .select(["matching", "sampled"])
    .executeTakeFirstOrThrow();
}

/** How many of the rows that are counted a sample holds: `max(1, floor(matches × rate))`, none at rate 0. */
function sampledOf(rate: number) {
  // In exact decimal: as binary fractions, 0.29 × 100 is less than 29.
  return sql<number>`case when ${String(rate)}::numeric = 0 then 0
    else least(count(*), greatest(1, floor(count(*) * ${String(rate)}::numeric))) end`;
}

/** What a run over the matching ones would have for targets. */
export interface MatchingTargets {
  readonly matching: number;
  readonly sampled: number;
  /** How many traces the matching ones have together. */
  readonly traces: number;
  /** Some of the matching ones, drawn uniformly. */
  readonly some: readonly string[];
}

/** Looks which targets a run would have; of their ids, at most `most` enter the process. */
export async function sampleMatchingTargets<Filters>(
  db: Database,
  kind: TargetKind<Filters>,
  projectId: string,
  matching: ReturnType<TargetKind<Filters>["matching"]>,
  { rate, most }: { rate: number; most: number },
): Promise<MatchingTargets> {
  const counted = await db
    .selectFrom(matching.as("matching"))
    .select((row) => [
      sql<number>`count(*)`.as("matching"),
      sampledOf(rate).as("sampled"),
      sql<number>`coalesce(sum(${kind.traceCount(projectId, row.ref("matching.target_id"))}), 0)`.as(
        "traces",
      ),
    ])
    .executeTakeFirstOrThrow();
  const some = await db
    .selectFrom(matching.as("matching"))
    .select("target_id")
    .orderBy(sql`random()`)
    .limit(most)
    .execute();
  return { ...counted, some: some.map(({ target_id }) => target_id) };
}

/** Makes these, in this order, the run's targets. Ids that are not in the project refuse the whole run. */
export async function addTargets<Filters>(
  db: DatabaseTransaction,
  run: RunKey,
  kind: TargetKind<Filters>,
  ids: readonly string[],
): Promise<number> {
  const existing = await db
    .insertInto("eval_run_targets")
    .columns(["project_id", "run_id", "position", "target_id"])
    .expression((select) =>
      select
        .selectFrom(
          sql<{ id: string; n: number }>`unnest(${ids}::text[]) with ordinality`.as<"asked">(
            sql`asked(id, n)`,
          ),
        )
        .where((row) => kind.exists(run.project_id, row.ref("asked.id")))
        .select([
          sql<string>`${run.project_id}::uuid`.as("project_id"),
          sql<string>`${run.id}::uuid`.as("run_id"),
          sql<number>`row_number() over (order by asked.n) - 1`.as("position"),
          "asked.id as target_id",
        ]),
    )
    .returning("target_id")
    .execute();
  if (existing.length < ids.length) {
    const found = new Set(existing.map((row) => row.target_id));
    const unknown = ids.filter((id) => !found.has(id));
    throw refusalProblem(unknownTargets(kind.noun, kind.idsField, unknown));
  }
  return existing.length;
}

/**
 * Makes the original's pairs that are not done the targets of a new run: whether they failed, never started or lost
 * their score since. A target that is gone cannot be retried.
 */
export async function addUnsuccessfulItems<Filters>(
  db: DatabaseTransaction,
  run: RunKey,
  kind: TargetKind<Filters>,
  original: RunKey,
): Promise<{ target_id: string; metric_names: string[] }[]> {
  const rows = await db
    .insertInto("eval_run_targets")
    .columns(["project_id", "run_id", "position", "target_id", "metric_names"])
    .expression((select) =>
      select
        .selectFrom("eval_runs as original")
        .innerJoin("eval_run_targets as target", (join) =>
          join
            .onRef("target.project_id", "=", "original.project_id")
            .onRef("target.run_id", "=", "original.id"),
        )
        .innerJoinLateral(
          sql<{ names: string[] | null }>`(
            select array_agg(metric order by n) as names
            from unnest(coalesce(target.metric_names, original.metric_names)) with ordinality as metrics(metric, n)
            where not ${kind.isDone(original, sql.ref<string>("target.target_id"), sql.ref<string>("metric"))}
          )`.as<"unsuccessful">(sql`unsuccessful`),
          (join) => join.on(sql<SqlBool>`unsuccessful.names is not null`),
        )
        .where("original.project_id", "=", original.project_id)
        .where("original.id", "=", original.id)
        .where((row) => kind.exists(run.project_id, row.ref("target.target_id")))
        .select([
          "target.project_id",
          sql<string>`${run.id}::uuid`.as("run_id"),
          sql<number>`row_number() over (order by target.position) - 1`.as("position"),
          "target.target_id",
          "unsuccessful.names as metric_names",
        ]),
    )
    .returning(["target_id", "metric_names"])
    .execute();
  return rows.map((row) => ({ target_id: row.target_id, metric_names: row.metric_names ?? [] }));
}
