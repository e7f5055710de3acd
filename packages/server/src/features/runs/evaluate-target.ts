import type { Database } from "../../db/database.ts";
import type { Judges } from "../../judge/judges.ts";
import { ModelError } from "../../judge/model-error.ts";
import type { Log } from "../../log.ts";
import { evaluateMetric } from "../../metrics/evaluate.ts";
import { type Judge, JudgeError } from "../../metrics/judge.ts";
import { memoizeJudge } from "../../metrics/memoize-judge.ts";
import type { TraceMetric } from "../../metrics/metric.ts";
import { renderSubject, type Subject } from "../../metrics/subject.ts";
import { readTraces } from "../traces/read-traces.ts";
import { gateJudge } from "./gate-judge.ts";
import { findOpenTarget, type OpenTarget, type TargetKey } from "./open-target.ts";
import type { Outcome } from "./outcome.ts";
import type { OutcomeBatcher } from "./outcome-batcher.ts";
import type { RunListener } from "./run-listener.ts";
import { resolveTraceMetric } from "./run-metrics.ts";

export interface TargetContext {
  readonly db: Database;
  readonly judges: Judges;
  readonly outcomes: OutcomeBatcher;
  readonly runs: RunListener;
  readonly log: Log;
  /** Aborted when the process is about to end: no new judge call may start. */
  readonly draining: AbortSignal;
}

interface Judging {
  readonly judge: Judge;
  readonly subject: Subject;
  /** Aborts the judge calls in flight. */
  readonly stop: AbortSignal;
}

/** A target whose job was begun this often and never ended is given up: it may be what ends the process. */
const maxTries = 5;

/**
 * Evaluates what is left of one target of a run. It may run twice, and beside itself: each pair still counts once.
 *
 * @param tries how often this job was begun, this time included.
 * @param signal aborts the judge calls in flight.
 */
export async function evaluateTarget(
  context: TargetContext,
  key: TargetKey,
  tries: number,
  signal: AbortSignal,
): Promise<void> {
  const target = await findOpenTarget(context.db, key);
  if (target === undefined) return;
  if (tries > maxTries) {
    const reason = `Given up after ${maxTries} tries: each time the server stopped or failed while it evaluated this trace.`;
    return failAll(context, key, target, reason);
  }
  const asked = findJudge(context.judges, target.model);
  if (typeof asked === "string") return failAll(context, key, target, asked);
  const [trace] = await readTraces(context.db, key.project_id, [target.traceId]);
  if (trace === undefined) return failAll(context, key, target, "The trace was deleted.");

  const runEnded = new AbortController();
  const unsubscribe = context.runs.subscribe(key.run_id, (change) => {
    if (change === "ended") runEnded.abort();
  });
  try {
    const judge = memoizeJudge(gateJudge(asked, context.draining));
    const subject = renderSubject(trace, judge.maxTraceChars);
    const stop = AbortSignal.any([signal, runEnded.signal]);
    const pairs = target.openMetrics.map((name) =>
      evaluatePair(context, key, target, name, { judge, subject, stop }),
    );
    const [failure] = (await Promise.allSettled(pairs)).filter((pair) => pair.status === "rejected");
    if (failure !== undefined && !runEnded.signal.aborted) throw failure.reason;
  } finally {
    unsubscribe();
  }
}

/** The judge, or why this server does not have it: another one made the run, or it was configured otherwise then. */
function findJudge(judges: Judges, model: string): Judge | string {
  try {
    return judges.judgeFor(model);
  } catch (error) {
    if (error instanceof ModelError) return error.message;
    throw error;
  }
}

/** Rejects only where the pair has not ended: the process is stopping, or the database does not answer. */
async function evaluatePair(
  context: TargetContext,
  key: TargetKey,
  target: OpenTarget,
  name: string,
  judging: Judging,
): Promise<void> {
  const metric = resolveTraceMetric(name);
  const threshold = target.thresholds[name] ?? metric.defaultThreshold;
  const pair = { ...key, metric: name, trace_id: target.traceId };
  const result = await judgePair(context, metric, threshold, judging);
  await context.outcomes.record({ ...pair, ...result });
}

/** What a metric says; a judge that cannot answer, or a metric that breaks, makes it a failure with a reason. */
async function judgePair(
  context: TargetContext,
  metric: TraceMetric,
  threshold: number,
  { judge, subject, stop }: Judging,
): Promise<Pick<Outcome, "status" | "value" | "reason" | "metadata">> {
  try {
    const { value, reason, metadata } = await evaluateMetric(metric, subject, judge, {
      threshold,
      signal: stop,
    });
    return { status: "SUCCESS", value, reason, metadata };
  } catch (error) {
    if (stop.aborted || context.draining.aborted) throw error;
    const metadata = { threshold, success: false, model: judge.model };
    if (error instanceof JudgeError)
      return { status: "FAILED", value: null, reason: error.message, metadata };
    context.log.error(
      { err: error, metric: metric.name, trace_id: subject.trace.trace_id },
      "A metric broke.",
    );
    const reason = `The metric ${metric.name} broke on this trace; the server's log says how. This is a bug, please report it.`;
    return { status: "FAILED", value: null, reason, metadata };
  }
}

async function failAll(
  context: TargetContext,
  key: TargetKey,
  target: OpenTarget,
  reason: string,
): Promise<void> {
  await Promise.all(
    target.openMetrics.map((name) => {
      const threshold = target.thresholds[name] ?? resolveTraceMetric(name).defaultThreshold;
      return context.outcomes.record({
        ...key,
        metric: name,
        trace_id: target.traceId,
        status: "FAILED",
        value: null,
        reason,
        metadata: { threshold, success: false, model: target.model },
      });
    }),
  );
}
