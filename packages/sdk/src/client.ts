import type {
  CreateBatchEvalRunRequest,
  CreateBatchSessionEvalRunRequest,
  CreateEvalRunRequest,
  CreateSessionEvalRunRequest,
  EvalRunResponse,
  GetSessionRunScoresQuery,
  GetTraceRunScoresQuery,
  ScorePreference,
  SessionScoreResponse,
  TraceScoreResponse,
} from "./generated/types.ts";
import { headerPairs } from "./http/request-headers.ts";
import { ApiMethods } from "./methods/api-methods.ts";
import type { PandaProbeOptions } from "./options/client-options.ts";
import { type Configuration, configuration } from "./options/configuration.ts";
import { type WatchRunOptions, watchRun } from "./runs/follow-run.ts";
import type { RunProgress } from "./runs/run-progress.ts";
import { RunScores } from "./runs/run-scores.ts";
import { RunSource } from "./runs/run-source.ts";
import { type WaitForRunOptions, waitForRun } from "./runs/wait-for-run.ts";

/** The result of `evaluateTraces`. */
export interface EvaluatedTraces {
  readonly run: EvalRunResponse;
  /** One score per trace and metric, including failed ones, newest first: an array with means and pass rates. */
  readonly scores: RunScores<TraceScoreResponse>;
}

/** The result of `evaluateSessions`. */
export interface EvaluatedSessions {
  readonly run: EvalRunResponse;
  /** One score per session and metric, including failed ones, newest first: an array with means and pass rates. */
  readonly scores: RunScores<SessionScoreResponse>;
}

export interface EvaluateTracesOptions extends WaitForRunOptions {
  /** For the request that creates the run: for 24 hours, the same key returns the same run. */
  readonly idempotencyKey?: string | undefined;
  /**
   * Whose scores replace the run's, if the trace or session has one with the same name and has not changed since: a
   * person's (`person`), any ANNOTATION (`annotation`), or none (`null`). Default: `person`.
   */
  readonly prefer?: ScorePreference | null | undefined;
}

export type EvaluateSessionsOptions = EvaluateTracesOptions;

/** What `getTraceRunScores` and `getSessionRunScores` take; a `null` is left out of the URL. */
type ScoresQuery = GetTraceRunScoresQuery & GetSessionRunScoresQuery;

/**
 * A client of the PandaProbe API, for one project. It holds no connection and no timer, so you can create as many as
 * you like and need not close them.
 *
 * Every method takes options for its call (`signal`, `timeoutMs`, `retries`, …). Calls are retried when that may help,
 * and nothing is done twice. When retries do not help, a method rejects with a `PandaProbeError`: its class says what
 * went wrong, and its message says what to do. Any method may reject with `AuthenticationError`, `RateLimitError`,
 * `ServerError`, `ConnectionError` or `TimeoutError`; its description names the others.
 *
 * @example
 * ```ts
 * const client = new PandaProbe({ apiKey: "sk_pp_…", projectName: "my-agent" });
 * const { scores } = await client.evaluateTraces({ metrics: ["task_completion"] });
 * console.log(scores.mean("task_completion"));
 * ```
 */
export class PandaProbe extends ApiMethods {
  readonly #options: Configuration;
  readonly #runs: RunSource;

  /**
   * @throws PandaProbeError if the key or the project is missing, or an option is invalid; TypeError for a number out
   * of range.
   */
  constructor(options: PandaProbeOptions = {}) {
    const complete = configuration(options);
    super(complete);
    this.#options = complete;
    this.#runs = new RunSource(this, complete.projectName);
  }

