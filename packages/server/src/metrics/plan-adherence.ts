import { describeMetric } from "@pandaprobe/contract/rules";
import { evaluatePlan, plannedPlaceholder } from "./evaluate-plan.ts";
import type { TraceMetric } from "./metric.ts";
import { planStage, scoredSchema, taskStage } from "./shared-stages.ts";
import { defineStage } from "./stage.ts";

const planAdherenceScore = defineStage({
  name: "plan_adherence.score",
  instructions: `
Did the agent do what it had planned? You are given its plan; compare it with the steps of the trace.

What counts:
- Each planned step was carried out: a step of the trace or a part of the answer shows it.
- The steps were carried out in the planned order, where the order matters.
- Nothing of weight was done that the plan did not foresee.

Anchors for "score":
- 1.0: every planned step was carried out, in order, without extras.
- 0.75: all steps that matter; a small one left out, swapped or added.
- 0.5: about half of the plan was carried out, or all of it with considerable departures.
- 0.25: most of the plan was not carried out.
- 0: what was done has nothing to do with the plan.

Judge the adherence, not whether the plan was good. A departure that the agent explains by a new result or an error, or that the user asked for, weighs less than one without a reason. Preparing or reporting a planned step is part of it, not an extra. That the agent says it did a step is no evidence, if it needed an action that no step shows.
`,
  showsTrace: true,
  placeholder: plannedPlaceholder,
  schema: scoredSchema,
});

/** Whether the agent carried out its plan. Three questions, the first two shared; without a plan it is 1.0 after two. */
export const planAdherence = {
  ...describeMetric("plan_adherence"),
  stages: { task: taskStage, plan: planStage, score: planAdherenceScore },
  embeds: false,
  evaluate: (subject, judge, signal) => evaluatePlan(planAdherenceScore, subject, judge, signal),
} satisfies TraceMetric;
