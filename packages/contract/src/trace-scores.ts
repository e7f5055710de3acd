import { z } from "zod";
import { dateRange } from "./common/date-range.ts";
import { timestamp } from "./common/dates.ts";
import { ScoreDataType, ScorePreference, ScoreSource, ScoreStatus } from "./common/enums.ts";
import { uuid } from "./common/ids.ts";
import { jsonObject } from "./common/json.ts";
import { limits } from "./common/limits.ts";
import {
  idempotencyKeyHeader,
  idempotencyReplayedHeader,
  type RouteMetadata,
  retryAfterHeader,
} from "./common/metadata.ts";
import { page } from "./common/paging.ts";
import { queryList } from "./common/query.ts";
import { c } from "./common/router.ts";
import { text } from "./common/text.ts";
import { judgementQuery, ScoreJudgement } from "./judgements.ts";
import { scoreFilters } from "./score-filters.ts";
import { scoreChange, sentScore, withCheckedValue } from "./sent-scores.ts";

export const JudgedScore = z
  .object({
    value: z.string().nullable().describe("`null` if the judge failed."),
    reason: z.string().nullable(),
    eval_run_id: uuid.nullable().describe("The run that created the score. `null` once that run is deleted."),
  })
  .meta({ id: "JudgedScore", description: "What a judge said of a score before a person changed it." });
export type JudgedScore = z.infer<typeof JudgedScore>;

export const scoreAuthor = z
  .string()
  .nullable()
  .describe("Who gave the score, according to its sender. It is a label that the server does not check.");

export const TraceScoreResponse = z
  .object({
    id: uuid,
    trace_id: uuid,
    name: z.string().describe("The metric's name, or your own label."),
    value: z.string().nullable().describe("As given. `null` if the score failed."),
    status: ScoreStatus,
    source: ScoreSource,
    created_at: timestamp,
    project_id: uuid,
    data_type: ScoreDataType,
    eval_run_id: uuid
      .nullable()
      .describe("The run that created it. `null` without a run, and once that run is deleted."),
    author_user_id: scoreAuthor,
    reason: z.string().nullable().describe("Why it has this value, or why it failed."),
    stale: z
      .boolean()
      .describe(
        "Whether something that a judge reads has changed since the trace was judged: its status, input, output, declared tools or spans. `false` if that is unknown.",
      ),
    judged: JudgedScore.nullable().describe(
      "What the judge had said, if a person changed the score. `null` for any other score.",
    ),
    environment: z.string().nullable().describe("The trace's environment when the score was created."),
    config_id: z.string().nullable(),
    metadata: jsonObject.describe(
      "The findings behind the score. Scores of runs have `threshold` and `success`. `applicable: false` marks a score that had nothing to judge: `note` says why, and statistics leave it out.",
    ),
    updated_at: timestamp,
  })
  .meta({ id: "TraceScoreResponse" });
export type TraceScoreResponse = z.infer<typeof TraceScoreResponse>;

export const TraceScorePage = page("TraceScorePage", TraceScoreResponse);
export type TraceScorePage = z.infer<typeof TraceScorePage>;

