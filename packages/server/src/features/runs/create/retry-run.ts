import type { EvalRunResponse, RetryEvalRunRequest } from "@pandaprobe/contract";
import { checkRetryable, nothingToRetry, retriedBy, retryName } from "@pandaprobe/contract/rules";
import { type SqlBool, sql } from "kysely";
import { quotasOf } from "../../../config/project-limits.ts";
import type { DatabaseTransaction } from "../../../db/database.ts";
import type { RunKey } from "../../../db/run-key.ts";
import { toJson } from "../../../db/storable.ts";
import { inTransaction } from "../../../db/transaction.ts";
import { pinMetrics, readPinnedMetrics } from "../../metrics/run-metrics.ts";
import { findRun } from "../read/read-runs.ts";
import type { TargetKind } from "../target-kinds/target-kind.ts";
import type { RunRequest } from "./create-run.ts";
import { resolveJudge } from "./resolve-judge.ts";
import { startRun } from "./start-run.ts";

/** Creates a run over exactly the items of an ended run that have no successful score. */
export async function retryRun<Filters>(
  kind: TargetKind<Filters>,
  { db, judges, projectId, quotas }: RunRequest,
  runId: string,
  request: RetryEvalRunRequest,
): Promise<EvalRunResponse> {
  return inTransaction(db, async (transaction) => {
    const original = await findRun(transaction, kind, { project_id: projectId, id: runId });
    checkRetryable(original);
    const maxCostUsd = request.max_cost_usd === undefined ? original.max_cost_usd : request.max_cost_usd;
    const pinned = await readPinnedMetrics(transaction, original);
    const { columns, others } = resolveJudge(judges, {
      by: retriedBy({ ...original, model: original.judges === null ? original.model : null }, request),
      isRequested: request.model != null || request.judges != null || original.judges !== null,
      metrics: original.metric_names.map((name) => {
        const own = pinned.get(name);
        return { ...kind.resolveMetric(name, own), model: own?.model };
      }),
      maxCostUsd,
      quotas: quotasOf(quotas, projectId),
    });
    const newRun = {
      project_id: projectId,
      target_type: kind.type,
      name: request.name ?? retryName(original),
      metric_names: original.metric_names,
      metric_versions: toJson(original.metric_versions),
      filters: toJson({}),
      sampling_rate: 1,
      ...columns,
      thresholds: toJson(original.thresholds),
      fresh: request.fresh ?? false,
      max_cost_usd: maxCostUsd,
    };
    return startRun(transaction, { judges, quotas, others }, newRun, async (key) => {
      const items = await addUnsuccessfulItems(transaction, key, kind, original);
      if (items.length === 0) throw nothingToRetry(kind.noun);
      const weights = original.filters["signal_weights"];
      const metrics = new Set(items.flatMap((item) => item.metric_names));
      const own = [...pinned.values()]
        .filter(({ name }) => metrics.has(name))
        .map((metric) => ({ ...metric, model: others.get(metric.name) ?? null }));
      await pinMetrics(transaction, key, own);
      await transaction
        .updateTable("eval_runs")
        .set({
          filters: toJson({
            retry_of: original.id,
            [kind.idsField]: items.map((item) => item.target_id),
            ...(weights !== undefined && { signal_weights: weights }),
          }),
          metric_names: original.metric_names.filter((name) => metrics.has(name)),
          metric_versions: toJson(Object.fromEntries(own.map(({ name, version }) => [name, version]))),
        })
        .where("project_id", "=", key.project_id)
        .where("id", "=", key.id)
        .execute();
      return items.length;
    });
  });
}

/**
 * Adds the items of the original run that have no successful score to a new run: they failed, never started, or their
 * score was deleted. Targets that were deleted are left out.
 */
async function addUnsuccessfulItems<Filters>(
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
    .returning(["position", "target_id", "metric_names"])
    .execute();
  // Rows are returned in any order.
  return rows
    .toSorted((a, b) => a.position - b.position)
    .map(({ target_id, metric_names }) => ({ target_id, metric_names: metric_names ?? [] }));
}
