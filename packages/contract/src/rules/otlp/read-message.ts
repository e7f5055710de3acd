import { eventMessages } from "../../otel/event-messages.ts";
import { toSpanId, toTraceId } from "../../otel/ids.ts";
import { isRecord, parsed } from "../../otel/json-values.ts";
import { toolDefinitions } from "../../otel/map-span.ts";
import { withoutPieces } from "../../otel/messages.ts";
import type { OtelTime } from "../../otel/otel-span.ts";
import { anyValue, idOf, type Part, recordOf, timeOf, UnreadableError } from "./values.ts";

/** Messages of a model call from a log event. */
export interface OtelMessage {
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly time: OtelTime;
  /** Orders the events of a span that have the same time. */
  readonly place: number;
  /** In the form of OpenAI's chat API. */
  readonly input: readonly unknown[];
  readonly output: readonly unknown[];
  /** The tools that were declared to the model; `null` if the event does not say. */
  readonly tools: readonly unknown[] | null;
}

/** Events at the same time are in the order of a conversation, then of the request. */
const placesPerStep = 1_000_000;

/**
 * Reads a log record with messages of a model call.
 *
 * @param name of the event.
 * @param at its index in the request.
 * @returns null if it has no content, because the program does not record any.
 * @throws UnreadableError
 */
export function readMessage(record: Part, name: string, at: number): OtelMessage | null {
  const traceId = idOf(record, "traceId", 16);
  const spanId = idOf(record, "spanId", 8);
  if (traceId === undefined || spanId === undefined) {
    throw new UnreadableError(`an event ${name} must have a traceId and a spanId.`);
  }
  const time = timeOf(record, "timeUnixNano") ?? timeOf(record, "observedTimeUnixNano");
  if (time === undefined) throw new UnreadableError(`an event ${name} must have a timeUnixNano.`);
  const attributes = recordOf(record);
  const body = parsed(anyValue(record["body"]));
  const content = typeof body === "string" ? { content: body } : body;
  const fields = isRecord(content) ? { "gen_ai.event.content": content } : {};
  const said = eventMessages([{ name, time, attributes: { ...attributes, ...fields } }]);
  const input = said.input.filter(saysSomething);
  const output = withoutPieces(said.output.filter(saysSomething));
  const definitions = parsed(attributes["gen_ai.tool.definitions"]);
  const tools = Array.isArray(definitions) && definitions.length > 0 ? toolDefinitions(definitions) : null;
  if (input.length + output.length === 0 && tools === null) return null;
  return {
    traceId: toTraceId(traceId),
    spanId: toSpanId(spanId),
    name,
    time,
    place: placeOf(name, content, at),
    input,
    output,
    tools,
  };
}

function placeOf(name: string, body: unknown, at: number): number {
  if (name === "gen_ai.system.message") return Math.min(at, placesPerStep - 1);
  const index = isRecord(body) ? body["index"] : undefined;
  if (name !== "gen_ai.choice") return placesPerStep + Math.min(at, placesPerStep - 1);
  const known = typeof index === "number" && index >= 0 ? Math.trunc(index) : at;
  return 2 * placesPerStep + Math.min(known, placesPerStep - 1);
}

const labels = ["role", "finish_reason", "tool_call_id", "name"];

/** Google's kit writes this instead of content that it does not record. */
const elided = "<elided>";

function saysSomething(message: unknown): boolean {
  return (
    !isRecord(message) ||
    Object.entries(message).some(
      ([key, value]) => !labels.includes(key) && value !== null && value !== undefined && value !== elided,
    )
  );
}
