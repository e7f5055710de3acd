import { memoizeJudge } from "../../metrics/memoize-judge.ts";
import { renderSubject } from "../../metrics/subject.ts";
import { readTraces } from "../traces/read-traces.ts";
import { allEnded } from "./all-ended.ts";
import { failTarget } from "./fail-target.ts";
import { judgeMetric } from "./judge-metric.ts";
import { resolveTraceMetric } from "./run-metrics.ts";
import type { EvaluationContext, TargetJob } from "./target-job.ts";

/** Judges what is left of a trace. Rejects only where a pair has not ended: the process is stopping, or the database does not answer. */
export async function evaluateTrace(context: EvaluationContext, job: TargetJob): Promise<void> {
  const { key, target } = job;
  const [trace] = await readTraces(context.db, key.project_id, [target.id]);
  if (trace === undefined) return failTarget(context, key, target, "The trace was deleted.");
  const judge = memoizeJudge(job.judge);
  const subject = renderSubject(trace, judge.maxTraceChars);
  await allEnded(
    target.openMetrics.map(async (name) => {
      const result = await judgeMetric(context, job, resolveTraceMetric(name), { judge, subject });
      await context.outcomes.record({ ...key, metric: name, target_id: target.id, ...result });
    }),
  );
}
