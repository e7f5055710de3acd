import { z } from "zod";
import type { TraceMetric } from "./metric.ts";
import { type ToolCall, toParameters } from "./reading/tool-call.ts";
import { readToolCalls } from "./reading/tool-calls.ts";
import { readUserInput } from "./reading/user-input.ts";
import { defineStage } from "./stage.ts";
import { reasonSchema } from "./stages/scored.ts";
import { DEFAULT_THRESHOLD } from "./threshold.ts";

export const argumentCorrectnessExtract = defineStage({
  name: "argument_correctness.extract",
  instructions: `
Read two things off the trace, exactly as it states them and without judging:

"user_input": what the user asked for, in the user's words (the last message of the user that the agent had to answer).
"tool_calls": every call of a tool that the trace shows, in order, repeated calls included: the tool's name, its parameters as JSON text, and the agent's reasoning for the call in its own words (empty if the trace does not give any). A tool is anything that the agent invoked beyond its own model. Calls may be recorded as steps, in messages or as text ("Action: …"). A call that repeats in the history of a later model call is one call.

If there are no tool calls, leave the list empty.
`,
  showsTrace: true,
  placeholder: {},
  schema: z.object({
    user_input: z.string().describe("What the user asked for."),
    tool_calls: z.array(
      z.object({
        name: z.string(),
        parameters: z.string().describe("The parameters of the call as JSON text."),
        reasoning: z.string().describe("Why the agent made the call, in its own words; empty if not stated."),
      }),
    ),
  }),
});

const verdictSchema = z.object({
  verdict: z.enum(["yes", "no"]).describe("Whether the arguments of this call are correct."),
  reason: reasonSchema.describe(
    "Why, in one sentence of English; for a no: which argument, and what is wrong with it.",
  ),
});

export const argumentCorrectnessVerdicts = defineStage({
  name: "argument_correctness.verdicts",
  instructions: `
Were the arguments of each tool call correct? Give one verdict per call in "tool_calls", in the same order and exactly as many ("call" numbers them).

"yes": every argument follows from what the agent knew at that point (the user's words, earlier results, its instructions), is right for the purpose of the call, and fits the tool's declared parameters, where the trace declares them: required ones present, types and allowed values respected. A reasonable default for what nobody specified is correct.
"no": an argument is wrong, made up, mixed up, badly formatted, contradicts the user or an earlier result, or one that was needed is missing.

Judge the arguments alone: not whether this was the right tool, nor whether the call was needed. An error in the result speaks against the arguments only if they caused it. What you cannot check against anything in the trace, and nothing speaks against, is "yes". The stated reasoning of the agent explains what a call was for; it does not make wrong arguments right.
`,
  showsTrace: true,
  placeholder: {
    user_input: "… what the user asked for …",
    tool_calls: [
      {
        call: 1,
        name: "… the tool …",
        parameters: { "…": "… its parameters …" },
        reasoning: "… why the agent made the call, where the trace says …",
      },
    ],
  } as { user_input: string; tool_calls: readonly NumberedCall[] },
  schema: z.object({ verdicts: z.array(verdictSchema) }),
});

interface NumberedCall extends ToolCall {
  readonly call: number;
}

export const argumentCorrectnessReason = defineStage({
  name: "argument_correctness.reason",
  instructions: `
The arguments of an agent's tool calls were judged one by one. Sum the verdicts up as the reason for the score, which is the share of "yes".

Say in at most three sentences what was wrong with which calls, the gravest first, or, if all are "yes", what the arguments got right. Name tools and arguments. Do not judge anew and add nothing that the verdicts do not say.
`,
  showsTrace: false,
  placeholder: {
    user_input: "… what the user asked for …",
    score: 1,
    verdicts: [{ name: "… the tool …", verdict: "yes", reason: "… why …" }],
  } as {
    user_input: string;
    score: number;
    verdicts: readonly { name: string; verdict: "yes" | "no"; reason: string }[];
  },
  schema: z.object({ reason: reasonSchema }),
});

/**
 * The share of tool calls with correct arguments. Two questions where the trace states request and calls exactly, else
 * three; none or one where there are no calls.
 */
export const argumentCorrectness: TraceMetric = {
  name: "argument_correctness",
  description: "Evaluates whether the agent passed correct arguments to the tools it called.",
  defaultThreshold: DEFAULT_THRESHOLD,
  stages: {
    extract: argumentCorrectnessExtract,
    verdicts: argumentCorrectnessVerdicts,
    reason: argumentCorrectnessReason,
  },
  embeds: false,
  async evaluate(subject, judge, signal) {
    const exactInput = readUserInput(subject.trace);
    const exactCalls = readToolCalls(subject.trace);
    const exact = exactInput !== undefined && exactCalls !== undefined;
    const asked = exact ? undefined : await judge.ask(argumentCorrectnessExtract, subject, {}, signal);
    const user_input = exactInput ?? asked?.user_input ?? "";
    const calls =
      exactCalls ??
      asked?.tool_calls.map((call) => ({ ...call, parameters: toParameters(call.parameters) })) ??
      [];
    if (calls.length === 0) {
      const reason = `${judge.model} had nothing to judge: the trace shows no tool calls.`;
      return { score: 1, reason, metadata: { user_input, verdicts: [] } };
    }

    const tool_calls = calls.map((call, i) => ({ call: i + 1, ...call }));
    const { verdicts } = await judge.ask(
      verdictsStage(calls.length),
      subject,
      { user_input, tool_calls },
      signal,
    );
    const score = verdicts.filter(({ verdict }) => verdict === "yes").length / verdicts.length;
    const named = verdicts.map((verdict, i) => ({ name: calls[i]?.name ?? "", ...verdict }));
    const { reason } = await judge.ask(
      argumentCorrectnessReason,
      subject,
      { user_input, score, verdicts: named },
      signal,
    );
    return { score, reason, metadata: { user_input, verdicts } };
  },
};

/** The stage for a number of calls: an answer with more or fewer verdicts is not a valid one. */
function verdictsStage(calls: number): typeof argumentCorrectnessVerdicts {
  return {
    ...argumentCorrectnessVerdicts,
    schema: z.object({ verdicts: z.array(verdictSchema).length(calls) }),
  };
}
