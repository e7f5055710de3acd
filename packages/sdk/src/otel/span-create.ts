import type { SpanCreate, SpanKind } from "@pandaprobe/sdk";
import { AttributeReader } from "./attribute-reader.ts";
import { content } from "./content.ts";
import { holdsMessages } from "./event-messages.ts";
import { toSpanId } from "./ids.ts";
import { isoTime } from "./iso-time.ts";
import { limitedText } from "./limited-text.ts";
import { modelParameters } from "./model-parameters.ts";
import { type OtelSpan, parentIdOf } from "./otel-span.ts";
import { spanError } from "./span-error.ts";
import { spanKind } from "./span-kind.ts";
import { cost, tokenUsage } from "./token-usage.ts";

/** Longer than any model call. */
const dayMs = 86_400_000;

const statuses = ["UNSET", "OK", "ERROR"] as const;

/** A span, and what it says about its whole trace. */
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
  // They hold keys.
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
    // An agent's usage is the sum of its model calls': counted there, and told in the metadata here.
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

/** Judges know a tool by the name of its span. */
function nameOf(otel: OtelSpan, kind: SpanKind, attributes: AttributeReader): string {
  const tool =
    kind === "TOOL"
      ? attributes.text("gen_ai.tool.name", "tool.name", "ai.toolCall.name", "traceloop.entity.name")
      : undefined;
  const name = tool ?? otel.name;
  return name === "" ? "span" : limitedText(name, 512);
}

/** The model that answered says more than the one that was asked for, which then stands in the parameters. */
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
