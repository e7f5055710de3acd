import type { ApiPromise } from "../api-promise.ts";
import type {
  GetSessionScoreComparisonQuery,
  GetSessionScoreDistributionQuery,
  GetSessionScoreHistoryQuery,
  GetSessionScoreSummaryQuery,
  GetSessionScoreTrendQuery,
  GetTraceScoreDistributionQuery,
  GetTraceScoreSummaryQuery,
  GetTraceScoreTrendQuery,
  ScoreDistributionItem,
  ScoreSummaryItem,
  ScoreTrendItem,
  SessionComparisonItem,
  SessionScoreHistoryItem,
} from "../generated/types.ts";
import type { PagePromise } from "../page-promise.ts";
import type { RequestOptions } from "../request-options.ts";

export interface ScoreAnalyticsMethods {
  /**
   * Summarizes the scores of traces by metric, in the order of their names: mean, least, greatest and exact median of the
   * numbers, and how many scores succeeded and failed.
   *
   * @throws BadRequestError where `date_from` is not before `date_to`; ValidationError for a date that cannot be read.
   * @example
   * ```ts
   * for (const row of await client.getTraceScoreSummary({ date_from: "2026-03-01" })) {
   *   console.log(row.metric_name, row.avg_score, row.median_score);
   * }
   * ```
   */
  getTraceScoreSummary(
    query?: GetTraceScoreSummaryQuery,
    options?: RequestOptions,
  ): ApiPromise<ScoreSummaryItem[]>;

  /**
   * Follows the mean of a metric of traces, by hour, day (unless `granularity` says otherwise) or week of UTC, in order of
   * time. Buckets without a score are left out.
   *
   * @throws BadRequestError where `date_from` is not before `date_to`; ValidationError for a parameter that cannot be read.
   * @example
   * ```ts
   * const weeks = await client.getTraceScoreTrend({ metric_name: "task_completion", granularity: "week" });
   * ```
   */
  getTraceScoreTrend(query: GetTraceScoreTrendQuery, options?: RequestOptions): ApiPromise<ScoreTrendItem[]>;

  /**
   * Counts the scores of a metric of traces in equal parts of [0, 1] (10 unless `buckets` says otherwise), empty ones
   * included; nothing where there is no score to count.
   *
   * @throws BadRequestError where `date_from` is not before `date_to`; ValidationError for a parameter that cannot be read.
   * @example
   * ```ts
   * const parts = await client.getTraceScoreDistribution({ metric_name: "task_completion", buckets: 20 });
   * for (const { bucket_min, count } of parts) console.log(bucket_min, "#".repeat(count));
   * ```
   */
  getTraceScoreDistribution(
    query: GetTraceScoreDistributionQuery,
    options?: RequestOptions,
  ): ApiPromise<ScoreDistributionItem[]>;

  /**
   * Summarizes the scores of sessions by metric, as `getTraceScoreSummary` does those of traces.
   *
   * @throws BadRequestError where `date_from` is not before `date_to`; ValidationError for a date that cannot be read.
   * @example
   * ```ts
   * const [first] = await client.getSessionScoreSummary();
   * ```
   */
  getSessionScoreSummary(
    query?: GetSessionScoreSummaryQuery,
    options?: RequestOptions,
  ): ApiPromise<ScoreSummaryItem[]>;

  /**
   * Follows the mean of a metric of sessions, as `getTraceScoreTrend` does one of traces.
   *
   * @throws BadRequestError where `date_from` is not before `date_to`; ValidationError for a parameter that cannot be read.
   * @example
   * ```ts
   * const days = await client.getSessionScoreTrend({ metric_name: "agent_reliability" });
   * ```
   */
  getSessionScoreTrend(
    query: GetSessionScoreTrendQuery,
    options?: RequestOptions,
  ): ApiPromise<ScoreTrendItem[]>;

  /**
   * Counts the scores of a metric of sessions in equal parts of [0, 1], as `getTraceScoreDistribution` does those of traces.
   *
   * @throws BadRequestError where `date_from` is not before `date_to`; ValidationError for a parameter that cannot be read.
   * @example
   * ```ts
   * const halves = await client.getSessionScoreDistribution({ metric_name: "agent_reliability", buckets: 2 });
   * ```
   */
  getSessionScoreDistribution(
    query: GetSessionScoreDistributionQuery,
    options?: RequestOptions,
  ): ApiPromise<ScoreDistributionItem[]>;

  /**
   * Gets the newest scores of a session (50 unless `limit` says otherwise), whatever their status, oldest first; nothing
   * for an unknown session.
   *
   * @throws ValidationError for a parameter that cannot be read; TypeError for an id of `""`, `.` or `..`.
   * @example
   * ```ts
   * const history = await client.getSessionScoreHistory("support/4711", { metric_name: "agent_reliability" });
   * ```
   */
  getSessionScoreHistory(
    sessionId: string,
    query?: GetSessionScoreHistoryQuery,
    options?: RequestOptions,
  ): ApiPromise<SessionScoreHistoryItem[]>;

  /**
   * Ranks sessions by their newest successful score of a metric, the lowest first unless `sort_order` says otherwise.
   * Awaited, it gives one page (20 unless `limit` says otherwise); `for await` gives all from there on.
   *
   * @throws ValidationError for a parameter that cannot be read.
   * @example
   * ```ts
   * const { items: worst } = await client.getSessionScoreComparison({
   *   metric_name: "agent_reliability",
   *   limit: 5,
   * });
   * ```
   */
  getSessionScoreComparison(
    query: GetSessionScoreComparisonQuery,
    options?: RequestOptions,
  ): PagePromise<SessionComparisonItem>;
}
