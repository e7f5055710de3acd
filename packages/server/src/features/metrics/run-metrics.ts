import type { OwnMetric } from "@pandaprobe/contract/rules";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import type { RunKey } from "../../db/run-key.ts";
import { toJson } from "../../db/storable.ts";

/** A metric of the project's own as a run began with it. */
export interface PinnedMetric extends OwnMetric {
  /** The judge, as `provider/model`, if it is not the run's. */
  readonly model: string | null;
}

/** By name. */
export type PinnedMetrics = ReadonlyMap<string, PinnedMetric>;

/** Stores the definitions that a new run begins with. */
export async function pinMetrics(
  db: DatabaseTransaction,
  run: RunKey,
  metrics: readonly PinnedMetric[],
): Promise<void> {
  if (metrics.length === 0) return;
  await db
    .insertInto("eval_run_metrics")
    .values(
      metrics.map(({ name, version, definition, model }) => ({
        project_id: run.project_id,
        run_id: run.id,
        name,
        version,
        definition: toJson(definition),
        model,
      })),
    )
    .execute();
}

/** @param names Default: all. */
export async function readPinnedMetrics(
  db: Database | DatabaseTransaction,
  run: RunKey,
  names?: readonly string[],
): Promise<PinnedMetrics> {
  const rows = await db
    .selectFrom("eval_run_metrics")
    .select(["name", "version", "definition", "model"])
    .where("project_id", "=", run.project_id)
    .where("run_id", "=", run.id)
    .$if(names !== undefined, (pinned) => pinned.where("name", "in", [...(names ?? [])]))
    .execute();
  return new Map(rows.map((row) => [row.name, row]));
}
