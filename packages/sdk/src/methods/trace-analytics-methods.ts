import type { ApiPromise } from "../api-promise.ts";
import type {
  AnalyticsBucket,
  AnalyticsMetric,
  GetTraceAnalyticsQuery,
  ListTraceUsersQuery,
  TokenCostBucket,
  TopModel,
  UserSummary,
} from "../generated/types.ts";
import type { PagePromise } from "../page-promise.ts";
import type { RequestOptions } from "../request-options.ts";

/** What a row of `getTraceAnalytics` is, for each metric. */
export interface TraceAnalyticsRows extends Record<AnalyticsMetric, unknown> {
  readonly volume: AnalyticsBucket;
  readonly errors: AnalyticsBucket;
  readonly latency: AnalyticsBucket;
  readonly cost: TokenCostBucket;
  readonly tokens: TokenCostBucket;
  readonly models: TopModel;
}

export interface TraceAnalyticsMethods {
  /**
   * Statistics of the traces that started in a period, by hour, day (unless `granularity` says otherwise) or week, in UTC;
   * buckets without traces are left out. `volume`, `errors` and `latency` give counts and latencies, `cost` and `tokens` what
   * was used, `models` the 100 models called most.
   *
   * @throws BadRequestError where `started_after` is not before `started_before`.
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
   * Lists the users that traces name, the one seen last first. Awaited, it gives one page (50 unless `limit` says otherwise);
   * `for await` gives all from there on.
   *
   * @throws ValidationError for a `limit` or `offset` that cannot be used.
   * @example
   * ```ts
   * for await (const { user_id, error_count } of client.listTraceUsers()) console.log(user_id, error_count);
   * ```
   */
  listTraceUsers(query?: ListTraceUsersQuery, options?: RequestOptions): PagePromise<UserSummary>;
}
