import type { TargetType } from "@pandaprobe/contract/rules";
import type { Database } from "../../../db/database.ts";
import { isOpenRun } from "../../../db/open-run.ts";
import type { Budget } from "../../../judge/ledger/begin-calls.ts";
import { type PinnedMetrics, readPinnedMetrics } from "../../metrics/run-metrics.ts";
import type { PanelRequest } from "./panel.ts";

export interface TargetKey {
  readonly project_id: string;
  readonly run_id: string;
  readonly position: number;
}

/** A target of an open run that has items left to evaluate. */
export interface OpenTarget {
  readonly type: TargetType;
  /** The trace's id or the session's. */
  readonly id: string;
  /** The metrics of the open items, at least one. */
  readonly openMetrics: readonly string[];
  /** The definitions of those that are the project's own, by name. */
  readonly own: PinnedMetrics;
  /** The judge, as `provider/model`; `null` for a jury. */
  readonly model: string | null;
  readonly panel: PanelRequest;
  readonly thresholds: Readonly<Record<string, number>>;
  /** The filters of the run, including its signal weights. */
  readonly filters: Readonly<Record<string, unknown>>;
  /** Whether answers from earlier runs are not reused. */
  readonly fresh: boolean;
  /** What the run may cost and has spent so far; `null`: no limit. */
  readonly budget: Budget | null;
}

/** @returns `undefined` if nothing is left: the target or its run has ended, or the run was deleted. */
export async function findOpenTarget(db: Database, key: TargetKey): Promise<OpenTarget | undefined> {
  const row = await db
    .selectFrom("eval_runs as run")
    .innerJoin("eval_run_targets as target", (join) =>
      join.onRef("target.project_id", "=", "run.project_id").onRef("target.run_id", "=", "run.id"),
    )
    .leftJoin("eval_run_budgets as budget", (join) =>
      join.onRef("budget.project_id", "=", "run.project_id").onRef("budget.run_id", "=", "run.id"),
    )
    .select([
      "budget.max_usd",
      "budget.spent_usd",
      "run.target_type",
      "run.filters",
      "run.fresh",
      "run.metric_names as run_metrics",
      "run.metric_versions",
      "run.model",
      "run.repeats",
      "run.judges",
      "run.aggregate",
      "run.thresholds",
      "target.target_id",
      "target.metric_names",
      "target.ended_metrics",
    ])
    .where("run.project_id", "=", key.project_id)
    .where("run.id", "=", key.run_id)
    .where(isOpenRun("run"))
    .where("target.position", "=", key.position)
    .executeTakeFirst();
  if (row?.model == null) return undefined;
  const ended = new Set(row.ended_metrics);
  const openMetrics = (row.metric_names ?? row.run_metrics).filter((name) => !ended.has(name));
  if (openMetrics.length === 0) return undefined;
  const ownNames = openMetrics.filter((name) => Object.hasOwn(row.metric_versions, name));
  const run = { project_id: key.project_id, id: key.run_id };
  return {
    own: ownNames.length === 0 ? new Map() : await readPinnedMetrics(db, run, ownNames),
    type: row.target_type,
    id: row.target_id,
    openMetrics,
    model: row.judges === null ? row.model : null,
    panel: { models: row.judges ?? [row.model], repeats: row.repeats, aggregate: row.aggregate },
    thresholds: row.thresholds,
    filters: row.filters,
    fresh: row.fresh,
    budget: row.max_usd === null ? null : { maxUsd: row.max_usd, spentUsd: row.spent_usd ?? 0 },
  };
}
