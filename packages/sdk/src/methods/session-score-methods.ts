import type { ApiPromise } from "../api-promise.ts";
import type { ListSessionScoresQuery, SessionScoreResponse } from "../generated/types.ts";
import type { PagePromise } from "../page-promise.ts";
import type { RequestOptions } from "../request-options.ts";

export interface SessionScoreMethods {
  /**
   * Lists scores of sessions, newest first; all given filters must hold. Awaited, it gives one page (50 unless `limit`
   * says otherwise); `for await` gives all from there on.
   *
   * @throws BadRequestError for dates that are crossed; ValidationError for a filter that cannot be read.
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
   * Gets all scores of a session, newest first; nothing for an unknown session.
   *
   * @throws TypeError for an id of `""`, `.` or `..`.
   * @example
   * ```ts
   * const [latest] = await client.getSessionScores("support/4711");
   * ```
   */
  getSessionScores(sessionId: string, options?: RequestOptions): ApiPromise<SessionScoreResponse[]>;

  /**
   * Deletes a score of a session.
   *
   * @throws NotFoundError where the project has no such score.
   * @example
   * ```ts
   * await client.deleteSessionScore("22222222-2222-2222-2222-222222222222");
   * ```
   */
  deleteSessionScore(scoreId: string, options?: RequestOptions): ApiPromise<undefined>;
}
