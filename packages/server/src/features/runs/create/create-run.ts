import type {
  CreateBatchEvalRunRequest,
  CreateBatchSessionEvalRunRequest,
  CreateEvalRunRequest,
  CreateSessionEvalRunRequest,
  EvalRunResponse,
  SignalWeights,
} from "@pandaprobe/contract";
import { type JudgedByRequest, metricKindOf, nothingMatches } from "@pandaprobe/contract/rules";
import { type Quotas, quotasOf } from "../../../config/project-limits.ts";
import type { Database, DatabaseTransaction } from "../../../db/database.ts";
import { toJson } from "../../../db/storable.ts";
import { inTransaction } from "../../../db/transaction.ts";
import type { Judges } from "../../../judge/judges.ts";
import { findOwnMetrics, ownMetricNames } from "../../metrics/own-metrics.ts";
import { type PinnedMetric, pinMetrics } from "../../metrics/run-metrics.ts";
import { sessionKind } from "../target-kinds/session-kind.ts";
import type { RunMetric, TargetKind } from "../target-kinds/target-kind.ts";
import { traceKind } from "../target-kinds/trace-kind.ts";
import { addListedTargets, addMatchingTargets } from "./add-targets.ts";
import { type ResolvedJudges, resolveJudge } from "./resolve-judge.ts";
import { type NewRun, startRun } from "./start-run.ts";

/** The dependencies of creating a run, besides the request. */
export interface RunRequest {
  readonly db: Database | DatabaseTransaction;
  readonly judges: Judges;
  readonly projectId: string;
  readonly quotas: Quotas;
  /** The monitor that creates the run, if any. */
  readonly monitorId?: string | undefined;
  /** How long a trace without an ended root must be quiet to be a target. Default: not at all. */
  readonly quietMs?: number | undefined;
}

/** The options of every request for a run. */
interface RunOptions extends JudgedByRequest {
  readonly metrics: readonly string[];
  readonly name?: string | null | undefined;
  readonly thresholds?: Readonly<Record<string, number>> | null | undefined;
  readonly signal_weights?: SignalWeights | null | undefined;
  readonly fresh?: boolean | null | undefined;
  readonly max_cost_usd?: number | null | undefined;
}

export interface FilteredRunOptions<Filters> extends RunOptions {
  readonly filters?: Filters | undefined;
  readonly sampling_rate: number;
}

/** Creates a run over a sample of the traces that match the filters, with all its targets or not at all. */
export function createTraceRun(request: RunRequest, body: CreateEvalRunRequest): Promise<EvalRunResponse> {
  return createRun(traceKind, request, body, {});
}

/** Creates a run over a sample of the sessions that match the filters. */
export function createSessionRun(
  request: RunRequest,
  body: CreateSessionEvalRunRequest,
): Promise<EvalRunResponse> {
  return createRun(sessionKind, request, body, {});
}

/** Creates a run over exactly these traces. */
export function createTraceRunBatch(
  request: RunRequest,
  body: CreateBatchEvalRunRequest,
): Promise<EvalRunResponse> {
  return createRunOver(traceKind, request, body, body.trace_ids);
}

/** Creates a run over exactly these sessions. */
export function createSessionRunBatch(
  request: RunRequest,
  body: CreateBatchSessionEvalRunRequest,
): Promise<EvalRunResponse> {
  return createRunOver(sessionKind, request, body, body.session_ids);
}

async function createRun<Filters extends object>(
  kind: TargetKind<Filters>,
  request: RunRequest,
  body: FilteredRunOptions<Filters>,
  noFilters: Filters,
): Promise<EvalRunResponse> {
  const filters = body.filters ?? noFilters;
  const metrics = await resolveMetrics(kind, request, body.metrics);
  const { run, others } = newRun(kind, request, body, { filters, samplingRate: body.sampling_rate, metrics });
  return inTransaction(request.db, (transaction) =>
    startRun(transaction, { ...request, others }, run, async (key) => {
      await pinMetrics(transaction, key, ownMetrics(metrics, others));
      const matchingTargets = kind.matching(transaction, request.projectId, filters);
      const targets =
        request.quietMs === undefined
          ? matchingTargets
          : matchingTargets.where(kind.isSettled(request.quietMs));
      const { matching, sampled } = await addMatchingTargets(transaction, key, targets, body.sampling_rate);
      if (matching === 0) throw nothingMatches(kind.noun);
      return sampled;
    }),
  );
}

async function createRunOver<Filters>(
  kind: TargetKind<Filters>,
  request: RunRequest,
  body: RunOptions,
  ids: readonly string[],
): Promise<EvalRunResponse> {
  const distinct = [...new Set(ids)];
  const metrics = await resolveMetrics(kind, request, body.metrics);
  const filters = { [kind.idsField]: distinct };
  const { run, others } = newRun(kind, request, body, { filters, samplingRate: 1, metrics });
  return inTransaction(request.db, (transaction) =>
    startRun(transaction, { ...request, others }, run, async (key) => {
      await pinMetrics(transaction, key, ownMetrics(metrics, others));
      return addListedTargets(transaction, key, kind, distinct);
    }),
  );
}

/** The metrics of a run, each once. @throws ProblemError `unknown_metric` */
export async function resolveMetrics(
  kind: Pick<TargetKind<never>, "resolveMetric">,
  { db, projectId }: Pick<RunRequest, "db" | "projectId">,
  names: readonly string[],
): Promise<RunMetric[]> {
  const own = await findOwnMetrics(db, projectId, names);
  const areKnown = names.every((name) => own.has(name) || metricKindOf(name) !== undefined);
  const ownNames = areKnown ? [] : await ownMetricNames(db, projectId);
  return [...new Set(names)].map((name) => kind.resolveMetric(name, own.get(name), ownNames));
}

/** The metrics that are the project's own. @param others the judges that are not the run's, by metric. */
export function ownMetrics(metrics: readonly RunMetric[], others: ResolvedJudges["others"]): PinnedMetric[] {
  return metrics.flatMap(({ name, own }) =>
    own === undefined ? [] : [{ ...own, model: others.get(name) ?? null }],
  );
}

/**
 * The row of the requested run, and the judges of metrics that have their own. A judge or a jury in the request counts
 * for all metrics.
 *
 * @throws ProblemError for an unknown model, a model that needs a price and has none, or contradicting judges.
 */
export function newRun<Filters>(
  kind: TargetKind<Filters>,
  { judges, projectId, quotas, monitorId }: Omit<RunRequest, "db">,
  body: RunOptions,
  {
    filters,
    samplingRate,
    metrics,
  }: { filters: object; samplingRate: number; metrics: readonly RunMetric[] },
) {
  const maxCostUsd = body.max_cost_usd ?? null;
  const { columns, others } = resolveJudge(judges, {
    by: body,
    metrics,
    maxCostUsd,
    quotas: quotasOf(quotas, projectId),
  });
  const versions = metrics.flatMap(({ own }) => (own === undefined ? [] : [[own.name, own.version]]));
  const run = {
    project_id: projectId,
    target_type: kind.type,
    name: body.name ?? null,
    metric_names: metrics.map((metric) => metric.name),
    metric_versions: toJson(Object.fromEntries(versions)),
    filters: toJson({ ...filters, ...(body.signal_weights && { signal_weights: body.signal_weights }) }),
    sampling_rate: samplingRate,
    ...columns,
    thresholds: toJson(body.thresholds ?? {}),
    monitor_id: monitorId ?? null,
    fresh: body.fresh ?? false,
    max_cost_usd: maxCostUsd,
  } satisfies NewRun;
  return { run, others };
}
