import { describeMetric, JudgeError } from "@pandaprobe/contract/rules";
import { z } from "zod";
import type { TraceMetric } from "./metric.ts";
import { type ToolCall, toParameters } from "./reading/tool-call.ts";
import { readToolCalls } from "./reading/tool-calls.ts";
import { readUserInput } from "./reading/user-input.ts";
import { reasonSchema } from "./shared-stages.ts";
import { defineStage } from "./stage.ts";

const argumentCorrectnessExtract = defineStage({
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
  call: z.int().describe('The number of the call, as in "call".'),
  verdict: z.enum(["yes", "no"]).describe("Whether the arguments of this call are correct."),
  reason: reasonSchema.describe(
    "Why, in one sentence of English; for a no: which argument, and what is wrong with it.",
  ),
});

const argumentCorrectnessVerdicts = defineStage({
  name: "argument_correctness.verdicts",
  instructions: `
Were the arguments of each tool call correct? Give one verdict on each call in "tool_calls", and on no other, with its number in "call".

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

type CallVerdict = z.output<typeof verdictSchema>;

interface NumberedCall extends ToolCall {
  readonly call: number;
}

const argumentCorrectnessReason = defineStage({
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
 * The share of tool calls with correct arguments. Asks two questions if the trace states the request and the calls exactly,
 * otherwise three; without calls it asks none or one.
 */
export const argumentCorrectness = {
  ...describeMetric("argument_correctness"),
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
      return { score: 1, reason, metadata: { user_input, verdicts: [] }, notApplicable: "no_tool_calls" };
    }

    const tool_calls = calls.map((call, i) => ({ call: i + 1, ...call }));
    const verdicts = await judgeCalls(tool_calls, (asked) =>
      judge.ask(
        asked === tool_calls ? verdictsStage(tool_calls) : argumentCorrectnessVerdicts,
        subject,
        { user_input, tool_calls: asked },
        signal,
      ),
    );
    if (typeof verdicts === "number") {
      const name = calls[verdicts - 1]?.name;
      throw new JudgeError(
        `The judge ${judge.model} gave no verdict on call ${verdicts} of ${calls.length} (${name}), even when asked for the missing ones only. Retry the run; if it keeps happening, choose a model that is better at structured answers.`,
      );
    }
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
} satisfies TraceMetric;

/**
 * One verdict per call, in order. Models skip some calls when there are many; those are asked for once more.
 *
 * @returns the number of the first call without a verdict, if one is still missing.
 */
async function judgeCalls(
  calls: readonly NumberedCall[],
  ask: (calls: readonly NumberedCall[]) => Promise<{ readonly verdicts: readonly CallVerdict[] }>,
): Promise<Omit<CallVerdict, "call">[] | number> {
  const first = byCall((await ask(calls)).verdicts);
  const missing = calls.filter(({ call }) => !first.has(call));
  const more = missing.length === 0 ? first : byCall((await ask(missing)).verdicts);
  const verdicts: Omit<CallVerdict, "call">[] = [];
  for (const { call } of calls) {
    const given = first.get(call) ?? more.get(call);
    if (given === undefined) return call;
    const { call: _, ...verdict } = given;
    verdicts.push(verdict);
  }
  return verdicts;
}

/** The verdicts by call. A call with contradictory verdicts is dropped. */
function byCall(verdicts: readonly CallVerdict[]): ReadonlyMap<number, CallVerdict> {
  const given = new Map<number, CallVerdict>();
  const contradicted = new Set<number>();
  for (const verdict of verdicts) {
    const before = given.get(verdict.call);
    if (before === undefined) given.set(verdict.call, verdict);
    else if (before.verdict !== verdict.verdict) contradicted.add(verdict.call);
  }
  for (const call of contradicted) given.delete(call);
  return given;
}

/** The stage for all calls of a trace. An answer with no verdict on any of them is invalid. */
function verdictsStage(calls: readonly NumberedCall[]): typeof argumentCorrectnessVerdicts {
  const numbers = new Set(calls.map(({ call }) => call));
  const verdicts = z.array(verdictSchema).refine((given) => given.some(({ call }) => numbers.has(call)), {
    error: "no verdict on any of the calls",
  });
  return { ...argumentCorrectnessVerdicts, schema: z.object({ verdicts }) };
}
