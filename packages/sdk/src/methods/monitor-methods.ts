import type {
  CreateMonitorRequest,
  EvalRunResponse,
  ListMonitorRunsQuery,
  ListMonitorsQuery,
  MonitorResponse,
  UpdateMonitorRequest,
} from "../generated/types.ts";
import type { ApiPromise } from "../http/api-promise.ts";
import type { PagePromise } from "../http/page-promise.ts";
import type { RequestOptions } from "../options/request-options.ts";

/** The methods for monitors. */
export interface MonitorMethods {
  /**
   * Creates a monitor, which creates a run over everything that matches at each tick of its cadence. By default a tick
   * is skipped if no matching trace was stored or changed since the last run.
   *
   * @throws BadRequestError for an unknown metric, filter or model provider, or an invalid cadence; ValidationError for an unknown time zone, or if the judge is not configured.
   * @example
   * ```ts
   * const monitor = await client.createMonitor({
   *   name: "Production, every morning",
   *   target_type: "TRACE",
   *   metrics: ["task_completion"],
   *   filters: { tags: ["production"] },
   *   cadence: "cron:30 6 * * MON-FRI",
   *   timezone: "Europe/Berlin",
   * });
   * ```
   */
  createMonitor(body: CreateMonitorRequest, options?: RequestOptions): ApiPromise<MonitorResponse>;

  /**
   * Lists monitors, newest first. Await it to get one page of `limit` monitors (50 by default), or use `for await` to
   * get all from that page on.
   *
   * @throws ValidationError for an unknown status.
   * @example
   * ```ts
   * const { items } = await client.listMonitors({ status: "ACTIVE" });
   * ```
   */
  listMonitors(query?: ListMonitorsQuery, options?: RequestOptions): PagePromise<MonitorResponse>;

  /**
   * Gets a monitor: what it evaluates and when, its last run and its next tick.
   *
   * @throws NotFoundError if the project has no such monitor.
   * @example
   * ```ts
   * const { next_run_at } = await client.getMonitor("44444444-4444-4444-4444-444444444444");
   * ```
   */
  getMonitor(monitorId: string, options?: RequestOptions): ApiPromise<MonitorResponse>;

  /**
   * Changes the fields of a monitor that you send; `null` clears `model` and `signal_weights`. A new cadence or time
   * zone resets the next tick. A paused monitor stays paused.
   *
   * @throws NotFoundError if the project has no such monitor; otherwise as `createMonitor`.
   * @example
   * ```ts
   * await client.updateMonitor("44444444-4444-4444-4444-444444444444", { cadence: "weekly" });
   * ```
   */
  updateMonitor(
    monitorId: string,
    body: UpdateMonitorRequest,
    options?: RequestOptions,
  ): ApiPromise<MonitorResponse>;

  /**
   * Deletes a monitor. Its runs are kept.
   *
   * @throws NotFoundError if the project has no such monitor.
   * @example
   * ```ts
   * await client.deleteMonitor("44444444-4444-4444-4444-444444444444");
   * ```
   */
  deleteMonitor(monitorId: string, options?: RequestOptions): ApiPromise<undefined>;

  /**
   * Stops the ticks of a monitor until it is resumed. Does nothing if it is already paused.
   *
   * @throws NotFoundError if the project has no such monitor.
   * @example
   * ```ts
   * await client.pauseMonitor("44444444-4444-4444-4444-444444444444");
   * ```
   */
  pauseMonitor(monitorId: string, options?: RequestOptions): ApiPromise<MonitorResponse>;

  /**
   * Resumes a paused monitor with the next tick of its cadence. Does nothing if it is active.
   *
   * @throws NotFoundError if the project has no such monitor.
   * @example
   * ```ts
   * const { next_run_at } = await client.resumeMonitor("44444444-4444-4444-4444-444444444444");
   * ```
   */
  resumeMonitor(monitorId: string, options?: RequestOptions): ApiPromise<MonitorResponse>;

  /**
   * Creates a run of a monitor now, even if the monitor is paused or nothing has changed. `waitForRun` waits for its
   * end.
   *
   * @throws NotFoundError if the project has no such monitor; ValidationError if nothing matches, or the judge is no
   * longer configured; RateLimitError over the server's limit (10 a minute by default), after the retries.
   * @example
   * ```ts
   * const run = await client.triggerMonitor("44444444-4444-4444-4444-444444444444");
   * ```
   */
  triggerMonitor(monitorId: string, options?: RequestOptions): ApiPromise<EvalRunResponse>;

  /**
   * Lists the runs that a monitor created, newest first. Await it to get one page of `limit` runs (50 by default), or
   * use `for await` to get all from that page on.
   *
   * @throws NotFoundError if the project has no such monitor.
   * @example
   * ```ts
   * const { items } = await client.listMonitorRuns("44444444-4444-4444-4444-444444444444", { limit: 5 });
   * ```
   */
  listMonitorRuns(
    monitorId: string,
    query?: ListMonitorRunsQuery,
    options?: RequestOptions,
  ): PagePromise<EvalRunResponse>;
}
