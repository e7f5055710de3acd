import { isRecord, parsed } from "./json-values.ts";
import { systemMessages, toMessages, toToolCall } from "./messages.ts";
import type { OtelEvent } from "./otel-span.ts";

/** The messages in a span's events, where older conventions put them. */
export interface EventMessages {
  readonly input: readonly unknown[];
  readonly output: readonly unknown[];
}

export function eventMessages(events: readonly OtelEvent[]): EventMessages {
  const messages = events
    .filter(({ name }) => holdsMessages(name))
    .map(({ name, attributes = {} }) => {
      // The body of a log event becomes one attribute when it is attached to a span.
      const body = parsed(attributes["gen_ai.event.content"]);
      const role = /^gen_ai\.(system|user|assistant|tool)\.message$/.exec(name)?.[1];
      const fields = isRecord(body) ? body : attributes;
      if (role !== undefined) return { input: toMessages(said(role, fields)), output: [] };
      if (name === "gen_ai.choice") return { input: [], output: toMessages(choice(fields)) };
      return {
        input: [
          ...systemMessages(parsed(attributes["gen_ai.system_instructions"])),
          ...toMessages(parsed(attributes["gen_ai.input.messages"] ?? attributes["gen_ai.prompt"])),
        ],
        output: toMessages(parsed(attributes["gen_ai.output.messages"] ?? attributes["gen_ai.completion"])),
      };
    });
  return { input: messages.flatMap(({ input }) => input), output: messages.flatMap(({ output }) => output) };
}

/** Whether an event of this name is part of the conversation, and so not kept among the events. */
export function holdsMessages(name: string): boolean {
  return /^gen_ai\.(?:(?:system|user|assistant|tool)\.message|choice|content\.(?:prompt|completion)|client\.inference\.operation\.details)$/.test(
    name,
  );
}

type Fields = Readonly<Record<string, unknown>>;

function choice({ index: _, message, ...rest }: Fields): unknown {
  const inner = parsed(message);
  return said("assistant", {
    ...rest,
    ...(isRecord(inner) ? inner : message === undefined ? {} : { content: message }),
  });
}

/** A message as the attributes of newer conventions have it: with parsed arguments and results. */
function said(role: string, { tool_calls: calls, id, ...fields }: Fields): Fields {
  const list = parsed(calls);
  return {
    role,
    ...fields,
    ...(role === "tool" && "content" in fields ? { content: parsed(fields["content"]) } : {}),
    ...(id === undefined ? {} : { [role === "tool" ? "tool_call_id" : "id"]: id }),
    ...(calls === undefined ? {} : { tool_calls: Array.isArray(list) ? list.map(withArguments) : calls }),
  };
}

function withArguments(call: unknown): unknown {
  const { function: called } = isRecord(call) ? call : {};
  return isRecord(call) && isRecord(called)
    ? toToolCall({ id: call["id"], name: called["name"], arguments: called["arguments"] })
    : call;
}
