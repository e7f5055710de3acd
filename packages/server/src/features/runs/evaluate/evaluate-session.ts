import { SignalWeights } from "@pandaprobe/contract";
import { aggregateMetric, signalWeights } from "@pandaprobe/contract/rules";
import { resolveSessionMetric } from "../target-kinds/session-kind.ts";
import { failTarget, outcomeOf } from "./item-outcome.ts";
import { computeSignals } from "./signals/compute-signals.ts";
import { copySignals, readSignals } from "./signals/stored-signals.ts";
import type { TargetContext, TargetJob } from "./target-job.ts";

/**
 * Computes the signals of a session's traces, which are stored one by one, then the session's scores from the stored
 * signals. Rejects as `evaluateTrace` does; the next attempt computes only the missing signals.
 */
export async function evaluateSession(context: TargetContext, job: TargetJob): Promise<void> {
  const { key, target, judge } = job;
  const retryOf = target.filters["retry_of"];
  if (typeof retryOf === "string") await copySignals(context.db, job, retryOf);
  await computeSignals(context, job);
  const traces = await readSignals(context.db, job);
  if (traces.length === 0) {
    return failTarget(context, key, target, "The session was deleted: it has no traces any more.");
  }
  const failedTraces = traces.filter(({ failed }) => failed.length > 0).map(({ trace_id }) => trace_id);
  const weights = signalWeights(SignalWeights.nullish().parse(target.filters["signal_weights"]));
  await Promise.all(
    target.openMetrics.map(async (name) => {
      const metric = resolveSessionMetric(name);
      const outcome = await outcomeOf(context, job, metric, { noun: "session", id: target.id }, (threshold) =>
        aggregateMetric(metric, traces, weights, { threshold, model: judge.model }),
      );
      await context.outcomes.record({ ...key, metric: name, target_id: target.id, failedTraces, ...outcome });
    }),
  );
}
