import { JudgeError, type ScoreResult } from "@pandaprobe/contract/rules";
import type { Source } from "../../../compute/compute.ts";
import { type Evaluated, metricAt, type StoredPlace } from "../../../compute/tasks.ts";
import { HEURISTIC_MODEL } from "../../../judge/heuristic/heuristic-judge.ts";
import { evaluateMetric } from "../../../metrics/evaluate.ts";
import type { Judge } from "../../../metrics/judge.ts";
import { memoizeJudge } from "../../../metrics/memoize-judge.ts";
import type { StoredTrace } from "../../traces/stored-trace.ts";
import type { Result } from "../outcome.ts";
import { allEnded } from "./all-ended.ts";
import { resultOf } from "./result-of.ts";
import type { EvaluationContext, TargetJob } from "./target-job.ts";

/** A trace, and what is to be known about it. */
export interface TraceToJudge {
  readonly trace: StoredTrace;
  /** Names of metrics, at least one. */
  readonly metrics: readonly string[];
  /** `null` for a trace by itself. */
  readonly place: StoredPlace | null;
  readonly judge: Judge;
  /** Keeps what a metric says. */
  record(metric: string, result: Result): Promise<void>;
}

/** Gives the evaluation of a metric. */
type Evaluate = (name: string, threshold: number) => Promise<ScoreResult>;

/** Judges a trace by some metrics, which share what they ask. Rejects only where a result was neither had nor failed. */
export async function judgeTrace(
  context: EvaluationContext,
  job: TargetJob,
  toJudge: TraceToJudge,
): Promise<void> {
  const isOffline = toJudge.judge.model === HEURISTIC_MODEL;
  const evaluate = (isOffline ? withHeuristic : askingJudge)(context, job, toJudge);
  const about = { noun: "trace", id: toJudge.trace.trace_id } as const;
  await allEnded(
    toJudge.metrics.map(async (name) => {
      const metric = metricAt(name, toJudge.place);
      const result = await resultOf(context, job, metric, about, (threshold) => evaluate(name, threshold));
      await toJudge.record(name, result);
    }),
  );
}

/** The metrics ask a judge elsewhere; reading and rendering the trace for it is done first. */
function askingJudge({ compute }: EvaluationContext, job: TargetJob, toJudge: TraceToJudge): Evaluate {
  const judge = memoizeJudge(toJudge.judge);
  const prepared = compute.prepare(sourceOf(job, toJudge), { maxChars: judge.maxTraceChars }, job.stop);
  return async (name, threshold) => {
    const { subject, place } = await prepared;
    return evaluateMetric(metricAt(name, place), subject, judge, { threshold, signal: job.stop });
  };
}

/** All metrics are evaluated at once, where there is CPU for it. */
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
