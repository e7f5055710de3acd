import { z } from "zod";
import { dateTime, timestamp } from "./common/dates.ts";
import { SortOrder, TraceSortBy, TraceStatus } from "./common/enums.ts";
import { uuid } from "./common/ids.ts";
import { cutObject, jsonObject, jsonValue, limitedObject, sentValue } from "./common/json.ts";
import { limits } from "./common/limits.ts";
import { list } from "./common/list.ts";
import {
  idempotencyKeyHeader,
  idempotencyReplayedHeader,
  type RouteMetadata,
  retryAfterHeader,
} from "./common/metadata.ts";
import { page, paging } from "./common/paging.ts";
import { queryStrings } from "./common/query.ts";
import { c } from "./common/router.ts";
import { text } from "./common/text.ts";
import { warnings } from "./common/warnings.ts";
import { SpanCreate, SpanResponse } from "./spans.ts";

export const TraceCreate = z
  .object({
    trace_id: uuid.optional().describe("Made by the server if left out. An id that exists is updated."),
    name: text(1, 512),
    status: TraceStatus.optional().describe("COMPLETED if left out."),
    input: sentValue.nullish(),
    output: sentValue.nullish(),
    metadata: cutObject.optional(),
    started_at: dateTime,
    ended_at: dateTime.nullish(),
    session_id: text(0, 255).nullish().describe("The conversation that this trace is part of."),
    user_id: text(0, 255).nullish(),
    tags: list(text(0, limits.label), 0, limits.sentTags)
      .optional()
      .describe(`The first ${limits.tags} are kept; a warning says how many were dropped.`),
    environment: text(0, 255).nullish(),
    release: text(0, 255).nullish(),
    spans: list(SpanCreate, 0, 500).optional().describe("Merged into the stored ones by `span_id`."),
  })
  .meta({
    id: "TraceCreate",
    description: "One request to an agent, with what it did.",
    examples: [
      {
        name: "answer a question",
        started_at: "2026-03-01T09:00:00.000Z",
        ended_at: "2026-03-01T09:00:02.000Z",
        input: { question: "What is the capital of France?" },
        output: { answer: "Paris" },
        session_id: "support/4711",
        tags: ["production"],
      },
    ],
  });
export type TraceCreate = z.infer<typeof TraceCreate>;

export const TraceUpdate = z
  .object({
    name: text(0, 512).nullish().describe("`null` counts as left out."),
    status: TraceStatus.nullish().describe("`null` counts as left out."),
    input: sentValue.nullish(),
    output: sentValue.nullish(),
    metadata: limitedObject.nullish().describe("Replaces what is stored; `null` counts as left out."),
    ended_at: dateTime.nullish(),
    session_id: text(0, 255).nullish(),
    user_id: text(0, 255).nullish(),
    tags: list(text(0, limits.label), 0, limits.tags)
      .nullish()
      .describe("Replaces what is stored; `null` counts as left out."),
    environment: text(0, 255).nullish(),
    release: text(0, 255).nullish(),
  })
  .meta({
    id: "TraceUpdate",
    description: "What is left out stays as it is; `null` clears what may be null.",
    examples: [{ status: "COMPLETED", output: { answer: "Paris" }, ended_at: "2026-03-01T09:00:02.000Z" }],
  });
export type TraceUpdate = z.infer<typeof TraceUpdate>;

export const TraceAccepted = z
  .object({ trace_id: uuid, task_id: z.string(), warnings })
  .meta({ id: "TraceAccepted", description: "The trace is stored and visible to every later request." });
export type TraceAccepted = z.infer<typeof TraceAccepted>;

const traceTotals = {
  total_tokens: z.int(),
  total_cost: z.number().describe("In USD."),
};

