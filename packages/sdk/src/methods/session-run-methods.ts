import type {
  CreateBatchSessionEvalRunRequest,
  CreateSessionEvalRunRequest,
  EvalRunResponse,
  GetSessionRunScoresQuery,
  ListSessionRunsQuery,
  RetryEvalRunRequest,
  RunEstimate,
  SessionScoreResponse,
} from "../generated/types.ts";
import type { ApiPromise } from "../http/api-promise.ts";
import type { PagePromise } from "../http/page-promise.ts";
import type { RunEvent } from "../http/run-events.ts";
import type { GetRunOptions, RequestOptions, StreamRunOptions } from "../options/request-options.ts";

export interface DeleteSessionRunOptions extends RequestOptions {
  /**
   * Whether to delete the run's scores and the signals of its traces too. Default: false, which keeps them
   * without a run.
   */
  readonly deleteScores?: boolean | undefined;
}

/** The methods for runs over sessions. */
export interface SessionRunMethods {
  /**
   * Evaluates the sessions that match the filters, or a sample of them, in the background. Resolves with the PENDING
   * run; `waitForRun` waits for its end.
   *
   * @throws BadRequestError for an unknown metric, filter or model provider, or invalid signal weights;
   * ValidationError if nothing matches, or the judge or its embedding model is not configured; RateLimitError over
   * the server's limit (50 a minute by default), after the retries.
   * @example
   * ```ts
   * const run = await client.createSessionRun({
   *   metrics: ["agent_reliability", "agent_consistency"],
   *   filters: { date_from: "2026-03-01", min_trace_count: 3 },
   *   signal_weights: { loop_detection: 1.5 },
   * });
   * ```
   */
  createSessionRun(body: CreateSessionEvalRunRequest, options?: RequestOptions): ApiPromise<EvalRunResponse>;

  /**
   * Evaluates exactly these sessions, in the background. Repeated ids count once.
   *
   * @throws NotFoundError with the ids that the project does not have (no run is created then); otherwise as
   * `createSessionRun`.
   * @example
   * ```ts
   * const run = await client.createSessionRunBatch({
   *   session_ids: ["support/4711", "support/4712"],
   *   metrics: ["agent_reliability"],
   * });
   * ```
   */
  createSessionRunBatch(
    body: CreateBatchSessionEvalRunRequest,
    options?: RequestOptions,
  ): ApiPromise<EvalRunResponse>;

  /**
   * Estimates the judge calls and the cost of `createSessionRun` with the same body. Creates no run and makes no judge
   * calls. If many sessions match, the estimate is based on a random sample.
   *
   * @throws as `createSessionRun`.
   * @example
   * ```ts
   * const { targets, cost_usd } = await client.estimateSessionRun({ metrics: ["agent_reliability"] });
   * ```
   */
  estimateSessionRun(body: CreateSessionEvalRunRequest, options?: RequestOptions): ApiPromise<RunEstimate>;

  /**
   * Lists runs over sessions, newest first. Await it to get one page of `limit` runs (50 by default), or use `for
   * await` to get all from that page on.
   *
   * @throws ValidationError for an unknown status.
   * @example
   * ```ts
   * const { items } = await client.listSessionRuns({ status: "RUNNING" });
   * ```
   */
  listSessionRuns(query?: ListSessionRunsQuery, options?: RequestOptions): PagePromise<EvalRunResponse>;

  /**
   * Gets a run over sessions: its progress, and how it ended. With `waitSeconds`, the server responds when something
   * about it changes.
   *
   * @throws NotFoundError if the project has no such run over sessions.
   * @example
   * ```ts
   * const run = await client.getSessionRun("33333333-3333-3333-3333-333333333333", { waitSeconds: 30 });
   * ```
   */
  getSessionRun(runId: string, options?: GetRunOptions): ApiPromise<EvalRunResponse>;

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
   * for await (const { event, data } of client.streamSessionRun("33333333-3333-3333-3333-333333333333")) {
   *   if (event !== "deleted") console.log(event, data.status, data.evaluated_count);
   * }
   * ```
   */
  streamSessionRun(runId: string, options?: StreamRunOptions): AsyncGenerator<RunEvent, void, undefined>;

  /**
   * Gets the session scores of a run so far, newest first: all of them, unless you set `limit` and `offset`.
   * The signals behind them are trace scores: `listTraceScores({ eval_run_id })`.
   *
   * @throws NotFoundError if the project has no such run over sessions.
   * @example
   * ```ts
   * const scores = await client.getSessionRunScores("33333333-3333-3333-3333-333333333333");
   * const incomplete = scores.filter((score) => "failed_signals" in score.metadata);
   * ```
   */
  getSessionRunScores(
    runId: string,
    query?: GetSessionRunScoresQuery,
    options?: RequestOptions,
  ): ApiPromise<SessionScoreResponse[]>;

  /**
   * Starts a new run over the sessions and metrics of an ended run that have no successful score, or a score that lacks
   * signals. Signals that the original run has are not evaluated again.
   *
   * @throws NotFoundError if the project has no such run over sessions; ValidationError if it has not ended, or
   * nothing is left to retry.
   * @example
   * ```ts
   * const again = await client.retrySessionRun("33333333-3333-3333-3333-333333333333");
   * ```
   */
  retrySessionRun(
    runId: string,
    body?: RetryEvalRunRequest,
    options?: RequestOptions,
  ): ApiPromise<EvalRunResponse>;

  /**
   * Cancels a run over sessions: it ends FAILED, with the `error_message` "Cancelled". Its scores so far are kept and
   * no new judge call starts; `retrySessionRun` evaluates the other items later. A run that has ended is returned
   * unchanged.
   *
   * @throws NotFoundError if the project has no such run over sessions.
   * @example
   * ```ts
   * const run = await client.cancelSessionRun("33333333-3333-3333-3333-333333333333");
   * ```
   */
  cancelSessionRun(runId: string, options?: RequestOptions): ApiPromise<EvalRunResponse>;

  /**
   * Deletes a run over sessions, and stops it if it has not ended. Its scores and signals are kept unless
   * `deleteScores` is true.
   *
   * @throws NotFoundError if the project has no such run over sessions.
   * @example
   * ```ts
   * await client.deleteSessionRun("33333333-3333-3333-3333-333333333333", { deleteScores: true });
   * ```
   */
  deleteSessionRun(runId: string, options?: DeleteSessionRunOptions): ApiPromise<undefined>;
}
