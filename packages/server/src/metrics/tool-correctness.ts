import { describeMetric } from "@pandaprobe/contract/rules";
import { z } from "zod";
import type { TraceMetric } from "./metric.ts";
import { readAvailableTools } from "./reading/available-tools.ts";
import { toParameters } from "./reading/tool-call.ts";
import { readToolCalls } from "./reading/tool-calls.ts";
import { readUserInput } from "./reading/user-input.ts";
import { scoredSchema } from "./shared-stages.ts";
import { defineStage } from "./stage.ts";

const toolCorrectnessExtract = defineStage({
  name: "tool_correctness.extract",
  instructions: `
Read three things off the trace, exactly as it states them and without judging:

"user_input": what the user asked for, in the user's words (the last message of the user that the agent had to answer).
"tools_called": every call of a tool that the trace shows, in order, repeated calls included: the tool's name and its parameters as JSON text. A tool is anything that the agent invoked beyond its own model: functions, APIs, searches, retrievers, other agents. Calls may be recorded as steps, in messages or as text ("Action: …"). A call that repeats in the history of a later model call is one call.
"available_tools": every tool that the trace says the agent could have called (in tool declarations, a system prompt or the metadata), with its description, or an empty one if there is none.

Leave a list empty if the trace shows nothing for it.
`,
  showsTrace: true,
  placeholder: {},
  schema: z.object({
    user_input: z.string().describe("What the user asked for."),
    tools_called: z.array(
      z.object({
        name: z.string(),
        parameters: z.string().describe("The parameters of the call as JSON text."),
      }),
    ),
    available_tools: z.array(z.object({ name: z.string(), description: z.string() })),
  }),
});

const toolCorrectnessScore = defineStage({
  name: "tool_correctness.score",
  instructions: `
Did the agent choose the right tools for what the user asked? Judge the selection of tools, not the values of their parameters and not the wording of the answer.

What counts:
- Correct selection: each tool called fits the purpose it was called for, by its name and description.
- Under-use: a tool that was available and needed was not called; the agent guessed, made up or gave up on what a tool would have told or done.
- Over-use: calls that the task did not need, and calls repeated with nothing new to gain.
- Mis-selection: a tool was called where another available one was the right one, or one that does not exist.

Anchors for "score":
- 1.0: every needed tool was called and no other. Also: no tool was needed and none was called.
- 0.75: the right tools, with a superfluous call or a slightly unfit choice that did no harm.
- 0.5: some of the right tools; a needed one missing, or several superfluous or unfit ones.
- 0.25: mostly wrong or missing tools; what was needed was hardly served.
- 0: the tools called have nothing to do with the task, or none was called where the task could not be done without.

A retry after an error is not over-use if something was changed or the error was temporary. If the list of available tools is empty, it is unknown what else there was: judge the calls that were made, and do not suppose tools that the trace does not mention.
`,
  showsTrace: true,
  placeholder: {
    user_input: "… what the user asked for …",
    tools_called: [{ name: "… the tool …", parameters: { "…": "… its parameters …" } }],
    available_tools: [
      { name: "… a tool that the agent could have called …", description: "… its description …" },
    ],
  } as {
    user_input: string;
    tools_called: readonly { name: string; parameters: Readonly<Record<string, unknown>> }[];
    available_tools: readonly { name: string; description: string }[];
  },
  schema: scoredSchema,
});

/**
 * Whether the agent chose the right tools. One question if the trace states the request and the calls exactly, otherwise two;
 * one fewer if there are neither calls nor tools.
 */
export const toolCorrectness = {
  ...describeMetric("tool_correctness"),
  stages: { extract: toolCorrectnessExtract, score: toolCorrectnessScore },
  embeds: false,
  async evaluate(subject, judge, signal) {
    const userInput = readUserInput(subject.trace);
    const calls = readToolCalls(subject.trace)?.map(({ name, parameters }) => ({ name, parameters }));
    const tools = readAvailableTools(subject.trace).map(({ name, description }) => ({ name, description }));
    const exact = userInput !== undefined && calls !== undefined;
    const asked = exact ? undefined : await judge.ask(toolCorrectnessExtract, subject, {}, signal);
    const found = {
      user_input: userInput ?? asked?.user_input ?? "",
      tools_called:
        calls ??
        asked?.tools_called.map((call) => ({ name: call.name, parameters: toParameters(call.parameters) })) ??
        [],
      available_tools: tools.length > 0 ? tools : (asked?.available_tools ?? []),
    };
    if (found.tools_called.length === 0 && found.available_tools.length === 0) {
      const reason = `${judge.model} had nothing to judge: the trace shows no tool calls and no available tools.`;
      return { score: 1, reason, metadata: found, notApplicable: "no_tools" };
    }
    const { score, reason } = await judge.ask(toolCorrectnessScore, subject, found, signal);
    return { score, reason, metadata: found };
  },
} satisfies TraceMetric;
