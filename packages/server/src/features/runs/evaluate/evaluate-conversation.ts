import { readConversation } from "../../traces/conversation.ts";
import { judgeTrace } from "./evaluate-trace.ts";
import { failTarget } from "./item-outcome.ts";
import type { EvaluationContext, TargetJob } from "./target-job.ts";

/** Evaluates a session by metrics that read its conversation. Rejects as `evaluateTrace` does. @returns how many traces it has. */
export async function evaluateConversation(
  context: EvaluationContext,
  job: TargetJob,
  metrics: readonly string[],
): Promise<number> {
  const { key, target, panel } = job;
  const conversation = await readConversation(context.db, key.project_id, target.id);
  if (conversation === undefined) {
    await failTarget(context, key, target, "The session was deleted: it no longer has traces.");
    return 0;
  }
  await judgeTrace(context, job, {
    trace: conversation,
    metrics,
    place: null,
    panel,
    record: (metric, outcome) =>
      context.outcomes.record({
        ...key,
        metric,
        target_id: target.id,
        contentHash: conversation.contentHash,
        ...outcome,
      }),
  });
  return conversation.traces;
}
