import { z } from "zod";
import { defineStage } from "../stage.ts";

/** The plan that the agent made. Several metrics need it: judged once per trace and run. */
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
