import { z } from "zod";
import { dateRange } from "./common/date-range.ts";
import { timestamp } from "./common/dates.ts";
import { ScoreDataType, ScorePreference, ScoreSource, ScoreStatus } from "./common/enums.ts";
import { sessionId, uuid } from "./common/ids.ts";
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
import { scoreFilters } from "./score-filters.ts";
import { scoreChange, sentScore, withCheckedValue } from "./sent-scores.ts";
import { JudgedScore, scoreAuthor, TraceScoreRevision } from "./trace-scores.ts";

export const SessionScoreResponse = z
  .object({
    id: uuid,
    session_id: z.string(),
    project_id: uuid,
    name: z.string().describe("The metric's name, or your own label."),
    data_type: ScoreDataType,
    value: z.string().nullable().describe("As given. `null` if the score failed."),
    source: ScoreSource,
    status: ScoreStatus,
    eval_run_id: uuid
      .nullable()
      .describe("The run that created it. `null` without a run, and once that run is deleted."),
    author_user_id: scoreAuthor,
    reason: z.string().nullable().describe("Why it has this value, or why it failed."),
    stale: z
      .boolean()
      .describe(
        "Whether a trace of the session was changed, added or deleted after the session was judged. `false` if that is unknown.",
      ),
    judged: JudgedScore.nullable().describe(
      "What the judge had said, if a person changed the score. `null` for any other score.",
    ),
    metadata: jsonObject.describe(
      "The findings behind the score: the risks of each trace, `signal_weights`, `flagged_traces`, `threshold` and `success`, and `failed_signals` if some could not be computed.",
    ),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: "SessionScoreResponse" });
export type SessionScoreResponse = z.infer<typeof SessionScoreResponse>;

export const SessionScorePage = page("SessionScorePage", SessionScoreResponse);
export type SessionScorePage = z.infer<typeof SessionScorePage>;

export const CreateSessionScoreRequest = withCheckedValue(
  z.object({ session_id: sessionId, ...sentScore }),
).meta({
  id: "CreateSessionScoreRequest",
  examples: [
    {
      session_id: "a session",
      name: "agent_reliability",
      value: "0.2",
      reason: "It gave up on the refund after three attempts.",
      author_user_id: "ann@example.com",
    },
  ],
});
export type CreateSessionScoreRequest = z.infer<typeof CreateSessionScoreRequest>;

export const UpdateSessionScoreRequest = scoreChange.meta({
  id: "UpdateSessionScoreRequest",
  examples: [{ value: "0.95", reason: "Revised after manual review" }],
});
export type UpdateSessionScoreRequest = z.infer<typeof UpdateSessionScoreRequest>;

export const SessionScoreRevision = z
  .object(TraceScoreRevision.shape)
  .meta({ id: "SessionScoreRevision", description: "An earlier state of a session score." });
export type SessionScoreRevision = z.infer<typeof SessionScoreRevision>;

const reads = { tag: "Session scores", scope: "read", errors: [] } as const satisfies RouteMetadata;

export const sessionScores = c.router({
  createSessionScore: {
    method: "POST",
    path: "/evaluations/session-scores",
    summary: "Create a session score",
    description: "Adds a score by a person or a program to a session.",
    metadata: {
      ...reads,
      scope: "evaluate",
      masked: "score",
      errors: ["not_found"],
      requestHeaders: idempotencyKeyHeader,
      responseHeaders: { ...idempotencyReplayedHeader, ...retryAfterHeader },
    },
    body: CreateSessionScoreRequest,
    responses: { 201: SessionScoreResponse },
  },
  listSessionScores: {
    method: "GET",
    path: "/evaluations/session-scores",
    summary: "List session scores",
    description: "Newest first. All given filters must match.",
    metadata: { ...reads, errors: ["invalid_date_range"] },
    query: dateRange(
      z.object({
        session_id: text(0, limits.label).optional().describe("Exactly this session."),
        session_ids: queryList(text(0, limits.label), limits.listedTargets)
          .optional()
          .describe(`Of exactly these sessions, up to ${limits.listedTargets}.`),
        ...scoreFilters,
      }),
    ),
    responses: { 200: SessionScorePage },
  },
  getSessionScores: {
    method: "GET",
    path: "/evaluations/session-scores/:session_id",
    summary: "Get the scores of a session",
    description: "All of them, newest first. An unknown session has an empty list.",
    metadata: reads,
    pathParams: z.object({ session_id: sessionId }),
    query: z.object({
      prefer: ScorePreference.optional().describe(
        "Leaves out scores for which there is a preferred one with the same name. Default: none is left out.",
      ),
    }),
    responses: { 200: z.array(SessionScoreResponse) },
  },
  updateSessionScore: {
    method: "PATCH",
    path: "/evaluations/session-scores/:score_id",
    summary: "Update a session score",
    description:
      "Sets the status to SUCCESS and the source to ANNOTATION. If the metadata has a `threshold`, `success` follows the new value. The previous state is kept as a revision, and reads show what the judge had said as `judged`.",
    metadata: { ...reads, scope: "evaluate", masked: "score", errors: ["not_found"] },
    pathParams: z.object({ score_id: uuid }),
    body: UpdateSessionScoreRequest,
    responses: { 200: SessionScoreResponse },
  },
  getSessionScoreRevisions: {
    method: "GET",
    path: "/evaluations/session-scores/:score_id/revisions",
    summary: "List the revisions of a session score",
    description:
      "One revision per change, oldest first. The first one is the original score. The current state is not included, so a score that was never changed has no revisions.",
    metadata: { ...reads, errors: ["not_found"] },
    pathParams: z.object({ score_id: uuid }),
    responses: { 200: z.array(SessionScoreRevision) },
  },
  deleteSessionScore: {
    method: "DELETE",
    path: "/evaluations/session-scores/:score_id",
    summary: "Delete a session score",
    description: "Deletes it permanently, with its revisions. The counts of its run do not change.",
    metadata: { ...reads, scope: "evaluate", audit: "session_score.deleted", errors: ["not_found"] },
    pathParams: z.object({ score_id: uuid }),
    body: c.noBody(),
    responses: { 204: c.noBody() },
  },
});
