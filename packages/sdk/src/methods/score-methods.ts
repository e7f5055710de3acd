import type {
  CreateTraceScoreRequest,
  GetSessionScoresQuery,
  GetTraceScoresQuery,
  ListSessionScoresQuery,
  ListTraceScoresQuery,
  SessionScoreResponse,
  TraceScoreResponse,
  TraceScoreRevision,
  UpdateTraceScoreRequest,
} from "../generated/types.ts";
import type { ApiPromise } from "../http/api-promise.ts";
import type { PagePromise } from "../http/page-promise.ts";
import type { RequestOptions } from "../options/request-options.ts";

/** The methods for scores of traces and sessions. */
export interface ScoreMethods {
  /**
   * Adds the score of a person or a program to a trace.
   *
   * @throws NotFoundError if the project has no such trace; ValidationError for a value that its `data_type` does not
   * allow.
   * @example
   * ```ts
   * await client.createTraceScore({
   *   trace_id: "11111111-1111-1111-1111-111111111111",
   *   name: "quality",
   *   value: "0.9",
   *   reason: "Correct, and well put.",
   * });
   * ```
   */
  createTraceScore(body: CreateTraceScoreRequest, options?: RequestOptions): ApiPromise<TraceScoreResponse>;

  /**
   * Lists the scores of traces that match all filters, newest first. Await it to get one page of `limit` scores (50 by
   * default), or use `for await` to get all from that page on. With `latest`, it gives the scores that `getTraceScores`
   * would, of many traces at once.
   *
   * @throws BadRequestError if `date_from` is not before `date_to`; ValidationError for an invalid filter.
   * @example
   * ```ts
   * const { items } = await client.listTraceScores({ name: "task_completion", status: "FAILED" });
   * ```
   */
  listTraceScores(query?: ListTraceScoresQuery, options?: RequestOptions): PagePromise<TraceScoreResponse>;

  /**
   * Gets the newest score of each name that a trace has, of any status. With `prefer`, a score by a person comes before
   * newer ones, if the trace has not changed since. Returns an empty array for an unknown trace.
   *
   * @throws ValidationError for an invalid id.
   * @example
   * ```ts
   * const scores = await client.getTraceScores("11111111-1111-1111-1111-111111111111", { prefer: "person" });
   * ```
   */
  getTraceScores(
    traceId: string,
    query?: GetTraceScoresQuery,
    options?: RequestOptions,
  ): ApiPromise<TraceScoreResponse[]>;

  /**
   * Corrects a score by hand. The score then counts as a successful annotation. `metadata` is replaced, not merged;
   * `null` clears `reason` or `metadata`. The earlier version is kept: see `getTraceScoreRevisions`.
   *
   * @throws NotFoundError if the project has no such score; ValidationError for a value that the score's `data_type`
   * does not allow.
   * @example
   * ```ts
   * await client.updateTraceScore("22222222-2222-2222-2222-222222222222", {
   *   value: "0.95",
   *   reason: "Revised after a second look.",
   * });
   * ```
   */
  updateTraceScore(
    scoreId: string,
    body: UpdateTraceScoreRequest,
    options?: RequestOptions,
  ): ApiPromise<TraceScoreResponse>;

  /**
   * Gets the earlier versions of a score, oldest first, without the current one. If a person corrected a run's score,
   * the first is the judge's own (`source` AUTOMATED).
   *
   * @throws NotFoundError if the project has no such score.
   * @example
   * ```ts
   * const [original] = await client.getTraceScoreRevisions("22222222-2222-2222-2222-222222222222");
   * if (original?.source === "AUTOMATED") console.log(`The judge said ${original.value}: ${original.reason}`);
   * ```
   */
  getTraceScoreRevisions(scoreId: string, options?: RequestOptions): ApiPromise<TraceScoreRevision[]>;

  /**
   * Deletes the score of a trace, with its revisions.
   *
   * @throws NotFoundError if the project has no such score.
   * @example
   * ```ts
   * await client.deleteTraceScore("22222222-2222-2222-2222-222222222222");
   * ```
   */
  deleteTraceScore(scoreId: string, options?: RequestOptions): ApiPromise<undefined>;

  /**
   * Lists the scores of sessions that match all filters, newest first. Await it to get one page of `limit` scores (50
   * by default), or use `for await` to get all from that page on. With `latest`, it gives one score for each name of a
   * session.
   *
   * @throws BadRequestError if `date_from` is not before `date_to`; ValidationError for an invalid filter.
   * @example
   * ```ts
   * const { items } = await client.listSessionScores({ name: "agent_reliability", date_from: "2026-03-01" });
   * ```
   */
  listSessionScores(
    query?: ListSessionScoresQuery,
    options?: RequestOptions,
  ): PagePromise<SessionScoreResponse>;

  /**
   * Gets all scores of a session, newest first. With `prefer`, a score by a person hides those with its name by judges.
   * Returns an empty array for an unknown session.
   *
   * @throws TypeError for an id of `""`, `.` or `..`.
   * @example
   * ```ts
   * const [latest] = await client.getSessionScores("support/4711");
   * ```
   */
  getSessionScores(
    sessionId: string,
    query?: GetSessionScoresQuery,
    options?: RequestOptions,
  ): ApiPromise<SessionScoreResponse[]>;

  /**
   * Deletes the score of a session.
   *
   * @throws NotFoundError if the project has no such score.
   * @example
   * ```ts
   * await client.deleteSessionScore("22222222-2222-2222-2222-222222222222");
   * ```
   */
  deleteSessionScore(scoreId: string, options?: RequestOptions): ApiPromise<undefined>;
}
