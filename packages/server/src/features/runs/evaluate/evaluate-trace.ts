import { JudgeError, type ScoreResult } from "@pandaprobe/contract/rules";
import type { Source } from "../../../compute/compute.ts";
import { type Evaluated, metricAt, type StoredPlace } from "../../../compute/tasks.ts";
import { HEURISTIC_MODEL } from "../../../judge/heuristic/heuristic-judge.ts";
import { evaluateMetric } from "../../../metrics/evaluate.ts";
import type { Judge } from "../../../metrics/judge.ts";
import { memoizeJudge } from "../../../metrics/memoize-judge.ts";
import { readStoredTraces, type StoredTrace } from "../../traces/stored-trace.ts";
import type { Outcome } from "../outcome.ts";
import { failTarget, outcomeOf } from "./item-outcome.ts";
import type { EvaluationContext, TargetJob } from "./target-job.ts";

/** A trace to judge, by itself or as a part of its session. */
export interface TraceToJudge {
  readonly trace: StoredTrace;
  /** Names of metrics, at least one. */
  readonly metrics: readonly string[];
  /** Its position in the session; `null` for a trace by itself. */
  readonly place: StoredPlace | null;
  readonly judge: Judge;
  /** Stores the outcome of a metric. */
  record(metric: string, outcome: Outcome): Promise<void>;
}

type Evaluate = (name: string, threshold: number) => Promise<ScoreResult>;

/**
 * Judges the open items of a trace. Rejects only if an item has not ended: the process is stopping, or the database does
 * not answer.
 */
export async function evaluateTrace(context: EvaluationContext, job: TargetJob): Promise<void> {
  const { key, target, judge } = job;
  const [trace] = await readStoredTraces(context.db, key.project_id, [target.id]);
  if (trace === undefined) return failTarget(context, key, target, "The trace was deleted.");
  await judgeTrace(context, job, {
    trace,
    metrics: target.openMetrics,
    place: null,
    judge,
    record: (metric, outcome) =>
      context.outcomes.record({ ...key, metric, target_id: target.id, ...outcome }),
  });
}

/** Judges a trace by some metrics, which share their questions. Waits for all metrics, and only then rejects if one did. */
export async function judgeTrace(
  context: EvaluationContext,
  job: TargetJob,
  toJudge: TraceToJudge,
): Promise<void> {
  const isOffline = toJudge.judge.model === HEURISTIC_MODEL;
  const evaluate = (isOffline ? withHeuristic : withModel)(context, job, toJudge);
  const about = { noun: "trace", id: toJudge.trace.trace_id } as const;
  const results = await Promise.allSettled(
    toJudge.metrics.map(async (name) => {
      const metric = metricAt(name, toJudge.place);
      const outcome = await outcomeOf(context, job, metric, about, (threshold) => evaluate(name, threshold));
      await toJudge.record(name, outcome);
    }),
  );
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

/** The metrics ask a model. The trace is read and rendered once, before the first question. */
function withModel({ compute }: EvaluationContext, job: TargetJob, toJudge: TraceToJudge): Evaluate {
  const judge = memoizeJudge(toJudge.judge);
  const prepared = compute.prepare(sourceOf(job, toJudge), { maxChars: judge.maxTraceChars }, job.stop);
  return async (name, threshold) => {
    const { subject, place } = await prepared;
    return evaluateMetric(metricAt(name, place), subject, judge, { threshold, signal: job.stop });
  };
}

/** Evaluates all metrics in one task, because the heuristic judge is CPU work only. */
function withHeuristic({ compute }: EvaluationContext, job: TargetJob, toJudge: TraceToJudge): Evaluate {
  const metrics = toJudge.metrics.map((name) => ({
    name,
    threshold: job.target.thresholds[name] ?? metricAt(name, toJudge.place).defaultThreshold,
  }));
  const evaluated = compute.evaluate(sourceOf(job, toJudge), { metrics }, job.stop);
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
