import { z } from "zod";
import { dateRange } from "./common/date-range.ts";
import { timestamp } from "./common/dates.ts";
import { ScoreDataType, ScoreSource, ScoreStatus } from "./common/enums.ts";
import { sessionId, uuid } from "./common/ids.ts";
import { jsonObject } from "./common/json.ts";
import { limits } from "./common/limits.ts";
import type { RouteMetadata } from "./common/metadata.ts";
import { page } from "./common/paging.ts";
import { c } from "./common/router.ts";
import { text } from "./common/text.ts";
import { scoreFilters } from "./score-filters.ts";

export const SessionScoreResponse = z
  .object({
    id: uuid,
    session_id: z.string(),
    project_id: uuid,
    name: z.string().describe("The metric's name."),
    data_type: ScoreDataType,
    value: z.string().nullable().describe("`null` where the score failed."),
    source: ScoreSource,
    status: ScoreStatus,
    eval_run_id: uuid.nullable().describe("The run that made it, while that run exists."),
    author_user_id: z.string().nullable(),
    reason: z.string().nullable().describe("Why this value; why it failed."),
    metadata: jsonObject.describe(
      "What the score rests on: the risks of each trace, `signal_weights`, `flagged_traces`, `threshold` and `success`; `failed_signals` where some could not be had.",
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
    description: "Newest first; all given filters must hold.",
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
    description: "All of them, newest first; an empty list for an unknown session.",
    metadata: reads,
    pathParams: z.object({ session_id: sessionId }),
    responses: { 200: z.array(SessionScoreResponse) },
  },
  deleteSessionScore: {
    method: "DELETE",
    path: "/evaluations/session-scores/:score_id",
    summary: "Delete a session score",
    description: "For good. The run that made it keeps its counts: they are history.",
    metadata: { ...reads, scope: "evaluate", audit: "session_score.deleted", errors: ["not_found"] },
    pathParams: z.object({ score_id: uuid }),
    body: c.noBody(),
    responses: { 204: c.noBody() },
  },
});
