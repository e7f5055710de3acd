import type {
  GetSessionAnalyticsQuery,
  GetSessionQuery,
  ListSessionsQuery,
  SessionAnalyticsBucket,
  SessionDeleteResponse,
  SessionDetail,
  SessionSummary,
} from "../generated/types.ts";
import type { ApiPromise } from "../http/api-promise.ts";
import type { KeysetPage, PagePromise } from "../http/page-promise.ts";
import type { RequestOptions } from "../options/request-options.ts";

/** The methods for sessions. */
export interface SessionMethods {
  /**
   * Lists sessions: a session is all traces of one conversation. Latest activity first (see `sort_by` and
   * `sort_order`); filters choose the sessions that have a matching trace. Await it to get one page of `limit` sessions
   * (50 by default), or use `for await` to get all from that page on.
   *
   * @throws ValidationError for an invalid filter.
   * @example
   * ```ts
   * const { items, total } = await client.listSessions({ has_error: true });
   * ```
   */
  listSessions(
    query?: ListSessionsQuery,
    options?: RequestOptions,
  ): PagePromise<SessionSummary, KeysetPage<SessionSummary>>;

  /**
   * Gets statistics of the sessions with a trace that started in a period, by hour, day (the default) or week, in
   * UTC. A session counts in every bucket in which it has a trace. Buckets without sessions are left out.
   *
   * @throws BadRequestError if `started_after` is not before `started_before`.
   * @example
   * ```ts
   * const weeks = await client.getSessionAnalytics({
   *   granularity: "week",
   *   started_after: "2026-01-01",
   *   started_before: "2026-04-01",
   * });
   * ```
   */
  getSessionAnalytics(
    query: GetSessionAnalyticsQuery,
    options?: RequestOptions,
  ): ApiPromise<SessionAnalyticsBucket[]>;

  /**
   * Gets a session with a page of its traces (200 by default, see `limit`), in the order they started. A session with
   * the id `analytics` cannot be read, because that is the path of the statistics: use `listTraces({ session_id:
   * "analytics" })`.
   *
   * @throws NotFoundError if the project has no such session; TypeError for an id of `""`, `.` or `..`.
   * @example
   * ```ts
   * const session = await client.getSession("support/4711", { limit: 20 });
   * ```
   */
  getSession(sessionId: string, query?: GetSessionQuery, options?: RequestOptions): ApiPromise<SessionDetail>;

  /**
   * Deletes a session: its traces with their spans and scores, and its own scores.
   *
   * @throws NotFoundError if the project has no such session; TypeError for an id of `""`, `.` or `..`.
   * @example
   * ```ts
   * const { deleted } = await client.deleteSession("support/4711");
   * ```
   */
  deleteSession(sessionId: string, options?: RequestOptions): ApiPromise<SessionDeleteResponse>;
}
