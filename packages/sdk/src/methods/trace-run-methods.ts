import type { ApiPromise } from "../api-promise.ts";
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
import type { PagePromise } from "../page-promise.ts";
import type { GetRunOptions, RequestOptions, StreamRunOptions } from "../request-options.ts";
import type { RunEvent } from "../run-events.ts";

export interface DeleteTraceRunOptions extends RequestOptions {
  /** Whether the run's scores are deleted too. Default: false, they stay without a run. */
  readonly deleteScores?: boolean | undefined;
}

export interface TraceRunMethods {
  /**
   * Evaluates the traces that match the filters, or a sample of them, in the background. Resolves with the PENDING run;
   * `waitForRun` waits for its end.
   *
   * @throws BadRequestError for an unknown metric, filter or model provider; ValidationError where nothing matches, or the
   * judge is not configured; RateLimitError beyond the server's limit (50 a minute by default), after the retries.
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
   * @throws NotFoundError that lists the ids which the project does not have, and no run is made; else as
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
   * Says what `createTraceRun` with the same body would ask its models, and what that would cost. No run is made, and nobody
   * is asked. Of many traces a random sample is looked at.
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
   * Lists runs over traces, newest first. Awaited, it gives one page (50 unless `limit` says otherwise); `for await` gives
   * all from there on.
   *
   * @throws ValidationError for a status that is none.
   * @example
   * ```ts
   * const { items } = await client.listTraceRuns({ status: "RUNNING" });
   * ```
   */
  listTraceRuns(query?: ListTraceRunsQuery, options?: RequestOptions): PagePromise<EvalRunResponse>;

  /**
   * Gets a run: how far it has come, and how it ended. With `waitSeconds`, once something about it changes.
   *
   * @throws NotFoundError where the project has no such run.
   * @example
   * ```ts
   * const run = await client.getTraceRun("33333333-3333-3333-3333-333333333333", { waitSeconds: 30 });
   * ```
   */
  getTraceRun(runId: string, options?: GetRunOptions): ApiPromise<EvalRunResponse>;

  /**
   * Goes through the events of a run over one connection: the run as it is at first, then on every change, until it has
   * ended or is deleted. Opening is repeated as any call; `watchRun` also resumes, and works where nothing streams.
   *
   * @throws NotFoundError where the project has no such run; ConnectionError where the connection breaks, and TimeoutError
   * where it is silent for `timeoutMs`: the `id` of the last event, as `lastEventId`, resumes; ApiError where the answer is
   * no stream.
   * @example
   * ```ts
   * for await (const { event, data } of client.streamTraceRun("33333333-3333-3333-3333-333333333333")) {
   *   if (event !== "deleted") console.log(event, data.status, data.evaluated_count);
   * }
   * ```
   */
  streamTraceRun(runId: string, options?: StreamRunOptions): AsyncGenerator<RunEvent, void, undefined>;

  /**
   * Gets the scores that a run has made so far: all of them, newest first, unless `limit` and `offset` say otherwise.
   *
   * @throws NotFoundError where the project has no such run.
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
   * Starts a new run over exactly the trace and metric pairs of an ended one that have no successful score.
   *
   * @throws NotFoundError where the project has no such run; ValidationError where it is still going on, or there is
   * nothing to retry.
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
   * Cancels a run: it ends FAILED, with `error_message` "Cancelled". What has ended keeps its scores, no new judge call
   * starts, and `retryTraceRun` goes on later. A run that has ended is returned as it is.
   *
   * @throws NotFoundError where the project has no such run.
   * @example
   * ```ts
   * const run = await client.cancelTraceRun("33333333-3333-3333-3333-333333333333");
   * ```
   */
  cancelTraceRun(runId: string, options?: RequestOptions): ApiPromise<EvalRunResponse>;

  /**
   * Deletes a run, and stops it if it is still going on. Its scores stay, unless `deleteScores` is true.
   *
   * @throws NotFoundError where the project has no such run.
   * @example
   * ```ts
   * await client.deleteTraceRun("33333333-3333-3333-3333-333333333333", { deleteScores: true });
   * ```
   */
  deleteTraceRun(runId: string, options?: DeleteTraceRunOptions): ApiPromise<undefined>;

  /**
   * Gets everything about one metric, its prompts included, as a request to start from.
   *
   * @throws BadRequestError for an unknown metric.
   * @example
   * ```ts
   * const { metric } = await client.getTraceRunTemplate("task_completion");
   * ```
   */
  getTraceRunTemplate(metric: string, options?: RequestOptions): ApiPromise<EvalRunTemplate>;
}