export const CreateTraceScoreRequest = withCheckedValue(z.object({ trace_id: uuid, ...sentScore })).meta({
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

export const UpdateTraceScoreRequest = scoreChange.meta({
  id: "UpdateTraceScoreRequest",
  examples: [{ value: "0.95", reason: "Revised after manual review" }],
});
export type UpdateTraceScoreRequest = z.infer<typeof UpdateTraceScoreRequest>;

export const TraceScoreRevision = z
  .object({
    score_id: uuid,
    revision: z.int().describe("1 is the original score. Each change adds one."),
    value: z.string().nullable(),
    status: ScoreStatus,
    source: ScoreSource.describe("Who gave it. AUTOMATED: the judge of a run."),
    eval_run_id: uuid
      .nullable()
      .describe("The run that created the score. `null` without a run, and once that run is deleted."),
    author_user_id: scoreAuthor,
    reason: z.string().nullable(),
    metadata: jsonObject,
    set_at: timestamp.describe("When this revision was set."),
    replaced_at: timestamp.describe("When it was replaced."),
  })
  .meta({ id: "TraceScoreRevision", description: "An earlier state of a score." });
export type TraceScoreRevision = z.infer<typeof TraceScoreRevision>;

const reads = { tag: "Trace scores", scope: "read", errors: [] } as const satisfies RouteMetadata;

export const traceScores = c.router({
  createTraceScore: {
    method: "POST",
    path: "/evaluations/trace-scores",
    summary: "Create a trace score",
    description: "Adds a score by a person or a program to a trace.",
    metadata: {
      ...reads,
      scope: "evaluate",
      masked: "score",
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
    description: "Newest first. All given filters must match.",
    metadata: { ...reads, errors: ["invalid_date_range"] },
    query: dateRange(
      z.object({
        trace_id: uuid.optional(),
        trace_ids: queryList(uuid, limits.listedTargets)
          .optional()
          .describe(`Of these traces, up to ${limits.listedTargets}.`),
        data_type: ScoreDataType.optional(),
        ...scoreFilters,
        environment: text(0, limits.label)
          .optional()
          .describe("Of traces that were in exactly this environment when the score was created."),
      }),
    ),
    responses: { 200: TraceScorePage },
  },
  getTraceScores: {
    method: "GET",
    path: "/evaluations/trace-scores/:trace_id",
    summary: "Get the latest scores of a trace",
    description: "The newest score of each name, with any status. An unknown trace has an empty list.",
    metadata: reads,
    pathParams: z.object({ trace_id: uuid }),
    query: z.object({
      prefer: ScorePreference.optional().describe(
        "For each name, the preferred score that was given or changed last comes before newer ones. Default: the newest.",
      ),
    }),
    responses: { 200: z.array(TraceScoreResponse) },
  },
  updateTraceScore: {
    method: "PATCH",
    path: "/evaluations/trace-scores/:score_id",
    summary: "Update a score",
    description:
      "Sets the status to SUCCESS and the source to ANNOTATION. If the metadata has a `threshold`, `success` follows the new value. The previous state is kept as a revision, and reads show what the judge had said as `judged`.",
    metadata: { ...reads, scope: "evaluate", masked: "score", errors: ["not_found"] },
    pathParams: z.object({ score_id: uuid }),
    body: UpdateTraceScoreRequest,
    responses: { 200: TraceScoreResponse },
  },
  getTraceScoreRevisions: {
    method: "GET",
    path: "/evaluations/trace-scores/:score_id/revisions",
    summary: "List the revisions of a score",
    description:
      "One revision per change, oldest first. The first one is the original score. The current state is not included, so a score that was never changed has no revisions.",
    metadata: { ...reads, errors: ["not_found"] },
    pathParams: z.object({ score_id: uuid }),
    responses: { 200: z.array(TraceScoreRevision) },
  },
  getTraceScoreJudgement: {
    method: "GET",
    path: "/evaluations/trace-scores/:score_id/judgement",
    summary: "Get what a judge was asked for a score",
    description:
      "The prompts are rendered again from the trace, and the answers come from the ledger while they are stored. No call is made or paid for.",
    metadata: { ...reads, errors: ["not_found"] },
    pathParams: z.object({ score_id: uuid }),
    query: judgementQuery,
    responses: { 200: ScoreJudgement },
  },
  deleteTraceScore: {
    method: "DELETE",
    path: "/evaluations/trace-scores/:score_id",
    summary: "Delete a score",
    description: "Deletes it permanently, with its revisions. The counts of its run do not change.",
    metadata: { ...reads, scope: "evaluate", audit: "trace_score.deleted", errors: ["not_found"] },
    pathParams: z.object({ score_id: uuid }),
    body: c.noBody(),
    responses: { 204: c.noBody() },
  },
});
