import { z } from "zod";
import { dateRange } from "./common/date-range.ts";
import { timestamp } from "./common/dates.ts";
import { ScoreDataType, ScoreSource, ScoreStatus } from "./common/enums.ts";
import { uuid } from "./common/ids.ts";
import { jsonObject, limitedObject } from "./common/json.ts";
import { limits } from "./common/limits.ts";
import {
  idempotencyKeyHeader,
  idempotencyReplayedHeader,
  type RouteMetadata,
  retryAfterHeader,
} from "./common/metadata.ts";
import { page } from "./common/paging.ts";
import { c } from "./common/router.ts";
import { freeText, freeTextDescription, text } from "./common/text.ts";
import { scoreFilters } from "./score-filters.ts";
import { scoreValueError } from "./score-value.ts";

export const TraceScoreResponse = z
  .object({
    id: uuid,
    trace_id: uuid,
    name: z.string().describe("The metric's name, or the caller's own label."),
    value: z.string().nullable().describe("As it was written; `null` where the score failed."),
    status: ScoreStatus,
    source: ScoreSource,
    created_at: timestamp,
    project_id: uuid,
    data_type: ScoreDataType,
    eval_run_id: uuid.nullable().describe("The run that made it, while that run exists."),
    author_user_id: z.string().nullable(),
    reason: z.string().nullable().describe("Why this value; why it failed."),
    environment: z.string().nullable().describe("The trace's environment when the score was made."),
    config_id: z.string().nullable(),
    metadata: jsonObject.describe("What the score rests on. A run's scores carry `threshold` and `success`."),
    updated_at: timestamp,
  })
  .meta({ id: "TraceScoreResponse" });
export type TraceScoreResponse = z.infer<typeof TraceScoreResponse>;

export const TraceScorePage = page("TraceScorePage", TraceScoreResponse);
export type TraceScorePage = z.infer<typeof TraceScorePage>;

export const CreateTraceScoreRequest = z
  .object({
    trace_id: uuid,
    name: text(1, 255).describe("A metric's name or a label of your own."),
    value: z
      .string()
      .meta({ maxLength: limits.label })
      .describe(
        'NUMERIC: a plain decimal from 0 to 1 ("0.85"); BOOLEAN: "true" or "false"; CATEGORICAL: any label.',
      ),
    data_type: ScoreDataType.default("NUMERIC"),
    source: z.enum(["ANNOTATION", "PROGRAMMATIC"]).default("ANNOTATION"),
    reason: freeText.nullish(),
    metadata: limitedObject.optional(),
  })
  .superRefine((score, context) => {
    const error = scoreValueError(score.data_type, score.value);
    if (error !== null) context.addIssue({ code: "custom", path: ["value"], message: error });
  })
  .meta({
    id: "CreateTraceScoreRequest",
    examples: [
      {
        trace_id: "11111111-1111-1111-1111-111111111111",
        name: "quality",
        value: "0.9",
        data_type: "NUMERIC",
        source: "ANNOTATION",
        reason: "High quality response with accurate information",
      },
    ],
  });
export type CreateTraceScoreRequest = z.infer<typeof CreateTraceScoreRequest>;

export const UpdateTraceScoreRequest = z
  .strictObject({
    value: text(0, limits.label).optional().describe("Checked against the data type of the stored score."),
    reason: freeText.nullish().describe(`\`null\` clears it. ${freeTextDescription}`),
    metadata: limitedObject.nullish().describe("Replaces what is stored; `null` clears it."),
  })
  .refine((body) => Object.keys(body).length > 0, {
    error: "must hold at least one of value, reason and metadata",
  })
  .meta({
    id: "UpdateTraceScoreRequest",
    examples: [{ value: "0.95", reason: "Revised after manual review" }],
  });
export type UpdateTraceScoreRequest = z.infer<typeof UpdateTraceScoreRequest>;

export const TraceScoreRevision = z
  .object({
    score_id: uuid,
    revision: z.int().describe("1 is what the score was at first; each change adds one."),
    value: z.string().nullable(),
    status: ScoreStatus,
    source: ScoreSource.describe("Who gave it: AUTOMATED is a run's judge."),
    eval_run_id: uuid.nullable().describe("The run that made the score, while that run exists."),
    author_user_id: z.string().nullable(),
    reason: z.string().nullable(),
    metadata: jsonObject,
    set_at: timestamp.describe("Since when it stood."),
    replaced_at: timestamp.describe("Until when it stood."),
  })
  .meta({ id: "TraceScoreRevision", description: "What a score was before it was changed." });
export type TraceScoreRevision = z.infer<typeof TraceScoreRevision>;

const reads = { tag: "Trace scores", scope: "read", errors: [] } as const satisfies RouteMetadata;

export const traceScores = c.router({
  createTraceScore: {
    method: "POST",
    path: "/evaluations/trace-scores",
    summary: "Create a score by hand",
    description: "Attaches a person's or a program's score to a trace.",
    metadata: {
      ...reads,
      scope: "evaluate",
      errors: ["not_found"],
      requestHeaders: idempotencyKeyHeader,
      responseHeaders: { ...idempotencyReplayedHeader, ...retryAfterHeader },
    },
    body: CreateTraceScoreRequest,
    responses: { 201: TraceScoreResponse },
  },
  listTraceScores: {
    method: "GET",
    path: "/evaluations/trace-scores",
    summary: "List trace scores",
    description: "Newest first; all given filters must hold.",
    metadata: { ...reads, errors: ["invalid_date_range"] },
    query: dateRange(
      z.object({
        trace_id: uuid.optional(),
        data_type: ScoreDataType.optional(),
        environment: text(0, limits.label).optional().describe("Exactly this environment."),
        ...scoreFilters,
      }),
    ),
    responses: { 200: TraceScorePage },
  },
  getTraceScores: {
    method: "GET",
    path: "/evaluations/trace-scores/:trace_id",
    summary: "Get the latest scores of a trace",
    description: "The newest score of each name, whatever its status; an empty list for an unknown trace.",
    metadata: reads,
    pathParams: z.object({ trace_id: uuid }),
    responses: { 200: z.array(TraceScoreResponse) },
  },
  updateTraceScore: {
    method: "PATCH",
    path: "/evaluations/trace-scores/:score_id",
    summary: "Update a score",
    description:
      "Sets the status to SUCCESS and the source to ANNOTATION. What stood before is kept as a revision.",
    metadata: { ...reads, scope: "evaluate", errors: ["not_found"] },
    pathParams: z.object({ score_id: uuid }),
    body: UpdateTraceScoreRequest,
    responses: { 200: TraceScoreResponse },
  },
  getTraceScoreRevisions: {
    method: "GET",
    path: "/evaluations/trace-scores/:score_id/revisions",
    summary: "Get what a score was before",
    description:
      "One row for each change, oldest first: the first is what the score was when it was made, such as the judge's own words. What it is now is not among them; a score that was never changed has none.",
    metadata: { ...reads, errors: ["not_found"] },
    pathParams: z.object({ score_id: uuid }),
    responses: { 200: z.array(TraceScoreRevision) },
  },
  deleteTraceScore: {
    method: "DELETE",
    path: "/evaluations/trace-scores/:score_id",
    summary: "Delete a score",
    description: "For good, its revisions too. The run that made it keeps its counts: they are history.",
    metadata: { ...reads, scope: "evaluate", audit: "trace_score.deleted", errors: ["not_found"] },
    pathParams: z.object({ score_id: uuid }),
    body: c.noBody(),
    responses: { 204: c.noBody() },
  },
});
