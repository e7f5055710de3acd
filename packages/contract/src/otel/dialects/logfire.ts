import type { Dialect, Kind } from "../dialect.ts";
import { isRecord } from "../json-values.ts";
import { lastTurn, toMessages } from "../messages.ts";

/** Pydantic AI and Logfire. Their model calls follow the GenAI conventions; agents and tools have their own names. */
export const logfire: Dialect = {
  families: [
    "agent_name",
    "all_messages_events",
    "events",
    "final_result",
    "logfire",
    "pydantic_ai",
    "tool_arguments",
    "tool_response",
  ],
  kind(attributes, { name }): Kind | undefined {
    if (attributes.has("agent_name") || name === "agent run") return "AGENT";
    if (attributes.has("tool_arguments") || name === "running tool") return "TOOL";
    return /^running \d* ?tools?$/.test(name) ? "CHAIN" : undefined;
  },
  read(attributes, _span, kind) {
    const all = attributes.value("pydantic_ai.all_messages") ?? attributes.value("all_messages_events");
    const messages = fromEvents(all);
    // The question to the agent comes after its memory.
    const newFrom = attributes.number("pydantic_ai.new_message_index");
    const turn = newFrom === undefined ? lastTurn(messages) : toMessages(listOf(all).slice(newFrom));
    const [request, ...rest] = turn.filter((message) => roleOf(message) !== "system");
    const events = fromEvents(attributes.value("events"));
    const isAnswer = roleOf(events.at(-1)) === "assistant";
    const result = attributes.value("final_result");
    for (const noise of ["logfire.json_schema", "logfire.msg", "logfire.msg_template"])
      attributes.text(noise);
    return {
      agent: kind === "AGENT" ? attributes.text("agent_name") : undefined,
      model: attributes.text("model_name"),
      system: messages.filter((message) => roleOf(message) === "system"),
      asked: messages.length > 0 ? [request] : isAnswer ? events.slice(0, -1) : events,
      answered: messages.length > 0 ? (result === undefined ? rest.slice(-1) : []) : events.slice(-1),
      input: attributes.value("tool_arguments"),
      output: result ?? attributes.value("tool_response"),
      tags: attributes.texts("logfire.tags"),
    };
  },
};

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Early versions write messages as the events of the conventions, one object each. */
function fromEvents(value: unknown): unknown[] {
  return listOf(value).flatMap((item) => {
    if (!isRecord(item) || typeof item["event.name"] !== "string") return toMessages(item);
    const { "event.name": name, "gen_ai.message.index": _, message, index: __, ...fields } = item;
    return toMessages(name === "gen_ai.choice" && isRecord(message) ? { ...fields, ...message } : fields);
  });
}

function roleOf(message: unknown): unknown {
  return isRecord(message) ? message["role"] : undefined;
}
