import type { Span, Trace } from "../trace.ts";
import { isRecord, parseIfJson } from "./json.ts";
import { readMessageCalls } from "./message-calls.ts";
import { readMessages } from "./messages.ts";
import { oncePerTrace } from "./once-per-trace.ts";
import { type ToolCall, toParameters } from "./tool-call.ts";

/**
 * The tool calls of a trace, in the order they were made: its TOOL spans, or else the calls in the messages of its model
 * calls. Undefined if the trace has neither but contains text that could describe calls.
 */
export const readToolCalls = oncePerTrace((trace): readonly ToolCall[] | undefined => {
  const toolSpans = trace.spans.filter((span) => span.kind === "TOOL");
  const inMessages = readMessageCalls(trace);
  if (toolSpans.length > 0) {
    return withReasoning([...toolSpans.map(readToolSpan), ...callsOfTheClient(trace)], inMessages);
  }
  if (inMessages.length > 0) return inMessages;
  return onlySpeaksInMessages(trace) ? [] : undefined;
});

/** The call that a TOOL span records. */
export function readToolSpan(span: Span): ToolCall {
  const reasoning = ["reasoning", "thought", "rationale"]
    .map((key) => span.metadata[key])
    .find((value) => typeof value === "string");
  return {
    ...(envelope(span.input) ?? { name: span.name, parameters: toParameters(span.input) }),
    reasoning: reasoning ?? "",
  };
}

const ENVELOPE_KEYS = new Set([
  "id",
  "type",
  "name",
  "arguments",
  "args",
  "parameters",
  "call_id",
  "tool_call_id",
]);

/** Reads the input of a TOOL span that recorded the whole call, `{ name, arguments }`, instead of just the arguments. */
function envelope(input: unknown): Pick<ToolCall, "name" | "parameters"> | undefined {
  if (!isRecord(input) || typeof input["name"] !== "string" || input["name"] === "") return undefined;
  if (!Object.keys(input).every((key) => ENVELOPE_KEYS.has(key))) return undefined;
  const parameters = parseIfJson(input["arguments"] ?? input["args"] ?? input["parameters"]);
  return isRecord(parameters) ? { name: input["name"], parameters } : undefined;
}

/** The calls of the last model call that were not executed here, because the client has these tools. */
function callsOfTheClient(trace: Trace): readonly ToolCall[] {
  const index = trace.spans.findLastIndex((span) => span.kind === "LLM");
  const modelCall = trace.spans[index];
  if (modelCall === undefined) return [];
  const executed = trace.spans
    .slice(index)
    .filter((span) => span.kind === "TOOL")
    .map((span) => readToolSpan(span).name);
  const calls = readMessages(modelCall.output).flatMap((message) =>
    message.calls.map(({ name, parameters }) => ({ name, parameters, reasoning: message.text })),
  );
  const open = calls.filter(({ name }) => {
    const at = executed.indexOf(name);
    if (at !== -1) executed.splice(at, 1);
    return at === -1;
  });
  // Spans that match no call may have other names for the same tools.
  return executed.length > 0 ? [] : open;
}

/** Adds the reasoning from the message that requested each call. */
function withReasoning(calls: readonly ToolCall[], asked: readonly ToolCall[]): readonly ToolCall[] {
  if (asked.length === 0) return calls;
  const reasons = new Map(asked.map((call) => [keyOf(call), call.reasoning]));
  return calls.map((call) =>
    call.reasoning === "" ? { ...call, reasoning: reasons.get(keyOf(call)) ?? "" } : call,
  );
}

function keyOf(call: ToolCall): string {
  return `${call.name} ${JSON.stringify(call.parameters)}`;
}

/** Whether everything that the models answered is readable as messages, so that no call can be hidden in plain text. */
function onlySpeaksInMessages(trace: Trace): boolean {
  const modelCalls = trace.spans.filter((span) => span.kind === "LLM");
  return modelCalls.length > 0 && modelCalls.every((span) => readMessages(span.output).length > 0);
}
