import { failedMetadata } from "@pandaprobe/contract/rules";
import { kindOf } from "../target-kinds/target-kinds.ts";
import type { OpenTarget, TargetKey } from "./open-target.ts";
import type { EvaluationContext } from "./target-job.ts";

/** Ends everything that is left of a target as failed. */
export async function failTarget(
  { outcomes }: EvaluationContext,
  key: TargetKey,
  target: OpenTarget,
  reason: string,
): Promise<void> {
  const kind = kindOf(target.type);
  await Promise.all(
    target.openMetrics.map((name) => {
      const threshold = target.thresholds[name] ?? kind.resolveMetric(name).defaultThreshold;
      return outcomes.record({
        ...key,
        metric: name,
        target_id: target.id,
        status: "FAILED",
        value: null,
        reason,
        metadata: failedMetadata({ threshold, model: target.model }),
      });
    }),
  );
}
