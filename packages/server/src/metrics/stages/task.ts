import { z } from "zod";
import { defineStage } from "../stage.ts";

/** What the user wanted. Several metrics need it: judged once per trace and run. */
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
