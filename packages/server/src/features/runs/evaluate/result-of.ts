import { failedMetadata, JudgeError, type ScoreResult } from "@pandaprobe/contract/rules";
import { LedgerError } from "../../../judge/ledger/ledger.ts";
import { UnusableModelError } from "../../../judge/queue/model-queue.ts";
import type { Result } from "../outcome.ts";
import type { EvaluationContext, TargetJob } from "./target-job.ts";

/**
 * What comes of an evaluation; a judge that cannot answer, or a metric that breaks, makes it a failure with a reason.
 *
 * @param about what is evaluated, to be named where the metric breaks.
 */
export async function resultOf(
  context: EvaluationContext,
  { target, judge, stop }: TargetJob,
  metric: { readonly name: string; readonly defaultThreshold: number },
  about: { readonly noun: "trace" | "session"; readonly id: string },
  evaluate: (threshold: number) => Promise<ScoreResult> | ScoreResult,
): Promise<Result> {
  const threshold = target.thresholds[metric.name] ?? metric.defaultThreshold;
  try {
    const { value, reason, metadata } = await evaluate(threshold);
    return { status: "SUCCESS", value, reason, metadata };
  } catch (error) {
    if (stop.aborted || error instanceof LedgerError) throw error;
    // Every other pair would fail the same way: the run fails instead, once.
    if (error instanceof UnusableModelError) throw error;
    const failed = { status: "FAILED", value: null } as const;
    const scored = { threshold, model: judge.model };
    if (error instanceof JudgeError) {
      return { ...failed, reason: error.message, metadata: failedMetadata(scored, error.code) };
    }
    context.log.error({ err: error, metric: metric.name, [`${about.noun}_id`]: about.id }, "A metric broke.");
    const reason = `The metric ${metric.name} broke on this ${about.noun}; the server's log says how. This is a bug, please report it.`;
    return { ...failed, reason, metadata: failedMetadata(scored) };
  }
}
