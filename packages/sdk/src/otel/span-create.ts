import type { SpanCreate, SpanKind } from "@pandaprobe/sdk";
import { AttributeReader } from "./attribute-reader.ts";
import { content } from "./content.ts";
import { holdsMessages } from "./event-messages.ts";
import { toSpanId } from "./ids.ts";
import { modelParameters } from "./model-parameters.ts";
import { type OtelSpan, parentIdOf } from "./otel-span.ts";
import { isoTime, limitedText } from "./otel-values.ts";
import { spanKind } from "./span-kind.ts";
import { cost, tokenUsage } from "./token-usage.ts";

/** Longer than any model call takes. */
const dayMs = 86_400_000;

const statuses = ["UNSET", "OK", "ERROR"] as const;

/** A span, and what it says about its trace. */
export interface ConvertedSpan {
  readonly span: SpanCreate & { readonly span_id: string };
  readonly sessionId: string | undefined;
  readonly userId: string | undefined;
  readonly tags: readonly string[];
}

export function convertSpan(otel: OtelSpan): ConvertedSpan {
  const attributes = new AttributeReader(otel.attributes);
  const kind = spanKind(attributes);
  const sessionId = attributes.text(
    "gen_ai.conversation.id",
    "session.id",
    "traceloop.association.properties.session_id",
    "ai.telemetry.metadata.sessionId",
  );
  const userId = attributes.text(
    "user.id",
    "enduser.id",
    "traceloop.association.properties.user_id",
    "ai.telemetry.metadata.userId",
  );
  const tags = attributes.value("tag.tags", "ai.telemetry.metadata.tags");
  // They may hold API keys.
  attributes.below("ai.request.headers.");
  const callsModel = kind === "LLM" || kind === "EMBEDDING";
  const parentId = parentIdOf(otel);
  const span = {
    span_id: toSpanId(otel.spanContext().spanId),
    parent_span_id: parentId === undefined || parentId === "" ? null : toSpanId(parentId),
    name: nameOf(otel, kind, attributes),
    kind,
    status: statuses[otel.status.code] ?? "UNSET",
    started_at: isoTime(otel.startTime),
    ended_at: isoTime(otel.endTime),
    error: spanError(otel),
    model: modelOf(attributes),
    // An agent's usage repeats that of its model calls, so it only goes into the metadata.
    token_usage: callsModel ? tokenUsage(attributes) : undefined,
    cost: callsModel ? cost(attributes) : undefined,
    completion_start_time: firstTokenAt(otel, attributes),
    model_parameters: modelParameters(attributes),
    ...content(attributes, otel.events),
  };
  const events = otel.events
    .filter((event) => !holdsMessages(event))
    .map(({ name, time, attributes: said }) => ({ name, time: isoTime(time), attributes: said }));
  const metadata = { ...attributes.rest(), ...(events.length === 0 ? {} : { events }) };
  return {
    span: { ...span, metadata },
    sessionId,
    userId,
    tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [],
  };
}

/** Judges recognize a tool by the name of its span. */
function nameOf(otel: OtelSpan, kind: SpanKind, attributes: AttributeReader): string {
  const tool =
    kind === "TOOL"
      ? attributes.text("gen_ai.tool.name", "tool.name", "ai.toolCall.name", "traceloop.entity.name")
      : undefined;
  const name = tool ?? otel.name;
  return name === "" ? "span" : limitedText(name, 512);
}

/** The model that responded is more specific than the requested one, which stays in the parameters. */
function modelOf(attributes: AttributeReader): string | undefined {
  const model = attributes.text(
    "gen_ai.response.model",
    "gen_ai.request.model",
    "llm.model_name",
    "embedding.model_name",
    "ai.response.model",
    "ai.model.id",
  );
  return model === undefined ? undefined : limitedText(model, 255);
}

function firstTokenAt(otel: OtelSpan, attributes: AttributeReader): string | undefined {
  const seconds = attributes.number(
    "gen_ai.response.time_to_first_chunk",
    "gen_ai.server.time_to_first_token",
  );
  const ms =
    attributes.number("ai.response.msToFirstChunk", "ai.stream.msToFirstChunk") ??
    (seconds === undefined ? undefined : seconds * 1000);
  if (ms !== undefined && ms >= 0 && ms < dayMs) return isoTime(otel.startTime, ms);
  // OpenInference.
  const event = otel.events.find(({ name }) => name === "First Token Stream Event");
  return event === undefined ? undefined : isoTime(event.time);
}

/** The status code of a failed operation. */
export const errorStatus = 2;

/** What went wrong: the span's last exception, or its status message, or the type of the error. */
export function spanError({ status, events, attributes }: OtelSpan): string | undefined {
  const exception = events.findLast(({ name }) => name === "exception")?.attributes ?? {};
  const { "exception.type": type, "exception.message": message } = exception;
  const said = [type, message].filter((part) => typeof part === "string" && part !== "").join(": ");
  if (said !== "" && status.code === errorStatus) return said;
  if (status.message !== undefined && status.message !== "") return status.message;
  const errorType = attributes["error.type"];
  return status.code === errorStatus && typeof errorType === "string" ? errorType : undefined;
}
