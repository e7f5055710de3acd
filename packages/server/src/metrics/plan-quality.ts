import { describeMetric } from "@pandaprobe/contract/rules";
import { evaluatePlan, plannedPlaceholder } from "./evaluate-plan.ts";
import type { TraceMetric } from "./metric.ts";
import { planStage, scoredSchema, taskStage } from "./shared-stages.ts";
import { defineStage } from "./stage.ts";

const planQualityScore = defineStage({
  name: "plan_quality.score",
  instructions: `
How good was the agent's plan for its task? You are given both. Judge the plan as a plan, whether or not it was followed and whatever came of it.

What counts:
- Completeness: carried out, it would accomplish the whole task with every condition in it.
- Coherence: the steps follow from each other, in an order in which each has what it needs, without contradictions.
- Optimality: no step is superfluous, and no better way was plainly at hand with the tools there were.
- Detail: each step is concrete enough to act on, without getting lost in trifles.
- Fit: it is a plan for this task and not a general recipe.

Anchors for "score":
- 1.0: complete, coherent, efficient, concrete and made for the task.
- 0.75: good, with a minor gap, a superfluous step or some vagueness.
- 0.5: would accomplish the task only in part, or is vague in what matters.
- 0.25: has serious gaps, contradictions or steps that cannot work.
- 0: would not accomplish the task at all.

A short plan for a simple task can be perfect. Do not demand steps that the task does not need, and judge the plan by what the agent could know when it made it.
`,
  showsTrace: true,
  placeholder: plannedPlaceholder,
  schema: scoredSchema,
});

/** How good the agent's plan was, followed or not. Three questions, the first two shared; without a plan it is 1.0 after two. */
export const planQuality = {
  ...describeMetric("plan_quality"),
  stages: { task: taskStage, plan: planStage, score: planQualityScore },
  embeds: false,
  evaluate: (subject, judge, signal) => evaluatePlan(planQualityScore, subject, judge, signal),
} satisfies TraceMetric;
