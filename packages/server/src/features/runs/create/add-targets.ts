import { refusalProblem, unknownTargets } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { DatabaseTransaction } from "../../../db/database.ts";
import type { RunKey } from "../../../db/run-key.ts";
import type { TargetKind } from "../target-kinds/target-kind.ts";

/** Adds a uniform sample of the matching targets, without replacement, to a run. The ids never leave the database. */
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
        .select([sql<number>`count(*)`.as("matching"), sampleSize(rate).as("sampled")]),
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

/** The size of a sample of the rows that are counted: `max(1, floor(count × rate))`, or none at rate 0. */
export function sampleSize(rate: number) {
  // As `numeric`, because 0.29 × 100 is less than 29 in binary fractions.
  return sql<number>`case when ${String(rate)}::numeric = 0 then 0
    else least(count(*), greatest(1, floor(count(*) * ${String(rate)}::numeric))) end`;
}

/** Adds these targets to a run, in this order. @throws ProblemError if the project lacks one of them. */
export async function addListedTargets<Filters>(
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
          sql<{ id: string; n: number }>`unnest(${ids}::text[]) with ordinality`.as<"listed">(
            sql`listed(id, n)`,
          ),
        )
        .where((row) => kind.exists(run.project_id, row.ref("listed.id")))
        .select([
          sql<string>`${run.project_id}::uuid`.as("project_id"),
          sql<string>`${run.id}::uuid`.as("run_id"),
          sql<number>`row_number() over (order by listed.n) - 1`.as("position"),
          "listed.id as target_id",
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