export const TraceResponse = z
  .object({
    trace_id: uuid,
    project_id: uuid,
    name: z.string(),
    status: TraceStatus,
    input: jsonValue.nullable(),
    output: jsonValue.nullable(),
    metadata: jsonObject,
    started_at: timestamp,
    ended_at: timestamp.nullable(),
    session_id: z.string().nullable(),
    user_id: z.string().nullable(),
    tags: z.array(z.string()),
    environment: z.string().nullable(),
    release: z.string().nullable(),
    ...traceTotals,
    spans: z.array(SpanResponse).describe("In the order they started."),
  })
  .meta({ id: "TraceResponse" });
export type TraceResponse = z.infer<typeof TraceResponse>;

export const TraceListItem = z
  .object({
    trace_id: uuid,
    name: z.string(),
    status: TraceStatus,
    started_at: timestamp,
    ended_at: timestamp.nullable(),
    session_id: z.string().nullable(),
    user_id: z.string().nullable(),
    tags: z.array(z.string()),
    environment: z.string().nullable(),
    release: z.string().nullable(),
    latency_ms: z.number().nullable(),
    span_count: z.int(),
    ...traceTotals,
  })
  .meta({ id: "TraceListItem" });
export type TraceListItem = z.infer<typeof TraceListItem>;

export const TracePage = page("TracePage", TraceListItem);
export type TracePage = z.infer<typeof TracePage>;

const reads = { tag: "Traces", scope: "read", errors: [] } as const satisfies RouteMetadata;
const traceId = z.object({ trace_id: uuid });

export const traces = c.router({
  createTrace: {
    method: "POST",
    path: "/traces",
    summary: "Store a trace",
    description:
      "Inserts a trace with its spans, or updates the one with this `trace_id`: then only what was sent changes, and spans are merged by `span_id`.",
    metadata: {
      ...reads,
      scope: "ingest",
      quota: "traces",
      requestHeaders: idempotencyKeyHeader,
      responseHeaders: { ...idempotencyReplayedHeader, ...retryAfterHeader },
    },
    body: TraceCreate,
    responses: { 202: TraceAccepted },
  },
  listTraces: {
    method: "GET",
    path: "/traces",
    summary: "List traces",
    description: "Newest first unless `sort_by` and `sort_order` say otherwise; all given filters must hold.",
    metadata: reads,
    query: z.object({
      session_id: text(0, limits.label).optional(),
      status: TraceStatus.optional(),
      user_id: text(0, limits.label).optional(),
      tags: queryStrings.optional().describe("Traces with ANY of these tags."),
      name: text(0, limits.name).optional().describe("A part of the name, in any case."),
      environment: text(0, limits.label).optional(),
      release: text(0, limits.label).optional(),
      started_after: dateTime.optional().describe("Started at or after this time."),
      started_before: dateTime.optional().describe("Started before this time."),
      sort_by: TraceSortBy.default("started_at"),
      sort_order: SortOrder.default("desc"),
      ...paging(),
    }),
    responses: { 200: TracePage },
  },
  getTrace: {
    method: "GET",
    path: "/traces/:trace_id",
    summary: "Get a trace",
    description: "The trace with its spans, in the order they started.",
    metadata: { ...reads, errors: ["not_found"] },
    pathParams: traceId,
    responses: { 200: TraceResponse },
  },
  updateTrace: {
    method: "PATCH",
    path: "/traces/:trace_id",
    summary: "Change a trace",
    description:
      "Changes what is sent and nothing else; an empty body changes nothing. Answers the whole trace.",
    metadata: { ...reads, scope: "ingest", quota: "bytes", errors: ["not_found"] },
    pathParams: traceId,
    body: TraceUpdate,
    responses: { 200: TraceResponse },
  },
  deleteTrace: {
    method: "DELETE",
    path: "/traces/:trace_id",
    summary: "Delete a trace",
    description: "Its spans and scores go with it.",
    metadata: { ...reads, scope: "ingest", audit: "trace.deleted", errors: ["not_found"] },
    pathParams: traceId,
    body: c.noBody(),
    responses: { 204: c.noBody() },
  },
});
