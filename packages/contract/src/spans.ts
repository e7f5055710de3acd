import { z } from "zod";
import { dateTime, timestamp } from "./common/dates.ts";
import { SpanKind, SpanStatusCode } from "./common/enums.ts";
import { uuid } from "./common/ids.ts";
import {
  cutNumberObject,
  cutObject,
  jsonObject,
  jsonValue,
  limitedNumberObject,
  limitedObject,
  numberObject,
  sentValue,
} from "./common/json.ts";
import { limits } from "./common/limits.ts";
import { list } from "./common/list.ts";
import {
  idempotencyKeyHeader,
  idempotencyReplayedHeader,
  type RouteMetadata,
  retryAfterHeader,
} from "./common/metadata.ts";
import { queryInteger } from "./common/query.ts";
import { c } from "./common/router.ts";
import { freeText, text } from "./common/text.ts";
import { warnings } from "./common/warnings.ts";

export const SpanCreate = z
  .object({
    span_id: uuid.optional().describe("Made by the server if left out."),
    parent_span_id: uuid.nullish(),
    name: text(1, 512),
    kind: SpanKind.optional().describe("OTHER if left out."),
    status: SpanStatusCode.optional().describe("UNSET if left out."),
    input: sentValue.nullish(),
    output: sentValue.nullish(),
    model: text(0, 255).nullish().describe("The model of an LLM or embedding call."),
    token_usage: cutObject
      .nullish()
      .describe(
        "`prompt_tokens` and `completion_tokens` (or `input_tokens` and `output_tokens`), `total_tokens`.",
      ),
    metadata: cutObject.optional(),
    started_at: dateTime,
    ended_at: dateTime.nullish(),
    error: freeText.nullish(),
    completion_start_time: dateTime.nullish().describe("When the first token came."),
    model_parameters: cutObject
      .nullish()
      .describe("Temperature and the like; the tools declared to the model under `tools`."),
    cost: cutNumberObject.nullish().describe("In USD: `total`, or its parts."),
  })
  .meta({
    id: "SpanCreate",
    description: "One step of a trace: a model call, a tool call, a retrieval.",
    examples: [
      {
        name: "call the model",
        kind: "LLM",
        started_at: "2026-03-01T09:00:00.000Z",
        ended_at: "2026-03-01T09:00:02.000Z",
        model: "gpt-5.4",
        token_usage: { prompt_tokens: 120, completion_tokens: 12 },
        cost: { total: 0.0021 },
      },
    ],
  });
export type SpanCreate = z.infer<typeof SpanCreate>;

export const SpanUpdate = z
  .object({
    name: text(0, 512).nullish().describe("`null` counts as left out."),
    kind: SpanKind.nullish().describe("`null` counts as left out."),
    status: SpanStatusCode.nullish().describe("`null` counts as left out."),
    input: sentValue.nullish(),
    output: sentValue.nullish(),
    model: text(0, 255).nullish(),
    token_usage: limitedObject.nullish().describe("Replaces what is stored."),
    metadata: limitedObject.nullish().describe("Replaces what is stored; `null` counts as left out."),
    ended_at: dateTime.nullish(),
    error: freeText.nullish(),
    completion_start_time: dateTime.nullish(),
    model_parameters: limitedObject.nullish().describe("Replaces what is stored."),
    cost: limitedNumberObject.nullish().describe("Replaces what is stored."),
  })
  .meta({
    id: "SpanUpdate",
    description: "What is left out stays as it is; `null` clears what may be null.",
    examples: [{ status: "OK", output: { text: "Paris" }, ended_at: "2026-03-01T09:00:02.000Z" }],
  });
export type SpanUpdate = z.infer<typeof SpanUpdate>;

export const SpansAccepted = z
  .object({
    span_ids: z.array(uuid).describe("One for each span that was sent, in that order."),
    warnings,
  })
  .meta({ id: "SpansAccepted" });
export type SpansAccepted = z.infer<typeof SpansAccepted>;

export const SpanResponse = z
  .object({
    span_id: uuid,
    trace_id: uuid,
    parent_span_id: uuid.nullable(),
    name: z.string(),
    kind: SpanKind,
    status: SpanStatusCode,
    input: jsonValue.nullable(),
    output: jsonValue.nullable(),
    model: z.string().nullable(),
    token_usage: jsonObject.nullable(),
    metadata: jsonObject,
    started_at: timestamp,
    ended_at: timestamp.nullable(),
    error: z.string().nullable(),
    completion_start_time: timestamp.nullable(),
    model_parameters: jsonObject.nullable(),
    cost: numberObject.nullable(),
    latency_ms: z.number().nullable(),
    time_to_first_token_ms: z.number().nullable(),
  })
  .meta({ id: "SpanResponse" });
export type SpanResponse = z.infer<typeof SpanResponse>;

export const SpanPage = z
  .object({
    items: z.array(SpanResponse).describe("In the order they started."),
    next_cursor: uuid
      .nullable()
      .describe("What to send as `cursor` for the next page; `null` on the last one."),
  })
  .meta({ id: "SpanPage" });
export type SpanPage = z.infer<typeof SpanPage>;

const metadata = { tag: "Traces", scope: "ingest", errors: ["not_found"] } as const satisfies RouteMetadata;

export const spans = c.router({
  createSpans: {
    method: "POST",
    path: "/traces/:trace_id/spans",
    summary: "Add spans to a trace",
    description: `Inserts 1 to 500 spans, or updates those that the trace has: then only what was sent changes. The trace must exist. It may have ${limits.spansPerTrace} spans, of ${limits.traceBytes} bytes together.`,
    metadata: {
      ...metadata,
      quota: "bytes",
      requestHeaders: idempotencyKeyHeader,
      responseHeaders: { ...idempotencyReplayedHeader, ...retryAfterHeader },
    },
    pathParams: z.object({ trace_id: uuid }),
    body: list(SpanCreate, 1, 500),
    responses: { 201: SpansAccepted },
  },
  listSpans: {
    method: "GET",
    path: "/traces/:trace_id/spans",
    summary: "List the spans of a trace",
    description:
      "In the order they started, a page at a time. A page of large spans may hold fewer than `limit`: `next_cursor` says whether there are more.",
    metadata: { ...metadata, scope: "read" },
    pathParams: z.object({ trace_id: uuid }),
    query: z.object({
      cursor: uuid.optional().describe("The `next_cursor` of the page before."),
      limit: queryInteger({ min: 1, max: 500 })
        .default(100)
        .meta({ default: 100, description: "Page size, 1 to 500; 100 by default." }),
    }),
    responses: { 200: SpanPage },
  },
  updateSpan: {
    method: "PATCH",
    path: "/traces/:trace_id/spans/:span_id",
    summary: "Change a span",
    description:
      "Changes what is sent and nothing else; an empty body changes nothing. Answers the whole span.",
    metadata: { ...metadata, quota: "bytes" },
    pathParams: z.object({ trace_id: uuid, span_id: uuid }),
    body: SpanUpdate,
    responses: { 200: SpanResponse },
  },
});
