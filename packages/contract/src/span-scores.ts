import { z } from "zod";
import { dateRange } from "./common/date-range.ts";
import { dateTime, timestamp } from "./common/dates.ts";
import { ScoreDataType } from "./common/enums.ts";
import { uuid } from "./common/ids.ts";
import { jsonObject } from "./common/json.ts";
import { limits } from "./common/limits.ts";
import {
  idempotencyKeyHeader,
  idempotencyReplayedHeader,
  type RouteMetadata,
  retryAfterHeader,
} from "./common/metadata.ts";
import { page, paging } from "./common/paging.ts";
import { c } from "./common/router.ts";
import { text } from "./common/text.ts";
import { authorFilter } from "./score-filters.ts";
import { SentScoreSource, scoreChange, sentScore, withCheckedValue } from "./sent-scores.ts";
import { scoreAuthor } from "./trace-scores.ts";

export const SpanScoreResponse = z
  .object({
    id: uuid,
    project_id: uuid,
    trace_id: uuid,
    span_id: uuid,
    name: z.string(),
    data_type: ScoreDataType,
    value: z.string().describe("As given."),
    source: SentScoreSource,
    author_user_id: scoreAuthor,
    reason: z.string().nullable(),
    metadata: jsonObject,
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: "SpanScoreResponse" });
export type SpanScoreResponse = z.infer<typeof SpanScoreResponse>;

export const SpanScorePage = page("SpanScorePage", SpanScoreResponse);
export type SpanScorePage = z.infer<typeof SpanScorePage>;

export const CreateSpanScoreRequest = withCheckedValue(
  z.object({ trace_id: uuid, span_id: uuid, ...sentScore }),
).meta({
  id: "CreateSpanScoreRequest",
  examples: [
    {
      trace_id: "11111111-1111-1111-1111-111111111111",
      span_id: "22222222-2222-2222-2222-222222222222",
      name: "right_tool",
      value: "false",
      data_type: "BOOLEAN",
      reason: "It searched flights, and the user asked for a hotel.",
      author_user_id: "ann@example.com",
    },
  ],
});
export type CreateSpanScoreRequest = z.infer<typeof CreateSpanScoreRequest>;

export const UpdateSpanScoreRequest = scoreChange.meta({
  id: "UpdateSpanScoreRequest",
  examples: [{ value: "true", reason: "The user did ask for flights." }],
});
export type UpdateSpanScoreRequest = z.infer<typeof UpdateSpanScoreRequest>;

const reads = {
  tag: "Span scores",
  scope: "read",
  errors: ["not_found"],
} as const satisfies RouteMetadata;
const writes = { ...reads, scope: "evaluate" } as const satisfies RouteMetadata;

export const spanScores = c.router({
  createSpanScore: {
    method: "POST",
    path: "/evaluations/span-scores",
    summary: "Create a span score",
    description: "Adds a score by a person or a program to a span.",
    metadata: {
      ...writes,
      masked: "score",
      requestHeaders: idempotencyKeyHeader,
      responseHeaders: { ...idempotencyReplayedHeader, ...retryAfterHeader },
    },
    body: CreateSpanScoreRequest,
    responses: { 201: SpanScoreResponse },
  },
  listSpanScores: {
    method: "GET",
    path: "/evaluations/span-scores",
    summary: "List span scores",
    description: "Newest first. All given filters must match.",
    metadata: { ...reads, errors: ["invalid_date_range"] },
    query: dateRange(
      z.object({
        trace_id: uuid.optional(),
        span_id: uuid.optional(),
        name: text(0, limits.label).optional().describe("The name of the scores."),
        data_type: ScoreDataType.optional(),
        source: SentScoreSource.optional(),
        author_user_id: authorFilter,
        date_from: dateTime.optional().describe("Created at or after this time."),
        date_to: dateTime.optional().describe("Created before this time."),
        ...paging(),
      }),
    ),
    responses: { 200: SpanScorePage },
  },
  getSpanScore: {
    method: "GET",
    path: "/evaluations/span-scores/:score_id",
    summary: "Get a span score",
    metadata: reads,
    pathParams: z.object({ score_id: uuid }),
    responses: { 200: SpanScoreResponse },
  },
  updateSpanScore: {
    method: "PATCH",
    path: "/evaluations/span-scores/:score_id",
    summary: "Update a span score",
    description:
      "Sets the source to ANNOTATION. If the metadata has a `threshold`, `success` follows the new value. The previous state is not kept.",
    metadata: { ...writes, masked: "score" },
    pathParams: z.object({ score_id: uuid }),
    body: UpdateSpanScoreRequest,
    responses: { 200: SpanScoreResponse },
  },
  deleteSpanScore: {
    method: "DELETE",
    path: "/evaluations/span-scores/:score_id",
    summary: "Delete a span score",
    description: "Deletes it permanently.",
    metadata: { ...writes, audit: "span_score.deleted" },
    pathParams: z.object({ score_id: uuid }),
    body: c.noBody(),
    responses: { 204: c.noBody() },
  },
});
