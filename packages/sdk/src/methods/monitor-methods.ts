import type { ApiPromise } from "../api-promise.ts";
import type {
  CreateMonitorRequest,
  EvalRunResponse,
  ListMonitorRunsQuery,
  ListMonitorsQuery,
  MonitorResponse,
  UpdateMonitorRequest,
} from "../generated/types.ts";
import type { PagePromise } from "../page-promise.ts";
import type { RequestOptions } from "../request-options.ts";

export interface MonitorMethods {
  /**
   * Creates a monitor: a run over what matches, at every tick of its cadence. By default a tick is skipped where no
   * matching trace was stored or changed since the last run.
   *
   * @throws BadRequestError for an unknown metric, filter or model provider, or a cadence that is none; ValidationError for
   * an unknown time zone, or where the judge is not configured.
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
   * Lists monitors, newest first. Awaited, it gives one page (50 unless `limit` says otherwise); `for await` gives all from
   * there on.
   *
   * @throws ValidationError for a status that is none.
   * @example
   * ```ts
   * const { items } = await client.listMonitors({ status: "ACTIVE" });
   * ```
   */
  listMonitors(query?: ListMonitorsQuery, options?: RequestOptions): PagePromise<MonitorResponse>;

  /**
   * Gets a monitor: what it evaluates and when, its last run and its next tick.
   *
   * @throws NotFoundError where the project has no such monitor.
   * @example
   * ```ts
   * const { next_run_at } = await client.getMonitor("44444444-4444-4444-4444-444444444444");
   * ```
   */
  getMonitor(monitorId: string, options?: RequestOptions): ApiPromise<MonitorResponse>;

  /**
   * Changes what is sent of a monitor, and nothing else; `null` clears `model` and `signal_weights`. Another cadence or
   * time zone sets the next tick anew; a paused monitor stays paused.
   *
   * @throws NotFoundError where the project has no such monitor; else as `createMonitor`.
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
   * Deletes a monitor. Its runs stay, without one.
   *
   * @throws NotFoundError where the project has no such monitor.
   * @example
   * ```ts
   * await client.deleteMonitor("44444444-4444-4444-4444-444444444444");
   * ```
   */
  deleteMonitor(monitorId: string, options?: RequestOptions): ApiPromise<undefined>;

  /**
   * Stops the ticks of a monitor until it is resumed. One that is paused stays as it is.
   *
   * @throws NotFoundError where the project has no such monitor.
   * @example
   * ```ts
   * await client.pauseMonitor("44444444-4444-4444-4444-444444444444");
   * ```
   */
  pauseMonitor(monitorId: string, options?: RequestOptions): ApiPromise<MonitorResponse>;

  /**
   * Lets a paused monitor go on with the next tick of its cadence. One that is active stays as it is.
   *
   * @throws NotFoundError where the project has no such monitor.
   * @example
   * ```ts
   * const { next_run_at } = await client.resumeMonitor("44444444-4444-4444-4444-444444444444");
   * ```
   */
  resumeMonitor(monitorId: string, options?: RequestOptions): ApiPromise<MonitorResponse>;

  /**
   * Makes a monitor's run now, whether it is paused or not and whether anything changed or not; `waitForRun` waits for its
   * end.
   *
   * @throws NotFoundError where the project has no such monitor; ValidationError where nothing matches, or the judge is not
   * configured any more; RateLimitError beyond the server's limit (10 a minute by default), after the retries.
   * @example
   * ```ts
   * const run = await client.triggerMonitor("44444444-4444-4444-4444-444444444444");
   * ```
   */
  triggerMonitor(monitorId: string, options?: RequestOptions): ApiPromise<EvalRunResponse>;

  /**
   * Lists the runs that a monitor made, newest first. Awaited, it gives one page (50 unless `limit` says otherwise); `for
   * await` gives all from there on.
   *
   * @throws NotFoundError where the project has no such monitor.
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
