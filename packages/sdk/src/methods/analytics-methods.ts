import type {
  AnalyticsBucket,
  AnalyticsMetric,
  GetSessionScoreComparisonQuery,
  GetSessionScoreDistributionQuery,
  GetSessionScoreHistoryQuery,
  GetSessionScoreSummaryQuery,
  GetSessionScoreTrendQuery,
  GetTraceAnalyticsQuery,
  GetTraceScoreDistributionQuery,
  GetTraceScoreSummaryQuery,
  GetTraceScoreTrendQuery,
  ListTraceUsersQuery,
  ScoreDistributionItem,
  ScoreSummaryItem,
  ScoreTrendItem,
  SessionComparisonItem,
  SessionScoreHistoryItem,
  TokenCostBucket,
  TopModel,
  UserSummary,
} from "../generated/types.ts";
import type { ApiPromise } from "../http/api-promise.ts";
import type { KeysetPage, PagePromise } from "../http/page-promise.ts";
import type { RequestOptions } from "../options/request-options.ts";

/** The type of a row of `getTraceAnalytics`, by `metric`. */
export interface TraceAnalyticsRows extends Record<AnalyticsMetric, unknown> {
  readonly volume: AnalyticsBucket;
  readonly errors: AnalyticsBucket;
  readonly latency: AnalyticsBucket;
  readonly cost: TokenCostBucket;
  readonly tokens: TokenCostBucket;
  readonly models: TopModel;
}

/** The methods for statistics of traces and scores. */
export interface AnalyticsMethods {
  /**
   * Gets statistics of the traces that started in a period, by hour, day (the default) or week, in UTC. Buckets without
   * traces are left out. The metrics `volume`, `errors` and `latency` give counts and latencies, `cost` and `tokens`
   * give usage, and `models` gives the 100 most called models.
   *
   * @throws BadRequestError if `started_after` is not before `started_before`.
   * @example
   * ```ts
   * const days = await client.getTraceAnalytics({
   *   metric: "latency",
   *   started_after: "2026-03-01",
   *   started_before: "2026-04-01",
   * });
   * for (const { bucket, p90_latency_ms } of days) console.log(bucket, p90_latency_ms);
   * ```
   */
  getTraceAnalytics<Metric extends AnalyticsMetric = "volume">(
    query: GetTraceAnalyticsQuery & { metric?: Metric | undefined },
    options?: RequestOptions,
  ): ApiPromise<TraceAnalyticsRows[Metric][]>;

  /**
   * Lists the users named in traces, the most recently active first. Await it to get one page of `limit` users (50 by
   * default), or use `for await` to get all from that page on.
   *
   * @throws ValidationError for an invalid `limit` or `offset`.
   * @example
   * ```ts
   * for await (const { user_id, error_count } of client.listTraceUsers()) console.log(user_id, error_count);
   * ```
   */
  listTraceUsers(
    query?: ListTraceUsersQuery,
    options?: RequestOptions,
  ): PagePromise<UserSummary, KeysetPage<UserSummary>>;

  /**
   * Summarizes the scores of traces by metric, sorted by name: mean, minimum, maximum and exact median, and how many
   * scores succeeded and failed.
   *
   * @throws BadRequestError if `date_from` is not before `date_to`; ValidationError for an invalid date.
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
   * Gets the mean of a metric's trace scores over time, by hour, day (the default) or week, in UTC. Buckets without
   * scores are left out.
   *
   * @throws BadRequestError if `date_from` is not before `date_to`; ValidationError for an invalid parameter.
   * @example
   * ```ts
   * const weeks = await client.getTraceScoreTrend({ metric_name: "task_completion", granularity: "week" });
   * ```
   */
  getTraceScoreTrend(query: GetTraceScoreTrendQuery, options?: RequestOptions): ApiPromise<ScoreTrendItem[]>;

  /**
   * Counts a metric's trace scores in equal parts of [0, 1]: `buckets` of them (10 by default), including empty ones.
   * Returns an empty array if there is no score.
   *
   * @throws BadRequestError if `date_from` is not before `date_to`; ValidationError for an invalid parameter.
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
   * Summarizes the scores of sessions by metric, as `getTraceScoreSummary` does for traces.
   *
   * @throws BadRequestError if `date_from` is not before `date_to`; ValidationError for an invalid date.
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
   * Gets the mean of a metric's session scores over time, as `getTraceScoreTrend` does for traces.
   *
   * @throws BadRequestError if `date_from` is not before `date_to`; ValidationError for an invalid parameter.
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
   * Counts a metric's session scores in equal parts of [0, 1], as `getTraceScoreDistribution` does for traces.
   *
   * @throws BadRequestError if `date_from` is not before `date_to`; ValidationError for an invalid parameter.
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
   * Gets the newest `limit` scores of a session (50 by default), oldest first and of any status. Returns an empty array
   * for an unknown session.
   *
   * @throws ValidationError for an invalid parameter; TypeError for an id of `""`, `.` or `..`.
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
   * Ranks sessions by their newest successful score of a metric, the lowest first (see `sort_order`). Await it to get
   * one page of `limit` sessions (20 by default), or use `for await` to get all from that page on.
   *
   * @throws ValidationError for an invalid parameter.
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
