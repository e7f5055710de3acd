import { setImmediate as nextTurn } from "node:timers/promises";
import { SignalWeights } from "@pandaprobe/contract";
import {
  aggregateMetric,
  failedSignals,
  type ScoreResult,
  type SessionMetric,
  signalWeights,
} from "@pandaprobe/contract/rules";
import { resolveSessionMetric } from "../target-kinds/session-kind.ts";
import { evaluateConversation } from "./evaluate-conversation.ts";
import { failTarget, outcomeOf } from "./item-outcome.ts";
import { judgeByPanel } from "./panel.ts";
import { computeSignals } from "./signals/compute-signals.ts";
import { copySignals, judgedContent, readSignals, type StoredSignals } from "./signals/stored-signals.ts";
import { traceSignals } from "./signals/trace-signals.ts";
import type { TargetContext, TargetJob } from "./target-job.ts";

/**
 * Evaluates a session. The project's own metrics read the conversation. For the built-in ones, the signals of its
 * traces are computed and stored one by one, then the session's scores from the stored signals. Rejects as
 * `evaluateTrace` does; the next attempt computes only the missing signals.
 */
export async function evaluateSession(context: TargetContext, job: TargetJob): Promise<void> {
  const own = job.target.openMetrics.filter((name) => job.target.own.has(name));
  const builtIn = job.target.openMetrics.filter((name) => !job.target.own.has(name));
  if (own.length > 0) await evaluateConversation(context, job, own);
  if (builtIn.length > 0) await evaluateSignals(context, job, builtIn);
}

/** Scores a session from the signals of its traces. */
async function evaluateSignals(
  context: TargetContext,
  job: TargetJob,
  metrics: readonly string[],
): Promise<void> {
  const { key, target } = job;
  const retryOf = target.filters["retry_of"];
  if (typeof retryOf === "string") await copySignals(context.db, job, retryOf);
  await computeSignals(context, job);
  const traces = await readSignals(context.db, job);
  if (traces.length === 0) {
    return failTarget(context, key, target, "The session was deleted: it no longer has traces.");
  }
  const failedTraces = traces
    .filter((trace) => traceSignals(trace).failed.length > 0)
    .map(({ trace_id }) => trace_id);
  const contentHash = await judgedContent(context.db, job);
  await Promise.all(
    metrics.map(async (name) => {
      const metric = resolveSessionMetric(name);
      const outcome = await outcomeOf(context, job, metric, { noun: "session", id: target.id }, (threshold) =>
        scoreSession(job, metric, traces, threshold),
      );
      await context.outcomes.record({
        ...key,
        metric: name,
        target_id: target.id,
        contentHash,
        failedTraces,
        ...outcome,
      });
    }),
  );
}

/** The score of a session, from the signals of each member of the panel in each repeat. */
async function scoreSession(
  { target, panel }: TargetJob,
  metric: SessionMetric,
  traces: readonly StoredSignals[],
  threshold: number,
): Promise<ScoreResult> {
  const weights = signalWeights(SignalWeights.nullish().parse(target.filters["signal_weights"]));
  const score = await judgeByPanel(panel, threshold, async (seat) => {
    await nextTurn();
    const signals = traces.map((trace) => traceSignals(trace, seat));
    return aggregateMetric(metric, signals, weights, { threshold, model: seat.model });
  });
  // One member's repeat may lack more signals than the session.
  const { failed_signals: _ofOneSeat, ...metadata } = score.metadata;
  const failed = failedSignals(traces.map((trace) => traceSignals(trace)));
  return { ...score, metadata: { ...metadata, ...(failed.length > 0 && { failed_signals: failed }) } };
}
