import { isRecord, parsed } from "./json-values.ts";
import { systemMessages, toMessages } from "./messages.ts";
import type { OtelEvent } from "./otel-span.ts";

/** The messages in a span's events, where older conventions put them. */
export interface EventMessages {
  readonly input: readonly unknown[];
  readonly output: readonly unknown[];
}

export function eventMessages(events: readonly OtelEvent[]): EventMessages {
  const messages = events.filter(holdsMessages).map(({ name, attributes = {} }) => {
    // The body of a log event becomes one attribute when it is attached to a span.
    const body = parsed(attributes["gen_ai.event.content"]);
    const role = /^gen_ai\.(system|user|assistant|tool)\.message$/.exec(name)?.[1];
    const fields = isRecord(body) ? body : attributes;
    if (role !== undefined) return { input: toMessages({ role, ...fields }), output: [] };
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

/** Whether an event is part of the conversation, and so not kept among the events. */
export function holdsMessages({ name }: OtelEvent): boolean {
  return /^gen_ai\.(?:(?:system|user|assistant|tool)\.message|choice|content\.(?:prompt|completion)|client\.inference\.operation\.details)$/.test(
    name,
  );
}

function choice(fields: Readonly<Record<string, unknown>>): unknown {
  const { index: _, message, ...rest } = fields;
  const said = parsed(message);
  return {
    role: "assistant",
    ...rest,
    ...(isRecord(said) ? said : message === undefined ? {} : { content: message }),
  };
}
