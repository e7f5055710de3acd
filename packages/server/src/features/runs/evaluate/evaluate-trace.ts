import { JudgeError, type ScoreResult } from "@pandaprobe/contract/rules";
import type { Source } from "../../../compute/compute.ts";
import { type Evaluated, metricAt, type PreparedTrace, type StoredPlace } from "../../../compute/tasks.ts";
import { HEURISTIC_MODEL } from "../../../judge/heuristic/heuristic-judge.ts";
import { UnusableModelError } from "../../../judge/queue/model-queue.ts";
import { evaluateMetric } from "../../../metrics/evaluate.ts";
import type { Judge } from "../../../metrics/judge.ts";
import { memoizeJudge } from "../../../metrics/memoize-judge.ts";
import { asksJudge, onlyReads, type TraceMetric } from "../../../metrics/metric.ts";
import { readStoredTraces, type StoredTrace } from "../../traces/stored-trace.ts";
import type { EndedItem, Outcome } from "../outcome.ts";
import { failTarget, outcomeOf } from "./item-outcome.ts";
import { embeddingJudge, judgeByPanel, type Panel } from "./panel.ts";
import type { EvaluationContext, TargetJob } from "./target-job.ts";

/** A trace to judge, on its own or as a part of its session. */
export interface TraceToJudge {
  readonly trace: StoredTrace;
  /** Names of metrics, at least one. */
  readonly metrics: readonly string[];
  /** Its position in the session; `null` for a single trace. */
  readonly place: StoredPlace | null;
  readonly panel: Panel;
  /** Stores the outcome of a metric. */
  record(metric: string, outcome: Outcome): Promise<void>;
}

type Evaluate = (name: string, threshold: number) => Promise<ScoreResult>;

/**
 * Judges the open items of a trace, and stores their outcomes together, because a client that polls scores would take
 * the first ones for all. Rejects only if an item has not ended: the process is stopping, or the database does not
 * answer. Then none is stored, and the next attempt finds the judge's answers in the ledger.
 */
export async function evaluateTrace(context: EvaluationContext, job: TargetJob): Promise<void> {
  const { key, target, panel } = job;
  const [trace] = await readStoredTraces(context.db, key.project_id, [target.id]);
  if (trace === undefined) return failTarget(context, key, target, "The trace was deleted.");
  const ended: EndedItem[] = [];
  await judgeTrace(context, job, {
    trace,
    metrics: target.openMetrics,
    place: null,
    panel,
    async record(metric, outcome) {
      ended.push({ ...key, metric, target_id: target.id, contentHash: trace.contentHash, ...outcome });
    },
  });
  // Recorded at the same time, they are in one batch, and so in one transaction.
  await Promise.all(ended.map((item) => context.outcomes.record(item)));
}

