import { z } from "zod";
import { analyticsPeriod, bucketStart } from "./common/analytics-period.ts";
import { costTotals } from "./common/cost-totals.ts";
import { dateTime, timestamp } from "./common/dates.ts";
import { SessionSortBy, SortOrder } from "./common/enums.ts";
import { sessionId } from "./common/ids.ts";
import { boolean } from "./common/lenient.ts";
import { limits } from "./common/limits.ts";
import type { RouteMetadata } from "./common/metadata.ts";
import { cursorPage, cursorPaging, paging } from "./common/paging.ts";
import { c } from "./common/router.ts";
import { text } from "./common/text.ts";
import { scorerFilters, traceFieldFilters } from "./score-filters.ts";
import { TraceResponse } from "./traces.ts";

export const SessionSummary = z
  .object({
    session_id: z.string(),
    trace_count: z.int(),
    first_trace_at: timestamp,
    last_trace_at: timestamp
      .nullable()
      .describe("The latest end of its traces, or the latest start if none has ended."),
    total_latency_ms: z.number().nullable().describe("The sum of its traces."),
    has_error: z.boolean().describe("Whether one of its traces has status ERROR."),
    user_id: z.string().nullable().describe("The user of its latest trace that has one."),
    tags: z
      .array(z.string())
      .describe(
        `The tags of all its traces, in alphabetical order: at most the first ${limits.sessionTags}.`,
      ),
    total_span_count: z.int(),
    total_tokens: z.int(),
    ...costTotals,
  })
  .meta({
    id: "SessionSummary",
    description: "A session, summed up over its traces or, in a filtered list, over those that match.",
  });
export type SessionSummary = z.infer<typeof SessionSummary>;

export const SessionPage = cursorPage("SessionPage", SessionSummary);
export type SessionPage = z.infer<typeof SessionPage>;

export const SessionDetail = SessionSummary.extend({
  traces: z.array(TraceResponse).describe("One page of its traces, in start order."),
}).meta({ id: "SessionDetail" });
export type SessionDetail = z.infer<typeof SessionDetail>;

export const SessionAnalyticsBucket = z
  .object({
    bucket: bucketStart,
    session_count: z.int(),
    avg_traces_per_session: z.number().nullable(),
    avg_session_duration_ms: z
      .number()
      .nullable()
      .describe("From the start of the first trace of a session to the last end of a trace."),
  })
  .meta({
    id: "SessionAnalyticsBucket",
    description: "The sessions with a trace that started in this bucket. All their traces count.",
  });
export type SessionAnalyticsBucket = z.infer<typeof SessionAnalyticsBucket>;

export const SessionDeleteResponse = z
  .object({ deleted: z.int().describe("How many traces were deleted.") })
  .meta({ id: "SessionDeleteResponse" });
export type SessionDeleteResponse = z.infer<typeof SessionDeleteResponse>;

const reads = { tag: "Sessions", scope: "read", errors: [] } as const satisfies RouteMetadata;

export const sessions = c.router({
  listSessions: {
    method: "GET",
    path: "/sessions",
    summary: "List sessions",
    description:
      "A session is all traces of one conversation. Trace filters select sessions with a trace that matches all of them, and only such traces are summed up. Score filters select sessions with a matching session score.",
    metadata: reads,
    query: z.object({
      has_error: boolean
        .optional()
        .describe("`true`: sessions with a matching trace of status ERROR. `false`: sessions without one."),
      started_after: dateTime.optional(),
      started_before: dateTime.optional(),
      ...traceFieldFilters,
      ...scorerFilters,
      query: text(0, limits.label).optional().describe("A part of the session's id, case-insensitive."),
      sort_by: SessionSortBy.default("recent"),
      sort_order: SortOrder.default("desc"),
      ...cursorPaging(),
    }),
    responses: { 200: SessionPage },
  },
  getSessionAnalytics: {
    method: "GET",
    path: "/sessions/analytics",
    summary: "Get statistics of sessions",
    description:
      "Sessions by the starts of their traces, in ascending order: a session counts in every bucket of the period in which it has a trace. A session with the id `analytics` cannot be read with `GET /sessions/{id}`, only through the lists.",
    metadata: { ...reads, errors: ["invalid_date_range"] },
    query: analyticsPeriod({}),
    responses: { 200: z.array(SessionAnalyticsBucket) },
  },
  getSession: {
    method: "GET",
    path: "/sessions/:session_id",
    summary: "Get a session",
    description: "The session with a page of its traces, in start order.",
    metadata: { ...reads, errors: ["not_found"] },
    pathParams: z.object({ session_id: sessionId }),
    query: z.object(paging({ default: 200, max: 1000 })),
    responses: { 200: SessionDetail },
  },
  deleteSession: {
    method: "DELETE",
    path: "/sessions/:session_id",
    summary: "Delete a session",
    description: "Deletes its traces with their spans and scores, and its own scores.",
    metadata: { ...reads, scope: "ingest", audit: "session.deleted", errors: ["not_found"] },
    pathParams: z.object({ session_id: sessionId }),
    body: c.noBody(),
    responses: { 200: SessionDeleteResponse },
  },
});
