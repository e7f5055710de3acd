import type { ApiPromise } from "../api-promise.ts";
import type { MetricSummary, ProviderInfo } from "../generated/types.ts";
import type { RequestOptions } from "../request-options.ts";

export interface MetricMethods {
  /**
   * Lists the metrics that can be run on a trace by itself.
   *
   * @throws AuthenticationError for a wrong key, as every method.
   * @example
   * ```ts
   * const names = (await client.listTraceMetrics()).map((metric) => metric.name);
   * ```
   */
  listTraceMetrics(options?: RequestOptions): ApiPromise<MetricSummary[]>;

  /**
   * Lists the metrics that can be run on a whole session.
   *
   * @throws AuthenticationError for a wrong key, as every method.
   * @example
   * ```ts
   * const names = (await client.listSessionMetrics()).map((metric) => metric.name);
   * ```
   */
  listSessionMetrics(options?: RequestOptions): ApiPromise<MetricSummary[]>;

  /**
   * Lists the judge providers that the server knows, and whether each is configured.
   *
   * @throws AuthenticationError for a wrong key, as every method.
   * @example
   * ```ts
   * for (const provider of await client.listProviders()) {
   *   console.log(provider.key, provider.available ? "ready" : provider.message);
   * }
   * ```
   */
  listProviders(options?: RequestOptions): ApiPromise<ProviderInfo[]>;
}
