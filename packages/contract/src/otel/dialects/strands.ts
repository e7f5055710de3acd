import type { Dialect, Kind } from "../dialect.ts";
import { isRecord, parsed } from "../json-values.ts";
import type { OtelEvent } from "../otel-span.ts";

/** Strands Agents. It follows the GenAI conventions, and writes what a tool received and returned as events. */
export const strands: Dialect = {
  kind: (_attributes, { name }): Kind | undefined =>
    name === "execute_event_loop_cycle" || name === "Cycle" ? "CHAIN" : undefined,
  read(attributes, { events }, kind) {
    const tools = attributes.value("gen_ai.agent.tools");
    const declared = Array.isArray(tools) ? { tools } : {};
    if (kind !== "TOOL") return declared;
    return {
      input: said(events, "gen_ai.tool.message", "content"),
      output: result(said(events, "gen_ai.choice", "message")),
    };
  },
};

function said(events: readonly OtelEvent[], name: string, field: string): unknown {
  return parsed(events.find((event) => event.name === name)?.attributes?.[field]);
}

/** Bedrock's parts of a result: one text or value by itself. */
function result(value: unknown): unknown {
  const [part, ...others] = Array.isArray(value) ? value : [];
  if (others.length > 0 || !isRecord(part)) return value;
  return parsed(part["text"] ?? part["json"] ?? part);
}
