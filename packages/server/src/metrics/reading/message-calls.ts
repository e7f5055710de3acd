import type { Trace } from "../trace.ts";
import type { Message, MessageCall } from "./message.ts";
import { readMessages } from "./messages.ts";
import type { ToolCall } from "./tool-call.ts";

/** What a model was shown, and what it answered. */
interface Exchange {
  readonly input: readonly Message[];
  readonly output: readonly Message[];
}

/**
 * The tool calls in the messages of a trace, in the order they were made.
 *
 * Model calls repeat the conversation so far, so one call is seen many times. The n-th occurrence of a call (name and
 * arguments) within a conversation is the same event in every conversation that has it. Calls before the user's last message
 * in the initial input were made in earlier turns and do not count.
 */
export function readMessageCalls(trace: Trace): readonly ToolCall[] {
  const exchanges = [trace, ...trace.spans.filter((span) => span.kind !== "TOOL")].map(
    ({ input, output }) => ({
      input: readMessages(input),
      output: readMessages(output),
    }),
  );
  const earlier = earlierTurns(exchanges);
  const seen = new Map<string, Map<number, ToolCall>>();
  const seenIds = new Set<string>();
  const ordered: ToolCall[] = [];

  const note = ({ key, id, ...call }: StatedCall, nth: number): void => {
    if (id !== null) seenIds.add(id);
    const occurrences = seen.get(key) ?? new Map<number, ToolCall>();
    seen.set(key, occurrences);
    if (nth <= (earlier.get(key) ?? 0) || occurrences.has(nth)) return;
    occurrences.set(nth, call);
    ordered.push(call);
  };

  for (const exchange of exchanges) {
    const remembers = exchange.input.some(
      (message) => message.role === "assistant" || message.role === "tool",
    );
    const asked = statedCalls(exchange.input);
    const answered = statedCalls(exchange.output);
    if (!remembers && !isWholeConversation(exchange.output)) {
      // The model was not shown its earlier calls, so every call in its answer is a new one.
      for (const call of answered) {
        const before = (earlier.get(call.key) ?? 0) + (seen.get(call.key)?.size ?? 0);
        if (call.id === null || !seenIds.has(call.id)) note(call, before + 1);
      }
      continue;
    }
    const conversation = isWholeConversation(exchange.output) ? answered : [...asked, ...answered];
    const nth = new Map<string, number>();
    for (const call of conversation) {
      const n = (nth.get(call.key) ?? 0) + 1;
      nth.set(call.key, n);
      note(call, n);
    }
  }
  return ordered;
}

interface StatedCall extends ToolCall {
  readonly key: string;
  readonly id: string | null;
}

function statedCalls(messages: readonly Message[]): StatedCall[] {
  return messages.flatMap((message) => message.calls.map((call) => stated(call, message)));
}

function stated({ id, name, parameters }: MessageCall, message: Message): StatedCall {
  return { id, name, parameters, reasoning: message.text, key: `${name} ${JSON.stringify(parameters)}` };
}

/** An output that contains user messages is the state of the whole conversation, not just an answer. */
function isWholeConversation(output: readonly Message[]): boolean {
  return output.some((message) => message.role === "user");
}

/** The calls before the user's last message in the input of the trace and of its first model call, counted. */
function earlierTurns([root, ...steps]: readonly Exchange[]): Map<string, number> {
  const beginnings = [root?.input ?? [], steps.find(({ input }) => input.length > 0)?.input ?? []];
  const [atRoot, atStep] = beginnings.map((messages) => {
    const lastRequest = messages.findLastIndex((message) => message.role === "user");
    return count(statedCalls(messages.slice(0, Math.max(0, lastRequest))));
  });
  const earlier = new Map(atRoot);
  for (const [key, n] of atStep ?? []) earlier.set(key, Math.max(n, earlier.get(key) ?? 0));
  return earlier;
}

function count(calls: readonly StatedCall[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key } of calls) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
