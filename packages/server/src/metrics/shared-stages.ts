import { z } from "zod";
import { defineStage } from "./stage.ts";

/** What the user wanted. Several metrics need it; it is judged once per trace and run. */
export const taskStage = defineStage({
  name: "task",
  instructions: `
What did the user want from the agent in this trace?

State the task in one to three sentences: the goal, and every condition, constraint and detail that the user gave (names, amounts, dates, formats, things to avoid). Take it from what the user said: the input of the trace, and where the conversation goes on in the trace, what the user asked or changed later. If the input holds earlier turns of a conversation, the task is what the user's last message asks for, understood in the light of those turns.
Do not take over what the agent made of it, what a system prompt asks of the agent in general, or what the agent achieved. If the trace does not show what was wanted, say so: "The trace does not show what the user wanted."
`,
  showsTrace: true,
  placeholder: {},
  schema: z.object({ task: z.string().describe("What the user wanted, with all conditions.") }),
});

/** The agent's plan. Several metrics need it; it is judged once per trace and run. */
export const planStage = defineStage({
  name: "plan",
  instructions: `
What plan did the agent make for the task? List its steps in the order in which the agent planned them.

A plan is what the agent set out to do before or while doing it: a list of steps in a model's answer or reasoning, the output of a planning step, a to-do list, a "plan" in the metadata, or intentions stated in words ("first I will …, then …"). Include only steps that have evidence in the trace as planned, in the agent's own words where they are short enough. If the agent changed its plan, list the plan as it last stood before it was carried out.
Do not make a plan up from the actions taken: an agent that just acts has no plan. A list in the final answer to the user (instructions, an itinerary, a summary of what was done) is not the agent's plan, and neither are rules that a system prompt gives it. If there is no plan, answer with an empty list.
`,
  showsTrace: true,
  placeholder: { task: "… the task, as the stage before found it …" },
  schema: z.object({
    plan: z.array(z.string()).describe("The planned steps in order; empty if there was no plan."),
  }),
});

/** A score in a judge's answer. */
export const scoreSchema = z.number().min(0).max(1).describe("The score, from 0 to 1.");

/** A reason in a judge's answer. */
export const reasonSchema = z
  .string()
  .describe("Why, in at most three sentences of English that name the steps or quotations it rests on.");

/** The answer to most final stages: a score and the reason for it. */
export const scoredSchema = z.object({ score: scoreSchema, reason: reasonSchema });
