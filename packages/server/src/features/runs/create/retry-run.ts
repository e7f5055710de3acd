import {
  type EvalRunResponse,
  firstCharacters,
  limits,
  type RetryEvalRunRequest,
} from "@pandaprobe/contract";
import { ProblemError } from "@pandaprobe/contract/rules";
import { toJson } from "../../../db/storable.ts";
import { inTransaction } from "../../../db/transaction.ts";
import { hasEnded } from "../has-ended.ts";
import { findRun } from "../read/read-runs.ts";
import type { TargetKind } from "../target-kinds/target-kind.ts";
import { addUnsuccessfulItems } from "./add-targets.ts";
import type { RunRequest } from "./create-run.ts";
import { resolveJudge } from "./resolve-judge.ts";
import { startRun } from "./start-run.ts";

/** Makes a new run over exactly the pairs of an ended run that are not done. */
export async function retryRun<Filters>(
  kind: TargetKind<Filters>,
  { db, judges, projectId, quotas }: RunRequest,
  runId: string,
  request: RetryEvalRunRequest,
): Promise<EvalRunResponse> {
  return inTransaction(db, async (transaction) => {
    const original = await findRun(transaction, kind, { project_id: projectId, id: runId });
    if (!hasEnded(original)) {
      throw new ProblemError(
        "run_in_progress",
        `The run is still ${original.status}. Wait until it has ended, then retry what failed.`,
      );
    }
    const maxCostUsd = request.max_cost_usd === undefined ? original.max_cost_usd : request.max_cost_usd;
    const models = resolveJudge(judges, {
      model: request.model ?? original.model,
      metrics: original.metric_names.map(kind.resolveMetric),
      maxCostUsd,
      quotas,
    });
    const newRun = {
      project_id: projectId,
      target_type: kind.type,
      name: request.name ?? firstCharacters(`Retry: ${original.name ?? original.id}`, limits.name),
      metric_names: original.metric_names,
      filters: toJson({}),
      sampling_rate: 1,
      ...models,
      thresholds: toJson(original.thresholds),
      fresh: request.fresh ?? false,
      max_cost_usd: maxCostUsd,
    };
    const run = await startRun(transaction, { judges, quotas }, newRun, async (key) => {
      const pairs = await addUnsuccessfulItems(transaction, key, kind, original);
      if (pairs.length === 0) {
        throw new ProblemError(
          "nothing_to_retry",
          `Every pair of ${kind.noun} and metric of this run has a successful score: there is nothing to retry.`,
        );
      }
      const weights = original.filters["signal_weights"];
      const metrics = new Set(pairs.flatMap((pair) => pair.metric_names));
      await transaction
        .updateTable("eval_runs")
        .set({
          filters: toJson({
            retry_of: original.id,
            [kind.idsField]: pairs.map((pair) => pair.target_id),
            ...(weights !== undefined && { signal_weights: weights }),
          }),
          metric_names: original.metric_names.filter((name) => metrics.has(name)),
        })
        .where("project_id", "=", key.project_id)
        .where("id", "=", key.id)
        .execute();
      return pairs.length;
    });
    return run;
  });
}
