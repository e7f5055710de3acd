import type { ApiPromise, PagePromise, PandaProbeOptions, RequestOptions } from "@pandaprobe/sdk";
import type {
  ListMetricVersionsQuery,
  MetricDefinition,
  MetricListItem,
  MetricResponse,
  MetricTrial,
  MetricVersion,
  TryMetricRequest,
} from "../generated/types.ts";
import { OpenRequests } from "../open-requests.ts";

/** A server that is asked to try a metric answers within a minute. */
const trialTimeoutMs = 90_000;

/**
 * Manages the metrics that a project defines itself. Runs, monitors and `pandaprobe eval` use them by name, like
 * built-in ones. Changes need a key with the scope `evaluate`. Options, retries and errors are those of the client in
 * `@pandaprobe/sdk`.
 *
 * @example
 * ```ts
 * import { PandaProbeMetrics } from "@pandaprobe/sdk/metrics";
 *
 * const metrics = new PandaProbeMetrics();
 * await metrics.putMetric("refund_policy", {
 *   kind: "checklist",
 *   criteria: [{ id: "checked", question: "Did the agent check the order before it promised a refund?" }],
 * });
 * ```
 */
export class PandaProbeMetrics {
  readonly #requests: OpenRequests;

  /** @throws PandaProbeError or TypeError, like the client in `@pandaprobe/sdk`. */
  constructor(options: PandaProbeOptions = {}) {
    this.#requests = new OpenRequests(options);
  }

  /**
   * Lists the metrics that runs of the project can evaluate: built-in ones, then its own by name.
   *
   * @example
   * ```ts
   * for (const { name, built_in, version } of await metrics.listMetrics()) console.log(name, built_in, version);
   * ```
   */
  listMetrics(options?: RequestOptions): ApiPromise<MetricListItem[]> {
    return this.#requests.request("listMetrics", ["GET", "/evaluations/metrics"], [], {}, options);
  }

  /**
   * Gets a metric with its definition, which is `null` for a built-in one.
   *
   * @throws NotFoundError if there is no such metric.
   * @example
   * ```ts
   * const { version, definition } = await metrics.getMetric("refund_policy");
   * ```
   */
  getMetric(name: string, options?: RequestOptions): ApiPromise<MetricResponse> {
    return this.#requests.request("getMetric", ["GET", "/evaluations/metrics/:"], [name], {}, options);
  }

  /**
   * Creates a metric, or changes it. A definition that differs from the latest one creates a new version; existing runs
   * keep theirs.
   *
   * @throws ValidationError for a definition that cannot work, or the name of a built-in metric.
   * @example
   * ```ts
   * const { version } = await metrics.putMetric("fast", { kind: "latency", max_ms: 2000 });
   * ```
   */
  putMetric(name: string, body: MetricDefinition, options?: RequestOptions): ApiPromise<MetricResponse> {
    return this.#requests.request("putMetric", ["PUT", "/evaluations/metrics/:"], [name], { body }, options);
  }

  /**
   * Judges up to five traces (sessions for a metric of sessions) as a run would, and stores no score: the latest
   * version, another one, or a draft that is not stored yet. It may take a minute. A target that cannot be judged has a
   * result with the status FAILED and a reason.
   *
   * @throws NotFoundError if there is no such metric, version or trace; RateLimitError if the project may not spend
   * more.
   * @example
   * ```ts
   * const { results } = await metrics.tryMetric("fast", {
   *   trace_ids: ["11111111-1111-1111-1111-111111111111"],
   *   definition: { kind: "latency", max_ms: 2000 },
   * });
   * for (const { value, reason } of results) console.log(value, reason);
   * ```
   */
  tryMetric(name: string, body: TryMetricRequest, options?: RequestOptions): ApiPromise<MetricTrial> {
    const slow = { timeoutMs: trialTimeoutMs, ...options };
    return this.#requests.request(
      "tryMetric",
      ["POST", "/evaluations/metrics/:/try"],
      [name],
      { body },
      slow,
    );
  }

  /**
   * Lists the versions of a metric of your own, newest first. Await it to get one page of `limit` versions (50 by
   * default), or use `for await` to get all from that page on.
   *
   * @throws NotFoundError if the project has no such metric.
   * @example
   * ```ts
   * for await (const { version, created_at } of metrics.listMetricVersions("fast")) console.log(version, created_at);
   * ```
   */
  listMetricVersions(
    name: string,
    query?: ListMetricVersionsQuery,
    options?: RequestOptions,
  ): PagePromise<MetricVersion> {
    const route = ["GET", "/evaluations/metrics/:/versions"] as const;
    return this.#requests.page("listMetricVersions", route, [name], query, options);
  }

  /**
   * Deletes a metric of your own with its versions. Its scores stay, and existing runs still use it.
   *
   * @throws NotFoundError if the project has no such metric.
   * @example
   * ```ts
   * await metrics.deleteMetric("fast");
   * ```
   */
  deleteMetric(name: string, options?: RequestOptions): ApiPromise<undefined> {
    return this.#requests.request("deleteMetric", ["DELETE", "/evaluations/metrics/:"], [name], {}, options);
  }
}