  /**
   * Returns a client with the options of this one and the given ones. Headers and hooks are merged; a new one replaces
   * one of the same name.
   *
   * @throws PandaProbeError or TypeError for an invalid option.
   * @example
   * ```ts
   * const staging = client.withOptions({ projectName: "my-agent-staging", timeoutMs: 5_000 });
   * ```
   */
  withOptions(options: PandaProbeOptions): this {
    const headers = [this.#options.headers, options.headers].flatMap(headerPairs);
    const hooks = { ...this.#options.hooks, ...options.hooks };
    // With the constructor of this client, which may be a subclass.
    return new (this.constructor as new (options: PandaProbeOptions) => this)({
      ...this.#options,
      ...options,
      headers,
      hooks,
    });
  }

  /**
   * Waits until a run, over traces or over sessions, has ended, and returns it. Keeps waiting through lost connections,
   * restarts of the server and rate limits. The run continues even if the wait ends.
   *
   * @throws RunFailedError if the run ends FAILED; RunWaitTimeoutError if it has not ended after `timeoutMs` (30
   * minutes by default), or not changed for `stallTimeoutMs`; NotFoundError if the project has no such run, or it is
   * deleted meanwhile.
   * @example
   * ```ts
   * const run = await client.waitForRun("33333333-3333-3333-3333-333333333333", {
   *   timeoutMs: 10 * 60_000,
   *   onProgress: ({ evaluated, total }) => console.log(`${evaluated} of ${total}`),
   * });
   * ```
   */
  waitForRun(runOrId: EvalRunResponse | string, options?: WaitForRunOptions): Promise<EvalRunResponse> {
    return waitForRun(this.#runs, runOrId, options);
  }

  /**
   * Yields the progress of a run, over traces or over sessions: at the start, then at every change, until it has ended,
   * COMPLETED or FAILED. Uses server-sent events if available, and polling otherwise. Leaving the loop stops watching.
   * Times out like `waitForRun`.
   *
   * @throws RunWaitTimeoutError or NotFoundError, like `waitForRun`.
   * @example
   * ```ts
   * for await (const { run, evaluated, total } of client.watchRun("33333333-3333-3333-3333-333333333333")) {
   *   console.log(`${run.status}: ${evaluated} of ${total}`);
   * }
   * ```
   */
  watchRun(
    runOrId: EvalRunResponse | string,
    options?: WatchRunOptions,
  ): AsyncGenerator<RunProgress, void, undefined> {
    return watchRun(this.#runs, runOrId, options);
  }

  /**
   * Evaluates traces and waits for their scores: `createTraceRun` (or `createTraceRunBatch`, for `trace_ids`),
   * `waitForRun` and `getTraceRunScores` in one.
   *
   * @throws what these three methods throw.
   * @example
   * ```ts
   * const { run, scores } = await client.evaluateTraces({
   *   metrics: ["task_completion", "tool_correctness"],
   *   filters: { session_id: "support/4711" },
   * });
   * console.log(scores.mean("task_completion"), scores.passRate("tool_correctness", { min: 0.8 }));
   * console.log(run.failed_count, scores.failed.map(({ reason }) => reason));
   * ```
   */
  async evaluateTraces(
    body: CreateEvalRunRequest | CreateBatchEvalRunRequest,
    { idempotencyKey, prefer = "person", ...waiting }: EvaluateTracesOptions = {},
  ): Promise<EvaluatedTraces> {
    const created = await ("trace_ids" in body
      ? this.createTraceRunBatch(body, { idempotencyKey, signal: waiting.signal })
      : this.createTraceRun(body, { idempotencyKey, signal: waiting.signal }));
    const run = await this.waitForRun(created, waiting);
    return {
      run,
      scores: new RunScores(
        await this.getTraceRunScores(run.id, { prefer } as ScoresQuery, { signal: waiting.signal }),
      ),
    };
  }

  /**
   * Evaluates sessions and waits for their scores: `createSessionRun` (or `createSessionRunBatch`, for `session_ids`),
   * `waitForRun` and `getSessionRunScores` in one.
   *
   * @throws what these three methods throw.
   * @example
   * ```ts
   * const { scores } = await client.evaluateSessions({
   *   metrics: ["agent_reliability"],
   *   session_ids: ["support/4711"],
   * });
   * console.log(scores.of("support/4711", "agent_reliability")?.number);
   * ```
   */
  async evaluateSessions(
    body: CreateSessionEvalRunRequest | CreateBatchSessionEvalRunRequest,
    { idempotencyKey, prefer = "person", ...waiting }: EvaluateSessionsOptions = {},
  ): Promise<EvaluatedSessions> {
    const created = await ("session_ids" in body
      ? this.createSessionRunBatch(body, { idempotencyKey, signal: waiting.signal })
      : this.createSessionRun(body, { idempotencyKey, signal: waiting.signal }));
    const run = await this.waitForRun(created, waiting);
    return {
      run,
      scores: new RunScores(
        await this.getSessionRunScores(run.id, { prefer } as ScoresQuery, { signal: waiting.signal }),
      ),
    };
  }
}
