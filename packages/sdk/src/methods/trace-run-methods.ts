import type {
  CreateBatchEvalRunRequest,
  CreateEvalRunRequest,
  EvalRunResponse,
  EvalRunTemplate,
  GetTraceRunScoresQuery,
  ListTraceRunsQuery,
  RetryEvalRunRequest,
  RunEstimate,
  TraceScoreResponse,
} from "../generated/types.ts";
import type { ApiPromise } from "../http/api-promise.ts";
import type { PagePromise } from "../http/page-promise.ts";
import type { RunEvent } from "../http/run-events.ts";
import type { GetRunOptions, RequestOptions, StreamRunOptions } from "../options/request-options.ts";

export interface DeleteTraceRunOptions extends RequestOptions {
  /** Whether to delete the run's scores too. Default: false, which keeps them without a run. */
  readonly deleteScores?: boolean | undefined;
}

/** The methods for runs over traces. */
export interface TraceRunMethods {
  /**
   * Evaluates the traces that match the filters, or a sample of them, in the background. Resolves with the PENDING run;
   * `waitForRun` waits for its end.
   *
   * @throws BadRequestError for an unknown metric, filter or model provider; ValidationError if nothing matches, or
   * the judge is not configured; RateLimitError over the server's limit (50 a minute by default), after the retries.
   * @example
   * ```ts
   * const run = await client.createTraceRun({
   *   metrics: ["task_completion", "tool_correctness"],
   *   filters: { tags: ["production"], date_from: "2026-03-01" },
   *   sampling_rate: 0.5,
   * });
   * ```
   */
  createTraceRun(body: CreateEvalRunRequest, options?: RequestOptions): ApiPromise<EvalRunResponse>;

  /**
   * Evaluates exactly these traces, in the background. Repeated ids count once.
   *
   * @throws NotFoundError with the ids that the project does not have (no run is created then); otherwise as
   * `createTraceRun`.
   * @example
   * ```ts
   * const run = await client.createTraceRunBatch({
   *   trace_ids: ["11111111-1111-1111-1111-111111111111"],
   *   metrics: ["task_completion"],
   * });
   * ```
   */
  createTraceRunBatch(body: CreateBatchEvalRunRequest, options?: RequestOptions): ApiPromise<EvalRunResponse>;

  /**
   * Estimates the judge calls and the cost of `createTraceRun` with the same body. Creates no run and makes no judge
   * calls. If many traces match, the estimate is based on a random sample.
   *
   * @throws as `createTraceRun`.
   * @example
   * ```ts
   * const { targets, cost_usd } = await client.estimateTraceRun({
   *   metrics: ["task_completion"],
   *   filters: { tags: ["production"] },
   * });
   * ```
   */
  estimateTraceRun(body: CreateEvalRunRequest, options?: RequestOptions): ApiPromise<RunEstimate>;

  /**
   * Lists runs over traces, newest first. Await it to get one page of `limit` runs (50 by default), or use `for await`
   * to get all from that page on.
   *
   * @throws ValidationError for an unknown status.
   * @example
   * ```ts
   * const { items } = await client.listTraceRuns({ status: "RUNNING" });
   * ```
   */
  listTraceRuns(query?: ListTraceRunsQuery, options?: RequestOptions): PagePromise<EvalRunResponse>;

  /**
   * Gets a run: its progress, and how it ended. With `waitSeconds`, the server responds when something about it
   * changes.
   *
   * @throws NotFoundError if the project has no such run over traces.
   * @example
   * ```ts
   * const run = await client.getTraceRun("33333333-3333-3333-3333-333333333333", { waitSeconds: 30 });
   * ```
   */
  getTraceRun(runId: string, options?: GetRunOptions): ApiPromise<EvalRunResponse>;

  /**
   * Streams the events of a run over one connection: the run at the start and after every change, until it has ended or
   * is deleted. Opening the stream is retried like any call. `watchRun` also resumes a stream that breaks, and works
   * even if streams do not.
   *
   * @throws NotFoundError if the project has no such run; ConnectionError if the connection breaks, and TimeoutError
   * if it is silent for `timeoutMs` (pass the `id` of the last event as `lastEventId` to resume); ApiError if the
   * response is not a stream.
   * @example
   * ```ts
   * for await (const { event, data } of client.streamTraceRun("33333333-3333-3333-3333-333333333333")) {
   *   if (event !== "deleted") console.log(event, data.status, data.evaluated_count);
   * }
   * ```
   */
  streamTraceRun(runId: string, options?: StreamRunOptions): AsyncGenerator<RunEvent, void, undefined>;

  /**
   * Gets the scores of a run so far, newest first: all of them, unless you set `limit` and `offset`.
   *
   * @throws NotFoundError if the project has no such run over traces.
   * @example
   * ```ts
   * const scores = await client.getTraceRunScores("33333333-3333-3333-3333-333333333333");
   * const failed = scores.filter((score) => score.status === "FAILED");
   * ```
   */
  getTraceRunScores(
    runId: string,
    query?: GetTraceRunScoresQuery,
    options?: RequestOptions,
  ): ApiPromise<TraceScoreResponse[]>;

  /**
   * Starts a new run over the traces and metrics of an ended run that have no successful score.
   *
   * @throws NotFoundError if the project has no such run; ValidationError if it has not ended, or nothing is left to
   * retry.
   * @example
   * ```ts
   * const again = await client.retryTraceRun("33333333-3333-3333-3333-333333333333");
   * ```
   */
  retryTraceRun(
    runId: string,
    body?: RetryEvalRunRequest,
    options?: RequestOptions,
  ): ApiPromise<EvalRunResponse>;

  /**
   * Cancels a run: it ends FAILED, with the `error_message` "Cancelled". Its scores so far are kept and no new judge
   * call starts; `retryTraceRun` evaluates the other items later. A run that has ended is returned unchanged.
   *
   * @throws NotFoundError if the project has no such run over traces.
   * @example
   * ```ts
   * const run = await client.cancelTraceRun("33333333-3333-3333-3333-333333333333");
   * ```
   */
  cancelTraceRun(runId: string, options?: RequestOptions): ApiPromise<EvalRunResponse>;

  /**
   * Deletes a run, and stops it if it has not ended. Its scores are kept unless `deleteScores` is true.
   *
   * @throws NotFoundError if the project has no such run over traces.
   * @example
   * ```ts
   * await client.deleteTraceRun("33333333-3333-3333-3333-333333333333", { deleteScores: true });
   * ```
   */
  deleteTraceRun(runId: string, options?: DeleteTraceRunOptions): ApiPromise<undefined>;

  /**
   * Gets a metric with its prompts, and a request body from which you can create a run.
   *
   * @throws BadRequestError for an unknown metric.
   * @example
   * ```ts
   * const { metric } = await client.getTraceRunTemplate("task_completion");
   * ```
   */
  getTraceRunTemplate(metric: string, options?: RequestOptions): ApiPromise<EvalRunTemplate>;
}
