import type { StoredTrace } from "../state/stored-trace.ts";
import { traceResponse } from "../traces/trace-response.ts";
import { aggregate, type TraceSignals } from "./aggregate.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import type { Target } from "./run.ts";
import { type Signal, signals, signalWeights } from "./signals.ts";
import { type ScoreScope, storeTraceScore } from "./store-score.ts";

/** The scores of a session by its metrics. The signals that they are made of become trace scores of the run. */
export function scoreSession(
  scope: ScoreScope,
  target: Target,
  traces: readonly StoredTrace[],
): [metric: string, outcome: Outcome][] {
  const { world, run } = scope;
  const signalsOf = traces.map((trace) => judgeSignals(scope, trace));
  const weights = signalWeights(run.response.filters["signal_weights"]);
  return target.metrics.map((metric) => {
    const question = { metric, trace: null, sessionId: target.id };
    const found = aggregate(metric, signalsOf, weights);
    if (!world.scores.knows(question) || "failed" in found) return [metric, outcomeOf(run, metric, found)];
    const scripted = world.scores.verdict(question);
    const verdict =
      "failed" in scripted
        ? scripted
        : { ...scripted, metadata: { ...found.metadata, ...scripted.metadata } };
    return [metric, outcomeOf(run, metric, verdict)];
  });
}

function judgeSignals(scope: ScoreScope, stored: StoredTrace): TraceSignals {
  const trace = traceResponse(stored);
  const risks: Partial<Record<Signal, number>> = {};
  const failed: TraceSignals["failed"][number][] = [];
  for (const signal of signals) {
    const verdict = scope.world.scores.verdict({ metric: signal, trace, sessionId: trace.session_id });
    storeTraceScore(scope, trace, signal, outcomeOf(scope.run, signal, verdict));
    if ("failed" in verdict) failed.push({ trace_id: trace.trace_id, signal, reason: verdict.failed });
    else risks[signal] = 1 - verdict.value;
  }
  return { traceId: trace.trace_id, risks, failed };
}
