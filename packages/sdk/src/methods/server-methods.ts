import type { Health, MetricSummary, ProviderInfo } from "../generated/types.ts";
import type { ApiPromise } from "../http/api-promise.ts";
import type { RequestOptions } from "../options/request-options.ts";

/** The methods for metrics, judge providers and the server's health. */
export interface ServerMethods {
  /**
   * Lists the metrics for single traces.
   *
   * @throws AuthenticationError for an invalid API key, like every method.
   * @example
   * ```ts
   * const names = (await client.listTraceMetrics()).map((metric) => metric.name);
   * ```
   */
  listTraceMetrics(options?: RequestOptions): ApiPromise<MetricSummary[]>;

  /**
   * Lists the metrics for whole sessions.
   *
   * @throws AuthenticationError for an invalid API key, like every method.
   * @example
   * ```ts
   * const names = (await client.listSessionMetrics()).map((metric) => metric.name);
   * ```
   */
  listSessionMetrics(options?: RequestOptions): ApiPromise<MetricSummary[]>;

  /**
   * Lists the judge providers that the server supports, and whether each is configured.
   *
   * @throws AuthenticationError for an invalid API key, like every method.
   * @example
   * ```ts
   * for (const provider of await client.listProviders()) {
   *   console.log(provider.key, provider.available ? "ready" : provider.message);
   * }
   * ```
   */
  listProviders(options?: RequestOptions): ApiPromise<ProviderInfo[]>;

  /**
   * Checks that the server's process is up. Not retried unless you set `retries`.
   *
   * @throws ConnectionError or TimeoutError if it does not respond.
   * @example
   * ```ts
   * const { status } = await client.getHealth();
   * ```
   */
  getHealth(options?: RequestOptions): ApiPromise<Health>;

  /**
   * Checks that the server can serve: its database is reachable and up to date. Not retried unless you set `retries`.
   *
   * @throws ServerError if it cannot serve yet, or is about to stop; ConnectionError or TimeoutError if it does not
   * respond.
   * @example
   * ```ts
   * await client.getReadiness({ retries: 10 });
   * ```
   */
  getReadiness(options?: RequestOptions): ApiPromise<Health>;
}
