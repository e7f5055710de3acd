import { describeMetric } from "@pandaprobe/contract/rules";
import { z } from "zod";
import type { TraceMetric } from "./metric.ts";
import { reasonSchema, scoreSchema } from "./shared-stages.ts";
import { defineStage } from "./stage.ts";

const taskCompletionExtract = defineStage({
  name: "task_completion.extract",
  instructions: `
Find out two things: what the user wanted ("task"), and what came of it ("outcome").

"task": the goal in one to three sentences, with every condition, constraint and detail that the user gave, from the user's words. If the input holds earlier turns of a conversation, the task is what the user's last message asks for, in the light of those turns. If the trace does not show what was wanted, say so.

"outcome": what the agent did, found, changed, told the user and left undone, as a strictly factual account that a second reader can judge without seeing the trace.
- Report facts, not opinions: no "successfully", "correctly", "as requested", "helpfully" and the like.
- Give the concrete results: the values, names and amounts in the final answer, what each tool that mattered returned, which calls failed and whether a later call made up for it.
- Name each part of the task for which the trace shows no result, and each statement of the agent that no step supports.
- If the agent refused, asked back, handed over to someone else, stopped halfway or ended in an error, say so plainly.
`,
  showsTrace: true,
  placeholder: {},
  schema: z.object({
    task: z.string().describe("What the user wanted, with all conditions."),
    outcome: z.string().describe("What the agent did and what came of it: facts only."),
  }),
});

const taskCompletionScore = defineStage({
  name: "task_completion.score",
  instructions: `
How completely does the outcome accomplish the task? You are given the task and a factual account of the outcome.

Anchors for "verdict":
- 1.0: the task is accomplished perfectly; every part and condition is met.
- 0.75–0.99: accomplished, with minor parts missing or imprecise.
- 0.5–0.74: accomplished in part; something that the user needs is missing or wrong.
- 0.25–0.49: significant gaps; the main goal is not reached, though something useful was done towards it.
- 0–0.24: the task is not addressed, or the result is wrong, empty or an error.

What counts: the result for the user, part by part, against every condition in the task. Effort, politeness and length do not count. An answer that claims a result which the account does not bear out counts as not having it. Asking the user for something that the task truly cannot go on without is partial progress (about 0.5 to 0.7), asking for what was already given is not. A refusal or a handover counts as not accomplished, unless the account shows that the task could not or must not be done and that the user was told why. If the task is unknown, judge whether the outcome is a sensible and complete response to what is known.
`,
  showsTrace: false,
  placeholder: {
    task: "… what the user wanted, as the stage before found it …",
    outcome: "… what the agent did and what came of it, as the stage before found it …",
  },
  schema: z.object({
    verdict: scoreSchema.describe("How completely the task is accomplished, from 0 to 1."),
    reason: reasonSchema,
  }),
});

/** Whether the agent accomplished what the user wanted. Two questions; the second does not show the trace. */
export const taskCompletion = {
  ...describeMetric("task_completion"),
  stages: { extract: taskCompletionExtract, score: taskCompletionScore },
  embeds: false,
  async evaluate(subject, judge, signal) {
    const { task, outcome } = await judge.ask(taskCompletionExtract, subject, {}, signal);
    const { verdict, reason } = await judge.ask(taskCompletionScore, subject, { task, outcome }, signal);
    return { score: verdict, reason, metadata: { task, outcome } };
  },
} satisfies TraceMetric;
