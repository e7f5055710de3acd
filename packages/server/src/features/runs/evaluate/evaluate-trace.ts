import { readStoredTraces } from "../../traces/stored-trace.ts";
import { failTarget } from "./fail-target.ts";
import { judgeTrace } from "./judge-trace.ts";
import type { EvaluationContext, TargetJob } from "./target-job.ts";

/** Judges what is left of a trace. Rejects only where a pair has not ended: the process is stopping, or the database does not answer. */
export async function evaluateTrace(context: EvaluationContext, job: TargetJob): Promise<void> {
  const { key, target, judge } = job;
  const [trace] = await readStoredTraces(context.db, key.project_id, [target.id]);
  if (trace === undefined) return failTarget(context, key, target, "The trace was deleted.");
  await judgeTrace(context, job, {
    trace,
    metrics: target.openMetrics,
    place: null,
    judge,
    record: (metric, result) => context.outcomes.record({ ...key, metric, target_id: target.id, ...result }),
  });
}
