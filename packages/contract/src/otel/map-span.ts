import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect, Kind, Reading } from "./dialect.ts";
import { dialects } from "./dialects/index.ts";
import { holdsMessages } from "./event-messages.ts";
import { toSpanId } from "./ids.ts";
import { isRecord, parsed } from "./json-values.ts";
import { asAnswer, toMessages } from "./messages.ts";
import { errorStatus, type OtelSpan, type OtelTime, parentIdOf, scopeOf } from "./otel-span.ts";
import { isoTime, laterOf } from "./time.ts";

/** A span of the API. Fields without a value in the OpenTelemetry span are undefined. */
export interface MappedSpan {
  readonly span_id: string;
  readonly parent_span_id: string | null;
  readonly name: string;
  readonly kind: Kind;
  readonly status: "UNSET" | "OK" | "ERROR";
  readonly started_at: string;
  readonly ended_at: string;
  readonly error: string | undefined;
  readonly model: string | undefined;
  readonly token_usage: Record<string, number> | undefined;
  readonly cost: Record<string, number> | undefined;
  readonly completion_start_time: string | undefined;
  readonly model_parameters: Record<string, unknown> | undefined;
  readonly input: unknown;
  readonly output: unknown;
  readonly metadata: Record<string, unknown>;
}

/** A span, and its fields about the trace. */
export interface SpanMapping {
  readonly span: MappedSpan;
  readonly end: OtelTime;
  /** The trace's name if this is its root. */
  readonly traceName: string;
  /** Whether that says nothing, so that `namesTrace` of a span below it counts. */
  readonly isUnnamed: boolean;
  readonly namesTrace: string | undefined;
  readonly sessionId: string | undefined;
  readonly userId: string | undefined;
  readonly tags: readonly string[];
  /** Whether its status does not depend on the steps in it. */
  readonly isFrame: boolean;
}

/** Longer than any model call takes. */
const dayMs = 86_400_000;

const statuses = ["UNSET", "OK", "ERROR"] as const;

/** Converts a span. @throws RangeError or TypeError for anything but a span, or for an invalid time. */
export function mapSpan(otel: OtelSpan): SpanMapping {
  const attributes = new AttributeReader(otel.attributes);
  const scope = scopeOf(otel);
  const spoken = dialects.filter(
    (dialect) =>
      dialect.families === undefined || attributes.hasFamily(dialect.families) || dialect.scope === scope,
  );
  const kind = kindOf(attributes, spoken, otel);
  const readings = spoken.map((dialect) => dialect.read(attributes, otel, kind));
  const first = <Field extends keyof Reading>(field: Field): Reading[Field] =>
    readings.find((reading) => isSaid(reading[field]))?.[field];
  const parentId = parentIdOf(otel);
  const end = laterOf(otel.startTime, otel.endTime);
  const name = (kind === "TOOL" ? first("tool") : undefined) ?? otel.name;
  const { input, output, kept } = contentOf(readings, kind);
  const events = otel.events
    .filter((event) => !holdsMessages(event.name))
    .map(({ name: called, time, attributes: said }) => ({
      name: called,
      time: isoTime(time),
      attributes: said,
    }));
  const span: MappedSpan = {
    span_id: toSpanId(otel.spanContext().spanId),
    parent_span_id: parentId === undefined ? null : toSpanId(parentId),
    name: limitedText(name === "" ? "span" : name, 512),
    kind,
    status: statuses[otel.status.code] ?? "UNSET",
    started_at: isoTime(otel.startTime),
    ended_at: isoTime(end),
    error: errorOf(otel, first("error")),
    model: limited(first("model")),
    token_usage: together(readings.map(({ tokens }) => tokens)),
    cost: together(readings.map(({ cost }) => cost)),
    completion_start_time: firstTokenAt(otel, first("firstTokenMs")),
    model_parameters: parametersOf(readings),
    input,
    output,
    metadata: {
      ...Object.assign(kept, ...readings.map(({ metadata }) => metadata)),
      ...attributes.rest(),
      ...(events.length === 0 ? {} : { events }),
      // Clocks of several machines differ.
      ...(end === otel.endTime ? {} : { "otel.ended_at": isoTime(otel.endTime) }),
    },
  };
  return {
    span,
    end,
    traceName: limitedText(first("agent") ?? span.name, 512),
    isUnnamed: readings.some(({ isUnnamed }) => isUnnamed === true),
    namesTrace: limited(first("namesTrace")),
    sessionId: limited(first("sessionId")),
    userId: limited(first("userId")),
    tags: [...new Set(readings.flatMap(({ tags }) => tags ?? []))].map((tag) => limitedText(tag, 255)),
    isFrame: readings.some(({ isFrame }) => isFrame === true),
  };
}

