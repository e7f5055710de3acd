import type { EvalRunResponse, RunUsage, RunWait } from "@pandaprobe/contract";
import { isOpen } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../../db/database.ts";
import type { Row } from "../../../db/schema.ts";
import { noUsage, readUsage } from "../../../judge/ledger/usage.ts";
import { waitFor } from "../../../judge/limits/circuit-breaker.ts";
import { toModelState } from "../../../judge/limits/model-state.ts";

type Run = Row<"eval_runs">;

/** A run as the API shows it. */
export async function withUsage(db: Database | DatabaseTransaction, run: Run): Promise<EvalRunResponse> {
  const [response] = await allWithUsage(db, run.project_id, [run]);
  return response ?? newRunResponse(run);
}

/**
 * Runs of one project as the API shows them. Their usage is read after the runs, so that the usage of a run that has
 * ended is complete.
 */
export async function allWithUsage(
  db: Database | DatabaseTransaction,
  projectId: string,
  runs: readonly Run[],
): Promise<EvalRunResponse[]> {
  const usage = await readUsage(
    db,
    projectId,
    runs.map((run) => run.id),
  );
  const waits = await readWaits(db, runs);
  return runs.map((run) => runResponse(run, usage.get(run.id) ?? noUsage, waits.get(run.id) ?? null));
}

/** A run that has just been created: it has used nothing and waits for nothing. */
export function newRunResponse(run: Run): EvalRunResponse {
  return runResponse(run, noUsage, null);
}

function runResponse(run: Run, usage: RunUsage, waitingFor: RunWait | null): EvalRunResponse {
  return {
    id: run.id,
    name: run.name,
    status: run.status,
    metric_names: run.metric_names,
    metric_versions: run.metric_versions,
    total_traces: run.total_targets,
    total_targets: run.total_targets,
    evaluated_count: run.evaluated_count,
    failed_count: run.failed_count,
    created_at: run.created_at,
    completed_at: run.completed_at,
    project_id: run.project_id,
    target_type: run.target_type,
    filters: run.filters,
    sampling_rate: run.sampling_rate,
    // A jury has several.
    model: run.judges === null ? run.model : null,
    repeats: run.repeats,
    judges: run.judges,
    aggregate: run.aggregate,
    monitor_id: run.monitor_id,
    error_message: run.error_message,
    max_cost_usd: run.max_cost_usd,
    usage,
    waiting_for: waitingFor,
  };
}

/** The models that open runs wait for because they are down or paused, by run. Runs that wait for none are left out. */
async function readWaits(
  db: Database | DatabaseTransaction,
  runs: readonly Run[],
): Promise<ReadonlyMap<string, RunWait>> {
  const open = runs.filter(isOpen);
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

function modelsOf({ model, judges, embedding_model }: Run): string[] {
  return [...(judges ?? [model]), embedding_model].filter((name) => name !== null);
}
