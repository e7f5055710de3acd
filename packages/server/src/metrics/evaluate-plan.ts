import type { MetricResult } from "@pandaprobe/contract/rules";
import type { Judge } from "./judge.ts";
import { planStage, taskStage } from "./shared-stages.ts";
import type { Stage } from "./stage.ts";
import type { Subject } from "./subject.ts";

/** The input of the score stages of both plan metrics. */
export interface Planned extends Readonly<Record<string, unknown>> {
  readonly task: string;
  readonly plan: readonly string[];
}

/** The placeholder for `Planned` in previews. */
export const plannedPlaceholder: Planned = {
  task: "… the task, as an earlier stage found it …",
  plan: ["… the planned steps in order, as the stage before found them …"],
};

/** Evaluates a plan metric: finds the task and the plan (stages that both metrics share), then asks `scoreStage` about them. */
export async function evaluatePlan(
  scoreStage: Stage<Planned, { score: number; reason: string }>,
  subject: Subject,
  judge: Judge,
  signal: AbortSignal,
): Promise<MetricResult> {
  const { task } = await judge.ask(taskStage, subject, {}, signal);
  const { plan } = await judge.ask(planStage, subject, { task }, signal);
  const metadata = { task, plan };
  if (plan.length === 0) {
    const reason = `${judge.model} found no plan in the trace, so there was nothing to compare the agent's steps with.`;
    return { score: 1, reason, metadata, notApplicable: "no_plan" };
  }
  const { score, reason } = await judge.ask(scoreStage, subject, metadata, signal);
  return { score, reason, metadata };
}
