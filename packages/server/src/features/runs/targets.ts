import { type SqlBool, sql } from "kysely";
import type { DatabaseTransaction } from "../../db/database.ts";
import { ProblemError } from "../problem.ts";
import { matchesFilters, type TraceFilters } from "../traces/trace-filters.ts";
import type { RunKey } from "./run-key.ts";

/**
 * Makes a uniform sample, without replacement, of the matching traces the run's targets: `max(1, floor(matches × rate))`
 * of them, none at rate 0. The ids never leave the database.
 */
export async function addMatchingTraces(
  db: DatabaseTransaction,
  run: RunKey,
  filters: TraceFilters,
  rate: number,
): Promise<{ matching: number; sampled: number }> {
  return db
    .with("matching", (query) =>
      query
        .selectFrom("traces")
        .select("trace_id")
        .where("project_id", "=", run.project_id)
        .where(matchesFilters(filters)),
    )
    .with("counted", (query) =>
      query.selectFrom("matching").select([
        sql<number>`count(*)`.as("matching"),
        // In exact decimal: as binary fractions, 0.29 × 100 is less than 29.
        sql<number>`case when ${String(rate)}::numeric = 0 then 0
          else least(count(*), greatest(1, floor(count(*) * ${String(rate)}::numeric))) end`.as("sampled"),
      ]),
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
                .select("trace_id")
                .$if(rate < 1, (sample) => sample.orderBy(sql`random()`))
                .limit(sql<number>`(select sampled from counted)`)
                .as("sample"),
            )
            .select([
              sql<string>`${run.project_id}::uuid`.as("project_id"),
              sql<string>`${run.id}::uuid`.as("run_id"),
              sql<number>`row_number() over () - 1`.as("position"),
              sql<string>`sample.trace_id::text`.as("target_id"),
            ]),
        ),
    )
    .selectFrom("counted")
    .select(["matching", "sampled"])
    .executeTakeFirstOrThrow();
}

/** Makes these traces, in this order, the run's targets. Ids that are not in the project refuse the whole run. */
export async function addTraces(
  db: DatabaseTransaction,
  run: RunKey,
  traceIds: readonly string[],
): Promise<number> {
  const existing = await db
    .insertInto("eval_run_targets")
    .columns(["project_id", "run_id", "position", "target_id"])
    .expression((select) =>
      select
        .selectFrom(
          sql<{ id: string; n: number }>`unnest(${traceIds}::uuid[]) with ordinality`.as<"asked">(
            sql`asked(id, n)`,
          ),
        )
        .innerJoin("traces", (join) => join.onRef("traces.trace_id", "=", "asked.id"))
        .where("traces.project_id", "=", run.project_id)
        .select([
          "traces.project_id",
          sql<string>`${run.id}::uuid`.as("run_id"),
          sql<number>`row_number() over (order by asked.n) - 1`.as("position"),
          sql<string>`traces.trace_id::text`.as("target_id"),
        ]),
    )
    .returning("target_id")
    .execute();
  if (existing.length < traceIds.length) {
    const found = new Set(existing.map((row) => row.target_id));
    throw unknownTraces(traceIds.filter((id) => !found.has(id)));
  }
  return existing.length;
}

function unknownTraces(ids: readonly string[]): ProblemError {
  const some = ids.slice(0, 20).join(", ");
  const more = ids.length > 20 ? ` and ${ids.length - 20} more` : "";
  return new ProblemError(
    "not_found",
    `These traces are not in this project: ${some}${more}. Nothing was created.`,
    {
      errors: ids.map((id) => ({
        loc: ["body", "trace_ids"],
        msg: `There is no trace ${id}.`,
        type: "not_found",
      })),
    },
  );
}

/**
 * Makes the original's pairs without a successful score the targets of a new run: whether they failed, never started or
 * lost their score since. A trace that is gone cannot be retried.
 */
export async function addUnsuccessfulPairs(
  db: DatabaseTransaction,
  run: RunKey,
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
        .innerJoin("traces", (join) =>
          join
            .onRef("traces.project_id", "=", "target.project_id")
            .on(sql<SqlBool>`traces.trace_id = target.target_id::uuid`),
        )
        .innerJoinLateral(
          sql<{ names: string[] | null }>`(
            select array_agg(metric order by n) as names
            from unnest(coalesce(target.metric_names, original.metric_names)) with ordinality as metrics(metric, n)
            where not exists (
              select from trace_scores score
              where score.project_id = original.project_id and score.eval_run_id = original.id
                and score.trace_id = traces.trace_id and score.name = metric and score.status = 'SUCCESS'
            )
          )`.as<"unsuccessful">(sql`unsuccessful`),
          (join) => join.on(sql<SqlBool>`unsuccessful.names is not null`),
        )
        .where("original.project_id", "=", original.project_id)
        .where("original.id", "=", original.id)
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
