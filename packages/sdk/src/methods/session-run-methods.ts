import type { ApiPromise } from "../api-promise.ts";
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
import type { PagePromise } from "../page-promise.ts";
import type { GetRunOptions, RequestOptions, StreamRunOptions } from "../request-options.ts";
import type { RunEvent } from "../run-events.ts";

export interface DeleteSessionRunOptions extends RequestOptions {
  /** Whether the run's scores, and the signals of its traces, are deleted too. Default: false, they stay without a run. */
  readonly deleteScores?: boolean | undefined;
}

export interface SessionRunMethods {
  /**
   * Evaluates the sessions that match the filters, or a sample of them, in the background. Resolves with the PENDING run;
   * `waitForRun` waits for its end.
   *
   * @throws BadRequestError for an unknown metric, filter or model provider, or signal weights that cannot be used;
   * ValidationError where nothing matches, or the judge or its embedding model is not configured; RateLimitError beyond
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
   * @throws NotFoundError that lists the ids which the project does not have, and no run is made; else as
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
   * Says what `createSessionRun` with the same body would ask its models, and what that would cost. No run is made, and
   * nobody is asked. Of many sessions a random sample is looked at.
   *
   * @throws as `createSessionRun`.
   * @example
   * ```ts
   * const { targets, cost_usd } = await client.estimateSessionRun({ metrics: ["agent_reliability"] });
   * ```
   */
  estimateSessionRun(body: CreateSessionEvalRunRequest, options?: RequestOptions): ApiPromise<RunEstimate>;

  /**
   * Lists runs over sessions, newest first. Awaited, it gives one page (50 unless `limit` says otherwise); `for await`
   * gives all from there on.
   *
   * @throws ValidationError for a status that is none.
   * @example
   * ```ts
   * const { items } = await client.listSessionRuns({ status: "RUNNING" });
   * ```
   */
  listSessionRuns(query?: ListSessionRunsQuery, options?: RequestOptions): PagePromise<EvalRunResponse>;

  /**
   * Gets a run over sessions: how far it has come, and how it ended. With `waitSeconds`, once something about it changes.
   *
   * @throws NotFoundError where the project has no such session run.
   * @example
   * ```ts
   * const run = await client.getSessionRun("33333333-3333-3333-3333-333333333333", { waitSeconds: 30 });
   * ```
   */
  getSessionRun(runId: string, options?: GetRunOptions): ApiPromise<EvalRunResponse>;

  /**
   * Goes through the events of a run over one connection: the run as it is at first, then on every change, until it has
   * ended or is deleted. Opening is repeated as any call; `watchRun` also resumes, and works where nothing streams.
   *
   * @throws NotFoundError where the project has no such run; ConnectionError where the connection breaks, and TimeoutError
   * where it is silent for `timeoutMs`: the `id` of the last event, as `lastEventId`, resumes; ApiError where the answer is
   * no stream.
   * @example
   * ```ts
   * for await (const { event, data } of client.streamSessionRun("33333333-3333-3333-3333-333333333333")) {
   *   if (event !== "deleted") console.log(event, data.status, data.evaluated_count);
   * }
   * ```
   */
  streamSessionRun(runId: string, options?: StreamRunOptions): AsyncGenerator<RunEvent, void, undefined>;

  /**
   * Gets the session scores that a run has made so far: all of them, newest first, unless `limit` and `offset` say
   * otherwise. The signals that they are made of are trace scores: `listTraceScores({ eval_run_id })`.
   *
   * @throws NotFoundError where the project has no such session run.
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
   * Starts a new run over exactly the session and metric pairs of an ended one that have no successful score, or one that
   * lacks signals. Signals that the original has are not judged again.
   *
   * @throws NotFoundError where the project has no such session run; ValidationError where it is still going on, or there
   * is nothing to retry.
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
   * Cancels a run over sessions: it ends FAILED, with `error_message` "Cancelled". What has ended keeps its scores, no new judge call
   * starts, and `retrySessionRun` goes on later. A run that has ended is returned as it is.
   *
   * @throws NotFoundError where the project has no such session run.
   * @example
   * ```ts
   * const run = await client.cancelSessionRun("33333333-3333-3333-3333-333333333333");
   * ```
   */
  cancelSessionRun(runId: string, options?: RequestOptions): ApiPromise<EvalRunResponse>;

  /**
   * Deletes a run over sessions, and stops it if it is still going on. Its scores and signals stay, unless `deleteScores`
   * is true.
   *
   * @throws NotFoundError where the project has no such session run.
   * @example
   * ```ts
   * await client.deleteSessionRun("33333333-3333-3333-3333-333333333333", { deleteScores: true });
   * ```
   */
  deleteSessionRun(runId: string, options?: DeleteSessionRunOptions): ApiPromise<undefined>;
}
