import type { EvalRunResponse, RunEstimate, SignalWeights } from "@pandaprobe/contract";
import {
  type JudgedByRequest,
  nothingMatches,
  refusalProblem,
  unknownTargets,
} from "@pandaprobe/contract/rules";
import { type ResolvedJudges, resolveJudges } from "../judges.ts";
import { metricsToJudge, type RunMetrics, resolveMetrics } from "../metrics/latest-metrics.ts";
import { isoTime } from "../state/clock.ts";
import type { Project, Run, Target } from "../state/project.ts";
import type { World } from "../world.ts";
import type { TargetKind } from "./target-kind.ts";

/** Where and when a run is created. */
export interface RunScope {
  readonly world: World;
  readonly project: Project;
  /** The monitor that creates it, if any. */
  readonly monitorId?: string;
  /** Default: now. */
  readonly at?: number;
  /** The ids of targets that it leaves out. Default: none. */
  readonly leftOut?: ReadonlySet<string>;
}

/** The fields that all requests for runs share. */
export interface RunOptions extends JudgedByRequest {
  readonly metrics: readonly string[];
  readonly name?: string | null | undefined;
  readonly thresholds?: Readonly<Record<string, number>> | null | undefined;
  readonly signal_weights?: SignalWeights | null | undefined;
  readonly max_cost_usd?: number | null | undefined;
}

/** Creates a run over a sample of the matching targets. */
export function createRun<Filters extends object>(
  kind: TargetKind<Filters>,
  scope: RunScope,
  body: RunOptions & { readonly filters?: Filters | undefined; readonly sampling_rate: number },
  everything: Filters,
): EvalRunResponse {
  return startRun(kind, scope, plannedRun(kind, scope, body, everything));
}

/** The run that such a request would create. @throws ProblemError */
function plannedRun<Filters extends object>(
  kind: TargetKind<Filters>,
  scope: RunScope,
  body: RunOptions & { readonly filters?: Filters | undefined; readonly sampling_rate: number },
  everything: Filters,
): NewRun {
  const { sampling_rate: rate, filters = everything } = body;
  const resolved = resolveMetrics(scope.project, kind.type, body.metrics);
  const judges = resolveJudges(scope.world, body, metricsToJudge(resolved), body.max_cost_usd);
  const { metrics } = resolved;
  const ids = kind.matching(scope.project, filters).filter((id) => !scope.leftOut?.has(id));
  if (ids.length === 0) throw nothingMatches(kind.noun);
  const targets = ids.slice(0, sampleSize(ids.length, rate)).map((id) => ({ id, metrics }));
  const weights = body.signal_weights && { signal_weights: body.signal_weights };
  return { ...body, ...judges, ...resolved, rate, filters: { ...filters, ...weights }, targets };
}

/** Creates a run over exactly these targets. */
export function createRunOver<Filters>(
  kind: TargetKind<Filters>,
  scope: RunScope,
  body: RunOptions,
  given: readonly string[],
): EvalRunResponse {
  const resolved = resolveMetrics(scope.project, kind.type, body.metrics);
  const judges = resolveJudges(scope.world, body, metricsToJudge(resolved), body.max_cost_usd);
  const { metrics } = resolved;
  const ids = [...new Set(given)];
  const unknown = ids.filter((id) => !kind.exists(scope.project, id));
  if (unknown.length > 0) throw refusalProblem(unknownTargets(kind.noun, kind.idsField, unknown));
  const weights = body.signal_weights && { signal_weights: body.signal_weights };
  const filters = { [kind.idsField]: ids, ...weights };
  const targets = ids.map((id) => ({ id, metrics }));
  return startRun(kind, scope, { ...body, ...judges, ...resolved, rate: 1, filters, targets });
}

export interface NewRun
  extends Pick<RunOptions, "name" | "thresholds" | "max_cost_usd">,
    RunMetrics,
    ResolvedJudges {
  readonly rate: number;
  readonly filters: object;
  readonly targets: readonly Target[];
}

/** Stores a run. A run without targets has ended at once. */
export function startRun(
  { type }: Pick<TargetKind<never>, "type">,
  { world, project, monitorId, at = world.clock.now() }: RunScope,
  { by, others, metrics, own, name, rate, filters, targets, thresholds, max_cost_usd }: NewRun,
): EvalRunResponse {
  const createdAt = isoTime(at);
  const response: EvalRunResponse = {
    id: world.ids.next(),
    name: name ?? null,
    status: targets.length === 0 ? "COMPLETED" : "PENDING",
    metric_names: [...metrics],
    metric_versions: Object.fromEntries([...own.values()].map(({ name, version }) => [name, version])),
    total_traces: targets.length,
    total_targets: targets.length,
    evaluated_count: 0,
    failed_count: 0,
    created_at: createdAt,
    completed_at: targets.length === 0 ? createdAt : null,
    project_id: project.id,
    target_type: type,
    filters: { ...filters },
    sampling_rate: rate,
    ...by,
    judges: by.judges && [...by.judges],
    monitor_id: monitorId ?? null,
    error_message: null,
    max_cost_usd: max_cost_usd ?? null,
    waiting_for: null,
    usage: { calls: 0, cached_calls: 0, input_tokens: 0, output_tokens: 0, cost_usd: 0 },
  };
  const run: Run = {
    type,
    response,
    targets,
    thresholds: thresholds ?? {},
    own,
    others,
    targetMs: world.runs.targetMs,
    failure: targets.length === 0 ? undefined : world.runs.takeFailure(),
    startedAt: at,
  };
  project.runs.set(response.id, run);
  project.runTimes.push(world.clock.now());
  return { ...response };
}

/** `max(1, floor(count × rate))` in decimal, because in binary 0.29 × 100 is less than 29. */
function sampleSize(count: number, rate: number): number {
  return rate === 0 ? 0 : Math.max(1, Math.floor(Number((count * rate).toPrecision(12))));
}

/** The estimate of a run. The mock server calls no model, so only its targets count. */
export function estimateRun<Filters extends object>(
  kind: TargetKind<Filters>,
  { project, world }: RunScope,
  body: RunOptions & { readonly filters?: Filters | undefined; readonly sampling_rate: number },
  everything: Filters,
): RunEstimate {
  const { targets } = plannedRun(kind, { project, world }, body, everything);
  const none = { low: 0, high: 0 };
  return {
    targets: targets.length,
    calls: 0,
    cached_calls: 0,
    input_tokens: none,
    output_tokens: none,
    cost_usd: none,
  };
}
