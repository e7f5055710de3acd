import {
  aggregateMetric,
  findSessionMetric,
  JudgeError,
  type ScoreResult,
  SIGNALS,
  type Signal,
  signalWeights,
  type TraceSignals,
} from "@pandaprobe/contract/rules";
import type { Project, Run, StoredTrace, Target } from "../state/project.ts";
import { sessionTraces } from "../traces/sessions.ts";
import { traceResponse } from "../traces/trace-response.ts";
import type { World } from "../world.ts";
import {
  type Outcome,
  outcomeOf,
  type ScoreScope,
  scoreContext,
  storeSessionScore,
  storeTraceScore,
  success,
} from "./scores.ts";

/**
 * Evaluates a target. If it was deleted meanwhile, all its items fail without a score.
 *
 * @returns how many items failed
 */
export function endTarget(world: World, project: Project, run: Run, target: Target, at: string): number {
  const scope = { world, project, run, at };
  if (run.type === "SESSION") {
    const traces = sessionTraces(project, target.id);
    if (traces.length === 0) return target.metrics.length;
    const outcomes = scoreSession(scope, target, traces);
    for (const [metric, outcome] of outcomes) storeSessionScore(scope, target.id, metric, outcome);
    return outcomes.filter(([, { status }]) => status === "FAILED").length;
  }
  const stored = project.traces.get(target.id);
  if (stored === undefined) return target.metrics.length;
  const trace = traceResponse(stored);
  const outcomes = target.metrics.map((metric) => {
    const result = world.scores.answer({ metric, trace, sessionId: trace.session_id });
    const outcome = outcomeOf(run, metric, result);
    storeTraceScore(scope, stored, metric, outcome);
    return outcome;
  });
  return outcomes.filter(({ status }) => status === "FAILED").length;
}

/** Scores a session by its metrics. The signals behind the scores become trace scores of the run. */
export function scoreSession(
  scope: ScoreScope,
  target: Target,
  traces: readonly StoredTrace[],
): [metric: string, outcome: Outcome][] {
  const { world, run } = scope;
  // The judge of a project's own metric reads the conversation instead.
  const needsSignals = target.metrics.some((metric) => !run.own.has(metric));
  const signals = needsSignals ? traces.map((trace) => judgeSignals(scope, trace)) : [];
  return target.metrics.map((metric) => {
    const question = { metric, trace: null, sessionId: target.id };
    if (run.own.has(metric)) return [metric, outcomeOf(run, metric, world.scores.answer(question))];
    const found = aggregated(run, metric, signals);
    if ("failed" in found) return [metric, outcomeOf(run, metric, found)];
    if (!world.scores.knows(question)) return [metric, success(run, metric, found)];
    const scripted = world.scores.answer(question);
    if ("failed" in scripted) return [metric, outcomeOf(run, metric, scripted)];
    const metadata = { ...found.metadata, ...scripted.metadata };
    return [metric, outcomeOf(run, metric, { ...scripted, metadata })];
  });
}

function aggregated(
  run: Run,
  name: string,
  signals: readonly TraceSignals[],
): ScoreResult | { readonly failed: string } {
  const metric = findSessionMetric(name);
  if (metric === undefined) return { failed: `There is no session metric ${name}.` };
  const weights = signalWeights(run.response.filters["signal_weights"] as Partial<Record<Signal, number>>);
  try {
    return aggregateMetric(metric, signals, weights, scoreContext(run, name));
  } catch (error) {
    if (error instanceof JudgeError) return { failed: error.message };
    throw error;
  }
}

function judgeSignals(scope: ScoreScope, stored: StoredTrace): TraceSignals {
  const trace = traceResponse(stored);
  const signals: Partial<Record<Signal, number>> = {};
  const notApplicable: Signal[] = [];
  const failed: TraceSignals["failed"][number][] = [];
  for (const signal of SIGNALS) {
    const result = scope.world.scores.answer({ metric: signal, trace, sessionId: trace.session_id });
    storeTraceScore(scope, stored, signal, outcomeOf(scope.run, signal, result));
    if ("failed" in result) failed.push({ signal, reason: result.failed });
    else {
      signals[signal] = result.score;
      if (result.notApplicable !== undefined) notApplicable.push(signal);
    }
  }
  return { trace_id: trace.trace_id, signals, notApplicable, failed };
}
