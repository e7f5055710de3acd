import type { EvalRunResponse, RetryEvalRunRequest } from "@pandaprobe/contract";
import { checkRetryable, nothingToRetry, retriedBy, retryName } from "@pandaprobe/contract/rules";
import { resolveJudges } from "../judges.ts";
import { type RunScope, startRun } from "./create-run.ts";
import type { TargetKind } from "./target-kind.ts";
import { findRun } from "./target-kind.ts";

/** Creates a run over exactly the items of an ended run that have no successful score. */
export function retryRun<Filters>(
  kind: TargetKind<Filters>,
  scope: RunScope,
  runId: string,
  request: RetryEvalRunRequest,
): EvalRunResponse {
  const { project, world } = scope;
  const original = findRun(project, kind, runId);
  const { response } = original;
  checkRetryable(response);
  const maxCostUsd = request.max_cost_usd === undefined ? response.max_cost_usd : request.max_cost_usd;
  const { by, others } = resolveJudges(
    world,
    retriedBy(response, request),
    response.metric_names.map((name) => ({
      name,
      usesModel: true,
      model: original.others.get(name) ?? null,
    })),
    maxCostUsd,
    request.model != null || request.judges != null || response.judges !== null,
  );
  const targets = original.targets
    .filter(({ id }) => kind.exists(project, id))
    .map(({ id, metrics }) => ({
      id,
      metrics: metrics.filter((metric) => !kind.isDone(project, original, id, metric)),
    }))
    .filter(({ metrics }) => metrics.length > 0);
  if (targets.length === 0) throw nothingToRetry(kind.noun);
  const open = new Set(targets.flatMap(({ metrics }) => metrics));
  const weights = response.filters["signal_weights"];
  return startRun(kind, scope, {
    name: request.name ?? retryName(response),
    metrics: response.metric_names.filter((name) => open.has(name)),
    by,
    others,
    own: new Map([...original.own].filter(([name]) => open.has(name))),
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
