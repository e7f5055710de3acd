import {
  type EvalRunResponse,
  firstCharacters,
  limits,
  type RetryEvalRunRequest,
} from "@pandaprobe/contract";
import { ProblemError } from "@pandaprobe/contract/rules";
import { resolveModel } from "../judges.ts";
import { type RunScope, startRun } from "./create-run.ts";
import { findRun, hasEnded } from "./find-run.ts";
import type { TargetKind } from "./target-kind.ts";

/** Makes a new run over exactly the pairs of an ended run that are not done. */
export function retryRun<Filters>(
  kind: TargetKind<Filters>,
  scope: RunScope,
  runId: string,
  request: RetryEvalRunRequest,
): EvalRunResponse {
  const { project, world } = scope;
  const original = findRun(project, kind, runId);
  const { response } = original;
  if (!hasEnded(original)) {
    const detail = `The run is still ${response.status}. Wait until it has ended, then retry what failed.`;
    throw new ProblemError("run_in_progress", detail);
  }
  const maxCostUsd = request.max_cost_usd === undefined ? response.max_cost_usd : request.max_cost_usd;
  const model = resolveModel(world, request.model ?? response.model, maxCostUsd);
  const targets = original.targets
    .filter(({ id }) => kind.exists(project, id))
    .map(({ id, metrics }) => ({
      id,
      metrics: metrics.filter((metric) => !kind.isDone(project, original, id, metric)),
    }))
    .filter(({ metrics }) => metrics.length > 0);
  if (targets.length === 0) {
    const detail = `Every pair of ${kind.noun} and metric of this run has a successful score: there is nothing to retry.`;
    throw new ProblemError("nothing_to_retry", detail);
  }
  const open = new Set(targets.flatMap(({ metrics }) => metrics));
  const weights = response.filters["signal_weights"];
  return startRun(kind, scope, {
    name: request.name ?? firstCharacters(`Retry: ${response.name ?? response.id}`, limits.name),
    metrics: response.metric_names.filter((name) => open.has(name)),
    model,
    rate: 1,
    filters: {
      retry_of: response.id,
      [kind.idsField]: targets.map(({ id }) => id),
      ...(weights === undefined ? {} : { signal_weights: weights }),
    },
    targets,
    thresholds: original.thresholds,
    max_cost_usd: maxCostUsd,
  });
}
