import { callsModel, type Dialect, type Kind } from "../dialect.ts";
import { eventMessages } from "../event-messages.ts";
import { isRecord, parsed } from "../json-values.ts";
import { resultOf, toMessages } from "../messages.ts";
import type { OtelAttributes, OtelEvent } from "../otel-span.ts";

/** Strands Agents. It follows the GenAI conventions, and records the arguments and results of tool calls as events. */
export const strands: Dialect = {
  kind: (_attributes, { name }): Kind | undefined =>
    name === "execute_event_loop_cycle" || name === "Cycle" ? "CHAIN" : undefined,
  read(attributes, { attributes: raw, events }, kind) {
    const tools = attributes.value("gen_ai.agent.tools");
    const isNamed = Array.isArray(tools) && !attributes.has("gen_ai.tool.definitions");
    const declared = isNamed ? { tools } : {};
    if (kind === "TOOL") {
      const written = isOfStrands(raw) ? attributes.value("gen_ai.tool.call.result") : undefined;
      const result = said(events, "gen_ai.choice", "message") ?? written;
      return {
        input: said(events, "gen_ai.tool.message", "content"),
        output: Array.isArray(result) ? resultOf(result) : result,
      };
    }
    if (!isOfStrands(raw)) return declared;
    return {
      ...declared,
      answered: answers(events),
      // In milliseconds, although the conventions use seconds.
      firstTokenMs: callsModel(kind) ? attributes.number("gen_ai.server.time_to_first_token") : undefined,
    };
  },
};

function isOfStrands(attributes: OtelAttributes): boolean {
  return (attributes["gen_ai.provider.name"] ?? attributes["gen_ai.system"]) === "strands-agents";
}

/** A cycle's answer is followed by the results of the tools that it called. An agent's ends with a line break. */
function answers(events: readonly OtelEvent[]): unknown[] {
  const answered = eventMessages(events).output.map((message) => {
    if (!isRecord(message)) return message;
    const { "tool.result": _, content, ...rest } = message;
    return { ...rest, content: typeof content === "string" ? content.trimEnd() : content };
  });
  return [...answered, ...toMessages(toolMessage(said(events, "gen_ai.choice", "tool.result")))];
}

function toolMessage(content: unknown): unknown {
  return content === undefined ? undefined : { role: "tool", content };
}

function said(events: readonly OtelEvent[], name: string, field: string): unknown {
  return parsed(events.find((event) => event.name === name)?.attributes?.[field]);
}