/** Cuts a text to the server's limit of characters, because the server would reject the trace. */
export function limitedText(text: string, max: number): string {
  return text.length <= max
    ? text
    : Array.from(text.slice(0, 2 * max))
        .slice(0, max)
        .join("");
}

function limited(text: string | undefined): string | undefined {
  return text === undefined ? undefined : limitedText(text, 255);
}

/** The words of all vocabularies count as read; the first known one decides. */
function kindOf(attributes: AttributeReader, spoken: readonly Dialect[], otel: OtelSpan): Kind {
  const kinds = spoken.map((dialect) => dialect.kind?.(attributes, otel));
  return (
    kinds.find((kind) => kind !== undefined) ?? (attributes.has("gen_ai.request.model") ? "LLM" : "OTHER")
  );
}

function isSaid(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

interface Content {
  readonly input: unknown;
  readonly output: unknown;
  /** What goes into the metadata because it does not fit into the input. */
  readonly kept: Record<string, unknown>;
}

/** A conversation is the most detailed; a tool has arguments and a result instead. */
function contentOf(readings: readonly Reading[], kind: Kind): Content {
  const listed = (field: "system" | "asked" | "answered") =>
    readings.find((reading) => isSaid(reading[field]))?.[field] ?? [];
  const [system, asked, answered] = [listed("system"), listed("asked"), listed("answered")];
  const input = readings.find((reading) => reading.input !== undefined)?.input;
  const output = readings.find((reading) => reading.output !== undefined)?.output;
  if (kind === "TOOL") {
    return {
      input: input ?? (asked.length > 0 ? { messages: asked } : undefined),
      output: output ?? asAnswer(answered),
      kept: {},
    };
  }
  const heard = asked.length > 0 ? asked : input === undefined ? [] : messagesIn(input);
  const isConversation = heard.length > 0 && (asked.length > 0 || system.length > 0);
  return {
    input: isConversation
      ? { messages: [...system, ...heard] }
      : (input ?? (system.length > 0 ? { messages: system } : undefined)),
    output: answered.length > 0 ? asAnswer(answered) : output,
    kept: input !== undefined && !isConversation && system.length > 0 ? { system_instructions: system } : {},
  };
}

/** The messages of an input that is one, so that instructions can be put before them. */
function messagesIn(input: unknown): readonly unknown[] {
  if (typeof input === "string") return [{ role: "user", content: input }];
  const list = toMessages(isRecord(input) ? input["messages"] : input);
  return list.every((message) => isRecord(message) && "role" in message) ? list : [];
}

/** What several dialects read. If they name the same thing, the first one counts. */
function together<Value>(
  read: readonly (Readonly<Record<string, Value>> | undefined)[],
): Record<string, Value> | undefined {
  const said = read.filter((fields) => fields !== undefined && Object.keys(fields).length > 0);
  return said.length > 1 ? Object.assign({}, ...said.toReversed()) : said[0];
}

/** The parameters of a model call, with the declared tools as `tools`. */
function parametersOf(readings: readonly Reading[]): Record<string, unknown> | undefined {
  const tools = readings.flatMap((reading) => reading.tools ?? []);
  const parameters = together(readings.map((reading) => reading.parameters));
  return tools.length === 0 ? parameters : { ...parameters, tools: toolDefinitions(tools) };
}

/** Declared tools. Each of them, and its schema, may be JSON text. */
export function toolDefinitions(tools: readonly unknown[]): unknown[] {
  return tools.map(parsed).map(withSchema);
}

function withSchema(tool: unknown): unknown {
  return isRecord(tool) && "parameters" in tool ? { ...tool, parameters: parsed(tool["parameters"]) } : tool;
}

function firstTokenAt(otel: OtelSpan, ms: number | undefined): string | undefined {
  if (ms !== undefined && ms >= 0 && ms < dayMs) return isoTime(otel.startTime, ms);
  // OpenInference.
  const event = otel.events.find(({ name }) => name === "First Token Stream Event");
  return event === undefined ? undefined : isoTime(event.time);
}

/** What went wrong: from a dialect, or the span's last exception, its status message, or the type of the error. */
function errorOf({ status, events, attributes }: OtelSpan, read: string | undefined): string | undefined {
  if (read !== undefined && status.code === errorStatus) return read;
  const exception = events.findLast(({ name }) => name === "exception")?.attributes ?? {};
  const { "exception.type": type, "exception.message": message } = exception;
  const said = [type, message].filter((part) => typeof part === "string" && part !== "").join(": ");
  if (said !== "" && status.code === errorStatus) return said;
  if (status.message !== undefined && status.message !== "") return status.message;
  const errorType = attributes["error.type"];
  return status.code === errorStatus && typeof errorType === "string" ? errorType : undefined;
}
