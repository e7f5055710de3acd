import { SignalWeights } from "@pandaprobe/contract";
import { aggregateMetric, signalWeights } from "@pandaprobe/contract/rules";
import { resolveSessionMetric } from "../run-metrics.ts";
import { failTarget } from "./fail-target.ts";
import { resultOf } from "./result-of.ts";
import { computeSignals } from "./signals/compute-signals.ts";
import { copySignals } from "./signals/copy-signals.ts";
import { readSignals } from "./signals/read-signals.ts";
import type { TargetContext, TargetJob } from "./target-job.ts";

/**
 * Computes the signals of a session's traces, each of which is stored as soon as it is known, then the session's scores
 * from what is stored. Rejects as `evaluateTrace` does; whoever goes on then asks only for the signals that are missing.
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
      const result = await resultOf(context, job, metric, { noun: "session", id: target.id }, (threshold) =>
        aggregateMetric(metric, traces, weights, { threshold, model: judge.model }),
      );
      await context.outcomes.record({ ...key, metric: name, target_id: target.id, failedTraces, ...result });
    }),
  );
}
