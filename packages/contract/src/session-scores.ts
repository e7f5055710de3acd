import { z } from "zod";
import { dateRange } from "./common/date-range.ts";
import { timestamp } from "./common/dates.ts";
import { ScoreDataType, ScorePreference, ScoreSource, ScoreStatus } from "./common/enums.ts";
import { sessionId, uuid } from "./common/ids.ts";
import { jsonObject } from "./common/json.ts";
import { limits } from "./common/limits.ts";
import type { RouteMetadata } from "./common/metadata.ts";
import { page } from "./common/paging.ts";
import { c } from "./common/router.ts";
import { text } from "./common/text.ts";
import { scoreFilters } from "./score-filters.ts";
import { JudgedScore, scoreAuthor } from "./trace-scores.ts";

export const SessionScoreResponse = z
  .object({
    id: uuid,
    session_id: z.string(),
    project_id: uuid,
    name: z.string().describe("The metric's name."),
    data_type: ScoreDataType,
    value: z.string().nullable().describe("`null` if the score failed."),
    source: ScoreSource,
    status: ScoreStatus,
    eval_run_id: uuid.nullable().describe("The run that created it. `null` once that run is deleted."),
    author_user_id: scoreAuthor,
    reason: z.string().nullable().describe("Why it has this value, or why it failed."),
    stale: z
      .boolean()
      .describe(
        "Whether a trace of the session changed, came or went after the session was judged. `false` if that is unknown.",
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

const reads = { tag: "Session scores", scope: "read", errors: [] } as const satisfies RouteMetadata;

export const sessionScores = c.router({
  listSessionScores: {
    method: "GET",
    path: "/evaluations/session-scores",
    summary: "List session scores",
    description: "Newest first. All given filters must match.",
    metadata: { ...reads, errors: ["invalid_date_range"] },
    query: dateRange(
      z.object({
        session_id: text(0, limits.label).optional().describe("Exactly this session."),
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
  deleteSessionScore: {
    method: "DELETE",
    path: "/evaluations/session-scores/:score_id",
    summary: "Delete a session score",
    description: "Deletes it permanently. The counts of its run do not change.",
    metadata: { ...reads, scope: "evaluate", audit: "session_score.deleted", errors: ["not_found"] },
    pathParams: z.object({ score_id: uuid }),
    body: c.noBody(),
    responses: { 204: c.noBody() },
  },
});
