import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { CreateEvalRunRequest, CreateSessionEvalRunRequest, RunEstimate } from "@pandaprobe/contract";
import { nothingMatches, type TargetType } from "@pandaprobe/contract/rules";
import { v7 as uuidv7 } from "uuid";
import type { Compute } from "../../../compute/compute.ts";
import type { Quotas } from "../../../config/project-limits.ts";
import type { Database } from "../../../db/database.ts";
import { HEURISTIC_MODEL } from "../../../judge/heuristic/heuristic-judge.ts";
import type { Judges } from "../../../judge/judges.ts";
import { DryRunLedger } from "../../../judge/ledger/dry-run-ledger.ts";
import type { Log } from "../../../log.ts";
import { type FilteredRunOptions, newRun, ownMetrics, resolveMetrics } from "../create/create-run.ts";
import { evaluateConversation } from "../evaluate/evaluate-conversation.ts";
import { evaluateTrace } from "../evaluate/evaluate-trace.ts";
import { createPanel, panelsOf } from "../evaluate/panel.ts";
import { computeSignals } from "../evaluate/signals/compute-signals.ts";
import { RunEmbeddings } from "../evaluate/signals/run-embeddings.ts";
import { TraceSlots } from "../evaluate/signals/trace-slots.ts";
import type { EvaluationContext, TargetJob } from "../evaluate/target-job.ts";
import { sessionKind } from "../target-kinds/session-kind.ts";
import type { TargetKind } from "../target-kinds/target-kind.ts";
import { traceKind } from "../target-kinds/trace-kind.ts";
import { estimateOf } from "./estimate-of.ts";
import { previewTargets } from "./preview-targets.ts";

/** How many traces an estimate evaluates at most: enough to extrapolate from, and done in a second or two. */
const maxTraces = 100;

/** After this long the estimate extrapolates from the traces evaluated so far. */
const timeLimitMs = 3_000;

/** Traces of a session in memory at once: one page, so that the next one is read when this one is done. */
const traceSlots = 8;

export interface EstimateRequest {
  readonly db: Database;
  readonly compute: Compute;
  readonly judges: Judges;
  readonly projectId: string;
  readonly quotas: Quotas;
  readonly log: Log;
}

/** Evaluates a target in a dry run, or about `traces` traces of it. @returns the number of traces evaluated. */
type DryRun = (context: EvaluationContext, job: TargetJob, traces: number) => Promise<number>;

const dryRuns: Readonly<Record<TargetType, DryRun>> = {
  TRACE: async (context, job) => {
    await evaluateTrace(context, job);
    return 1;
  },
  async SESSION(context, job, traces) {
    const own = job.target.openMetrics.filter((name) => job.target.own.has(name));
    const all = own.length === 0 ? 0 : await evaluateConversation(context, job, own);
    const needsSignals = own.length < job.target.openMetrics.length;
    return needsSignals ? computeSignals(context, job, traces) : all;
  },
};

/** Estimates the calls of a run over traces. @throws ProblemError as `createTraceRun` does. */
export function estimateTraceRun(request: EstimateRequest, body: CreateEvalRunRequest): Promise<RunEstimate> {
  return estimateRun(traceKind, request, body, {});
}

/** Estimates the calls of a run over sessions. */
export function estimateSessionRun(
  request: EstimateRequest,
  body: CreateSessionEvalRunRequest,
): Promise<RunEstimate> {
  return estimateRun(sessionKind, request, body, {});
}

async function estimateRun<Filters extends object>(
  kind: TargetKind<Filters>,
  request: EstimateRequest,
  body: FilteredRunOptions<Filters>,
  noFilters: Filters,
): Promise<RunEstimate> {
  const { db, judges, compute, projectId } = request;
  const filters = body.filters ?? noFilters;
  const rate = body.sampling_rate;
  const metrics = await resolveMetrics(kind, request, body.metrics);
  const { run, others } = newRun(kind, request, body, { filters, samplingRate: rate, metrics });
  const own = new Map(ownMetrics(metrics, others).map((metric) => [metric.name, metric]));
  const { model, metric_names, fresh, repeats, aggregate } = run;
  const targets = await previewTargets(db, kind, projectId, kind.matching(db, projectId, filters), {
    rate,
    most: maxTraces,
  });
  if (targets.matching === 0) throw nothingMatches(kind.noun);
  // The heuristic judge makes no calls.
  if ([model, ...others.values()].every((each) => each === HEURISTIC_MODEL)) {
    return estimateOf({ calls: [], cachedCalls: 0 }, judges, { targets: targets.sampled, times: 0 });
  }
  const ledger = new DryRunLedger(db, { projectId, fresh });
  const judgedBy = { models: run.judges ?? [model], repeats, aggregate };
  const dryJudge = (member: string, repeat: number) => judges.dryRun(member, ledger, repeat);
  const panel = createPanel(judgedBy, dryJudge);
  const panelOf = panelsOf({ own, panel: judgedBy }, panel, dryJudge);
  const never = new AbortController().signal;
  const context = dryRunContext(request);
  const run_id = uuidv7();
  let evaluated = 0;
  const until = performance.now() + timeLimitMs;
  for (const [position, id] of (targets.sampled === 0 ? [] : targets.some).entries()) {
    if (evaluated >= maxTraces || (evaluated > 0 && performance.now() > until)) break;
    const target = {
      type: kind.type,
      id,
      openMetrics: metric_names,
      own,
      model: run.judges === null ? model : null,
      panel: judgedBy,
      thresholds: {},
      filters: {},
      fresh,
      budget: null,
    };
    const job = { key: { project_id: projectId, run_id, position }, target, panel, panelOf, stop: never };
    const release = await compute.estimates.take(projectId, never);
    try {
      evaluated += await dryRuns[kind.type](context, job, maxTraces - evaluated);
    } finally {
      void yieldToOthers().then(release);
    }
  }
  // The number of traces that the run would evaluate.
  const traces = (targets.traces * targets.sampled) / targets.matching;
  return estimateOf(ledger, judges, {
    targets: targets.sampled,
    times: evaluated === 0 ? 0 : traces / evaluated,
  });
}

/** Results are not stored. */
function dryRunContext({ db, compute, log }: EstimateRequest): EvaluationContext {
  const nowhere = { record: async () => undefined };
  return {
    db,
    compute,
    outcomes: nowhere,
    signals: nowhere,
    embeddings: new RunEmbeddings(),
    traceSlots: new TraceSlots(traceSlots),
    log,
  };
}
