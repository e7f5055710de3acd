import type { OwnMetric } from "@pandaprobe/contract/rules";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import type { RunKey } from "../../db/run-key.ts";
import { toJson } from "../../db/storable.ts";

/** The project's own metrics by name, as a run began with them. */
export type PinnedMetrics = ReadonlyMap<string, OwnMetric>;

/** Stores the definitions that a new run begins with. */
export async function pinMetrics(
  db: DatabaseTransaction,
  run: RunKey,
  metrics: readonly OwnMetric[],
): Promise<void> {
  if (metrics.length === 0) return;
  await db
    .insertInto("eval_run_metrics")
    .values(
      metrics.map(({ name, version, definition }) => ({
        project_id: run.project_id,
        run_id: run.id,
        name,
        version,
        definition: toJson(definition),
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
    .select(["name", "version", "definition"])
    .where("project_id", "=", run.project_id)
    .where("run_id", "=", run.id)
    .$if(names !== undefined, (pinned) => pinned.where("name", "in", [...(names ?? [])]))
    .execute();
  return new Map(rows.map((row) => [row.name, row]));
}
