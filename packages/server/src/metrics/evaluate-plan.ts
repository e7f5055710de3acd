import type { Judge } from "./judge.ts";
import type { Verdict } from "./metric.ts";
import type { Stage } from "./stage.ts";
import { planStage } from "./stages/plan.ts";
import type { Planned } from "./stages/planned.ts";
import { taskStage } from "./stages/task.ts";
import type { Subject } from "./subject.ts";

/** The way of both plan metrics: find the task and the plan (shared questions), then ask `scoreStage` about them. */
export async function evaluatePlan(
  scoreStage: Stage<Planned, { score: number; reason: string }>,
  subject: Subject,
  judge: Judge,
  signal: AbortSignal,
): Promise<Verdict> {
  const { task } = await judge.ask(taskStage, subject, {}, signal);
  const { plan } = await judge.ask(planStage, subject, { task }, signal);
  const metadata = { task, plan };
  if (plan.length === 0) {
    const reason = `${judge.model} found no plan in the trace, so there was none to hold the agent to.`;
    return { score: 1, reason, metadata };
  }
  const { score, reason } = await judge.ask(scoreStage, subject, metadata, signal);
  return { score, reason, metadata };
}
