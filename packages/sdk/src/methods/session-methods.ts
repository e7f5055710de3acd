import type { ApiPromise } from "../api-promise.ts";
import type {
  GetSessionAnalyticsQuery,
  GetSessionQuery,
  ListSessionsQuery,
  SessionAnalyticsBucket,
  SessionDeleteResponse,
  SessionDetail,
  SessionSummary,
} from "../generated/types.ts";
import type { PagePromise } from "../page-promise.ts";
import type { RequestOptions } from "../request-options.ts";

export interface SessionMethods {
  /**
   * Lists sessions (all traces of one conversation make a session), latest activity first unless `sort_by` and
   * `sort_order` say otherwise. Filters choose sessions that have a matching trace. Awaited, it gives one page (50 unless
   * `limit` says otherwise); `for await` gives all from there on.
   *
   * @throws ValidationError for a filter that cannot be read.
   * @example
   * ```ts
   * const { items, total } = await client.listSessions({ has_error: true });
   * ```
   */
  listSessions(query?: ListSessionsQuery, options?: RequestOptions): PagePromise<SessionSummary>;

  /**
   * Statistics of the sessions whose first trace started in a period, by hour, day (unless `granularity` says otherwise) or
   * week, in UTC; buckets without sessions are left out.
   *
   * @throws BadRequestError where `started_after` is not before `started_before`.
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
   * Gets a session with a page of its traces (200 unless `limit` says otherwise), in the order they started.
   *
   * @throws NotFoundError where the project has no such session; TypeError for an id of `""`, `.` or `..`. A session called
   * `analytics` cannot be read this way: the address is that of the statistics; use `listTraces({ session_id: "analytics" })`.
   * @example
   * ```ts
   * const session = await client.getSession("support/4711", { limit: 20 });
   * ```
   */
  getSession(sessionId: string, query?: GetSessionQuery, options?: RequestOptions): ApiPromise<SessionDetail>;

  /**
   * Deletes a session: its traces with their spans and scores, and its own scores.
   *
   * @throws NotFoundError where the project has no such session; TypeError for an id of `""`, `.` or `..`.
   * @example
   * ```ts
   * const { deleted } = await client.deleteSession("support/4711");
   * ```
   */
  deleteSession(sessionId: string, options?: RequestOptions): ApiPromise<SessionDeleteResponse>;
}
