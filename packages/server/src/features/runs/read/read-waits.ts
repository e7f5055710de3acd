import type { RunWait } from "@pandaprobe/contract";
import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../../db/database.ts";
import type { Row } from "../../../db/schema.ts";
import { waitFor } from "../../../judge/limits/circuit-breaker.ts";
import { toModelState } from "../../../judge/limits/model-state.ts";
import { hasEnded } from "../has-ended.ts";

type WaitingRun = Pick<Row<"eval_runs">, "id" | "status" | "model" | "embedding_model">;

/** The models that runs wait for because they are down or paused, by run. Runs that wait for nothing are left out. */
export async function readWaits(
  db: Database | DatabaseTransaction,
  runs: readonly WaitingRun[],
): Promise<ReadonlyMap<string, RunWait>> {
  const open = runs.filter((run) => !hasEnded(run));
  const models = [...new Set(open.flatMap(modelsOf))];
  if (models.length === 0) return new Map();
  const rows = await db
    .selectFrom("judge_models")
    .select(["model", "state", sql<number>`(extract(epoch from clock_timestamp()) * 1000)::float8`.as("now")])
    .where("model", "in", models)
    .execute();
  const waits = new Map<string, RunWait>();
  for (const { model, state, now } of rows) {
    const wait = waitFor(toModelState(state).breaker, now);
    if (wait === null) continue;
    waits.set(model, {
      model,
      reason: `The model ${wait.reason}.`,
      until: wait.until?.toISOString() ?? null,
    });
  }
  return new Map(
    open.flatMap((run): [string, RunWait][] => {
      const wait = modelsOf(run)
        .map((model) => waits.get(model))
        .find((found) => found !== undefined);
      return wait === undefined ? [] : [[run.id, wait]];
    }),
  );
}

function modelsOf({ model, embedding_model }: WaitingRun): string[] {
  return [model, embedding_model].filter((name) => name !== null);
}
