import { describeMetric } from "@pandaprobe/contract/rules";
import type { TraceMetric } from "./metric.ts";
import { scoredSchema, taskStage } from "./shared-stages.ts";
import { defineStage } from "./stage.ts";

const stepEfficiencyScore = defineStage({
  name: "step_efficiency.score",
  instructions: `
Did the agent reach what it reached without wasted steps? Judge the path, not the result: a failed task can have been attempted efficiently, and a solved one wastefully.

What costs points:
- Redundant steps: fetching or computing what was already known.
- Duplicate steps: the same call or question again with nothing new to gain. A retry of something that failed for a temporary reason, or with something changed, is not a duplicate.
- Speculative steps: exploring what the task did not ask for, "just in case".
- Verbose steps: long deliberation, repeated restating, many steps where one that was available would do, output far beyond the need.
- Detours: strategies begun and dropped, work thrown away.

Anchors for "score":
- 1.0: every step contributed to the task; none could be left out or merged with what the agent had at hand.
- 0.75: one or two minor unneeded steps.
- 0.5: noticeable waste: about a third of the steps could have been left out.
- 0.25: most steps were wasted.
- 0: a loop or aimless activity; practically no step contributed.

Checks that the task or the agent's rules call for (confirmations, validations, looking something up before changing it) are needed steps. Spans that merely wrap others (an agent around its model calls) are not steps of their own. Do not punish a long path as such: judge each step by whether the task needed it.
`,
  showsTrace: true,
  placeholder: { task: "… the task, as the stage before found it …" },
  schema: scoredSchema,
});

/** How few steps were wasted. Two questions, the first shared with the plan metrics. */
export const stepEfficiency = {
  ...describeMetric("step_efficiency"),
  stages: { extract: taskStage, score: stepEfficiencyScore },
  embeds: false,
  async evaluate(subject, judge, signal) {
    const { task } = await judge.ask(taskStage, subject, {}, signal);
    const { score, reason } = await judge.ask(stepEfficiencyScore, subject, { task }, signal);
    return { score, reason, metadata: { task } };
  },
} satisfies TraceMetric;
