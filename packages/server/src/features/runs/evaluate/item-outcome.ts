import { failedMetadata, JudgeError, type ScoreResult } from "@pandaprobe/contract/rules";
import { LedgerError } from "../../../judge/ledger/ledger.ts";
import { UnusableModelError } from "../../../judge/queue/model-queue.ts";
import type { Outcome } from "../outcome.ts";
import { kindOf } from "../target-kinds/target-kinds.ts";
import type { OpenTarget, TargetKey } from "./open-target.ts";
import type { EvaluationContext, TargetJob } from "./target-job.ts";

/**
 * Evaluates a metric and returns its outcome. A judge that cannot answer, or a bug in the metric, gives a failure
 * with a reason.
 *
 * @param about what is evaluated, for the message about a bug.
 */
export async function outcomeOf(
  context: EvaluationContext,
  { target, stop }: TargetJob,
  metric: { readonly name: string; readonly defaultThreshold: number; readonly version?: number | undefined },
  about: { readonly noun: "trace" | "session"; readonly id: string },
  evaluate: (threshold: number) => Promise<ScoreResult> | ScoreResult,
): Promise<Outcome> {
  const threshold = target.thresholds[metric.name] ?? metric.defaultThreshold;
  try {
    const { value, reason, metadata } = await evaluate(threshold);
    return { status: "SUCCESS", value, reason, metadata };
  } catch (error) {
    if (stop.aborted || error instanceof LedgerError) throw error;
    // Every other item would fail the same way, so the run fails once instead.
    if (error instanceof UnusableModelError) throw error;
    const model = target.own.get(metric.name)?.model ?? target.model;
    const scored = { threshold, model, version: metric.version };
    if (error instanceof JudgeError) return failure(error.message, failedMetadata(scored, error.code));
    context.log.error({ err: error, metric: metric.name, [`${about.noun}_id`]: about.id }, "A metric broke.");
    return failure(
      `The metric ${metric.name} failed on this ${about.noun} because of a bug; the server's log has the details. Please report it.`,
      failedMetadata(scored),
    );
  }
}

/** Ends all open items of a target as failed. */
export async function failTarget(
  { outcomes }: EvaluationContext,
  key: TargetKey,
  target: OpenTarget,
  reason: string,
): Promise<void> {
  const kind = kindOf(target.type);
  await Promise.all(
    target.openMetrics.map((metric) => {
      const threshold =
        target.thresholds[metric] ?? kind.resolveMetric(metric, target.own.get(metric)).defaultThreshold;
      const own = target.own.get(metric);
      const model = own?.model ?? target.model;
      const outcome = failure(reason, failedMetadata({ threshold, model, version: own?.version }));
      return outcomes.record({ ...key, metric, target_id: target.id, contentHash: null, ...outcome });
    }),
  );
}

function failure(reason: string, metadata: Outcome["metadata"]): Outcome {
  return { status: "FAILED", value: null, reason, metadata };
}