/** Judges a trace by some metrics, which share their questions. Waits for all metrics, and only then rejects if one did. */
export async function judgeTrace(
  context: EvaluationContext,
  job: TargetJob,
  toJudge: TraceToJudge,
): Promise<void> {
  const { panel } = toJudge;
  const metrics = toJudge.metrics.map((name) => metricAt(name, toJudge.place, job.target.own.get(name)));
  const evaluateWith = evaluators(context, job, toJudge, metrics);
  const check = checks(context, job, toJudge, metrics);
  const judgeBy = async ({ name, version }: TraceMetric, threshold: number) => {
    const ofMetric = version === undefined ? panel : job.panelOf(name);
    try {
      return await judgeByPanel(ofMetric, threshold, ({ judge }) => evaluateWith(judge)(name, threshold));
    } catch (error) {
      // Metrics with the run's own judge may continue.
      if (ofMetric !== panel && error instanceof UnusableModelError) throw new JudgeError(error.message);
      throw error;
    }
  };
  const about = { noun: "trace", id: toJudge.trace.trace_id } as const;
  const results = await Promise.allSettled(
    metrics.map(async (metric) => {
      const { name } = metric;
      const outcome = await outcomeOf(context, job, metric, about, (threshold) => {
        if (onlyReads(metric)) return check(name, threshold);
        if (!asksJudge(metric)) return evaluateWith(embeddingJudge(panel))(name, threshold);
        return judgeBy(metric, threshold);
      });
      await toJudge.record(name, outcome);
    }),
  );
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

/** How each judge evaluates the trace. */
function evaluators(
  context: EvaluationContext,
  job: TargetJob,
  toJudge: TraceToJudge,
  metrics: readonly TraceMetric[],
): (judge: Judge) => Evaluate {
  const judged = metrics.filter((metric) => !onlyReads(metric));
  const byJudge = new Map<Judge, Evaluate>();
  const byLength = new Map<number, Promise<PreparedTrace>>();
  const prepare = (maxChars: number) => {
    const prepared =
      byLength.get(maxChars) ?? context.compute.prepare(sourceOf(job, toJudge), { maxChars }, job.stop);
    byLength.set(maxChars, prepared);
    return prepared;
  };
  return (judge) => {
    const isOffline = judge.model === HEURISTIC_MODEL;
    const evaluate =
      byJudge.get(judge) ??
      (isOffline ? offline(context, job, toJudge, judged) : withModel(prepare, job, judge));
    byJudge.set(judge, evaluate);
    return evaluate;
  };
}

/** The metrics ask a model. The trace is read and rendered once for all judges that take as many characters. */
function withModel(
  prepare: (maxChars: number) => Promise<PreparedTrace>,
  { target, stop }: TargetJob,
  given: Judge,
): Evaluate {
  const judge = memoizeJudge(given);
  return async (name, threshold) => {
    const { subject, place } = await prepare(judge.maxTraceChars);
    return evaluateMetric(metricAt(name, place, target.own.get(name)), subject, judge, {
      threshold,
      signal: stop,
    });
  };
}

/** How metrics that use no model are evaluated: together, except those that may take very long. */
function checks(
  context: EvaluationContext,
  job: TargetJob,
  toJudge: TraceToJudge,
  metrics: readonly TraceMetric[],
): Evaluate {
  const reading = metrics.filter(onlyReads);
  const together = reading.filter(({ needsThread }) => !needsThread);
  const alone = reading.filter(({ needsThread }) => needsThread);
  const byName = new Map<string, Evaluate>();
  for (const group of [together, ...alone.map((metric) => [metric])]) {
    if (group.length === 0) continue;
    const evaluate = offline(context, job, toJudge, group);
    for (const { name } of group) byName.set(name, evaluate);
  }
  return async (name, threshold) => {
    const evaluate = byName.get(name);
    if (evaluate === undefined) throw new TypeError(`${name} uses a model.`);
    return evaluate(name, threshold);
  };
}

/** Evaluates metrics in one task, because they and the heuristic judge need only CPU time. */
function offline(
  { compute }: EvaluationContext,
  job: TargetJob,
  toJudge: TraceToJudge,
  metrics: readonly TraceMetric[],
): Evaluate {
  const { thresholds, own } = job.target;
  const tasks = metrics.map(({ name, defaultThreshold }) => ({
    name,
    threshold: thresholds[name] ?? defaultThreshold,
    own: own.get(name),
  }));
  const needsThread = metrics.some((metric) => metric.needsThread);
  const evaluated = compute.evaluate(sourceOf(job, toJudge), { metrics: tasks, needsThread }, job.stop);
  return async (name) => evaluationOf((await evaluated).get(name));
}

function evaluationOf(evaluated: Evaluated | undefined): ScoreResult {
  if (evaluated === undefined) throw new TypeError("The metric was not evaluated.");
  if ("judgeError" in evaluated) throw new JudgeError(evaluated.judgeError);
  if ("brokeWith" in evaluated) throw new Error(evaluated.brokeWith);
  return evaluated.evaluation;
}

function sourceOf({ key }: TargetJob, { trace, place }: TraceToJudge): Source {
  const before = place?.before.reduce((sum, { output }) => sum + output.length, 0) ?? 0;
  return {
    project: key.project_id,
    chars: trace.chars + before,
    async read() {
      const json = await trace.read();
      if (json === undefined) throw new JudgeError("The trace was deleted.");
      return { trace: json, place };
    },
  };
}
