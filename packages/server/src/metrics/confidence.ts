import { describeMetric } from "@pandaprobe/contract/rules";
import type { TraceMetric } from "./metric.ts";
import { scoredSchema } from "./shared-stages.ts";
import { defineStage } from "./stage.ts";

export const confidenceScore = defineStage({
  name: "confidence.score",
  instructions: `
How confidently did the agent act, as its behaviour and words in this trace show it? Judge how it went about the task, not whether the result is right.

What counts:
- Decisiveness: it picks a course and follows it; its statements are clear.
- Appropriateness: its confidence fits what it knows. Naming a real limit, or asking for what only the user can know, is appropriate; claiming what nothing supports is not.
- Consistency: what it says and does at one point agrees with what it says and does at another.

What lowers the score: hedging without a reason ("might", "I think", "not sure"), contradictions, needless retries, identical calls repeated, strategies begun and abandoned, apologies in a row, asking for confirmation of what was already said, vague or evasive answers, giving up.

Anchors for "score":
- 1.0: decisive, appropriate and consistent throughout.
- 0.75: mostly so; slight hedging or one unneeded retry.
- 0.5: mixed: noticeable hesitation, several retries, or one change of course without a reason.
- 0.25: mostly uncertain, contradictory or going in circles.
- 0: lost: no course at all, contradicting itself, or giving up.

A retry after an error from outside, or a change of course that a new result calls for, is not a lack of confidence.
`,
  showsTrace: true,
  placeholder: {},
  schema: scoredSchema,
});

/** How decisively, appropriately and consistently the agent acted. One question. */
export const confidence = {
  ...describeMetric("confidence"),
  stages: { score: confidenceScore },
  embeds: false,
  async evaluate(subject, judge, signal) {
    const { score, reason } = await judge.ask(confidenceScore, subject, {}, signal);
    return { score, reason, metadata: {} };
  },
} satisfies TraceMetric;
