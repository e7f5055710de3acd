import type { PandaProbeOptions } from "./client-options.ts";
import { type Configuration, configuration } from "./configuration.ts";
import { mayPass } from "./errors/may-pass.ts";
import { isNotFoundError, NotFoundError } from "./errors/not-found-error.ts";
import type {
  CreateBatchEvalRunRequest,
  CreateBatchSessionEvalRunRequest,
  CreateEvalRunRequest,
  CreateSessionEvalRunRequest,
  EvalRunResponse,
  SessionScoreResponse,
  TraceScoreResponse,
} from "./generated/types.ts";
import { ApiMethods } from "./methods/api-methods.ts";
import type { OperationOptions } from "./operation.ts";
import { headerPairs } from "./request-headers.ts";
import type { RunProgress } from "./run-progress.ts";
import { RunScores, type ScoreOfRun } from "./run-scores.ts";
import { type WaitForRunOptions, waitForRun } from "./wait-for-run.ts";
import { type ReadRun, type WatchRunOptions, watchRun } from "./watch-run.ts";

/** What `evaluateTraces` gives. */
export interface EvaluatedTraces {
  readonly run: EvalRunResponse;
  /** One score per trace and metric, failed ones included, newest first: an array, with means and pass rates. */
  readonly scores: RunScores<TraceScoreResponse>;
}

/** What `evaluateSessions` gives. */
export interface EvaluatedSessions {
  readonly run: EvalRunResponse;
  /** One score per session and metric, failed ones included, newest first: an array, with means and pass rates. */
  readonly scores: RunScores<SessionScoreResponse>;
}

export interface EvaluateTracesOptions extends WaitForRunOptions {
  /** Of the request that creates the run: the same key gives the same run, for 24 hours. */
  readonly idempotencyKey?: string | undefined;
}

export type EvaluateSessionsOptions = EvaluateTracesOptions;

/**
 * A client of the PandaProbe API, for one project. It holds no connection and no timer: make as many as you like, and
 * there is nothing to close.
 *
 * Every method takes options of its own (`signal`, `timeoutMs`, `retries`, …) and rejects with a `PandaProbeError` whose
 * class tells what is wrong and whose message tells what to do: besides those that it names, `AuthenticationError`,
 * `RateLimitError`, `ServerError`, `ConnectionError` or `TimeoutError`, once retries do not help. Calls are repeated where
 * that may help, and never do a thing twice.
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

  /**
   * @throws PandaProbeError where the key or the project is missing, or they or the endpoint cannot be used; TypeError for
   * a number that is out of its range.
   */
  constructor(options: PandaProbeOptions = {}) {
    const complete = configuration(options);
    super(complete);
    this.#options = complete;
  }

  /**
   * A client like this one, but for these options. Headers and hooks are added to the ones there are; of the same name,
   * the new one counts.
   *
   * @throws PandaProbeError, TypeError where an option cannot be used.
   * @example
   * ```ts
   * const staging = client.withOptions({ projectName: "my-agent-staging", timeoutMs: 5_000 });
   * ```
   */
  withOptions(options: PandaProbeOptions): this {
    const headers = [this.#options.headers, options.headers].flatMap(headerPairs);
    const hooks = { ...this.#options.hooks, ...options.hooks };
    // A client that does more than this one, derived, does so too.
    return new (this.constructor as new (options: PandaProbeOptions) => this)({
      ...this.#options,
      ...options,
      headers,
      hooks,
    });
  }

  /**
   * Waits until a run, over traces or over sessions, has ended, and returns it. Lost connections, restarts of the server
   * and rate limits are waited out; the run itself goes on whatever happens here.
   *
   * @throws RunFailedError where the run ends FAILED; RunWaitTimeoutError where it has not ended after `timeoutMs` (30
   * minutes by default), or not changed for `stallTimeoutMs`; NotFoundError where the project has no such run, or it is
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
    return waitForRun(this.#read, runOrId, options);
  }

  /**
   * Goes through the progress of a run, over traces or over sessions: as it is at first sight, then at every change, which
   * the server streams where it can, and is asked for else. Ends once the run has ended, be it COMPLETED or FAILED; leaving
   * the loop ends the watching. Gives up as `waitForRun` does.
   *
   * @throws RunWaitTimeoutError, NotFoundError as `waitForRun`.
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
    return watchRun(
      this.#read,
      ({ id, target_type }, streaming, silenceMs) =>
        this.events(
          target_type === "SESSION" ? "streamSessionRun" : "streamTraceRun",
          [id],
          streaming,
          silenceMs,
        ),
      runOrId,
      options,
    );
  }

  /**
   * Evaluates traces and waits for their scores: `createTraceRun` (or `createTraceRunBatch`, for `trace_ids`),
   * `waitForRun` and `getTraceRunScores` in one.
   *
   * @throws whatever these three throw.
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
    options?: EvaluateTracesOptions,
  ): Promise<EvaluatedTraces> {
    const create = "trace_ids" in body ? "createTraceRunBatch" : "createTraceRun";
    return this.#evaluate(create, body, "getTraceRunScores", options);
  }

  /**
   * Evaluates sessions and waits for their scores: `createSessionRun` (or `createSessionRunBatch`, for `session_ids`),
   * `waitForRun` and `getSessionRunScores` in one.
   *
   * @throws whatever these three throw.
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
    options?: EvaluateSessionsOptions,
  ): Promise<EvaluatedSessions> {
    const create = "session_ids" in body ? "createSessionRunBatch" : "createSessionRun";
    return this.#evaluate(create, body, "getSessionRunScores", options);
  }

  async #evaluate<Score extends ScoreOfRun>(
    create: "createTraceRun" | "createTraceRunBatch" | "createSessionRun" | "createSessionRunBatch",
    body: object,
    scoresOf: "getTraceRunScores" | "getSessionRunScores",
    { idempotencyKey, ...waiting }: EvaluateTracesOptions = {},
  ): Promise<{ run: EvalRunResponse; scores: RunScores<Score> }> {
    const { signal } = waiting;
    const run = await this.waitForRun(await this[create](body as never, { idempotencyKey, signal }), waiting);
    return {
      run,
      scores: new RunScores<Score>(
        (await this[scoresOf](run.id, {}, { signal })) as readonly ScoreOfRun[] as Score[],
      ),
    };
  }

  readonly #read: ReadRun = async (runId, run, options) => {
    if (run?.target_type !== "SESSION") {
      // Most runs are over traces; an id alone may be of the other kind.
      const handles = (error: unknown) => isNotFoundError(error) || mayPass(error);
      const look: OperationOptions = run ? options : { ...options, handles };
      try {
        return await this.getTraceRun(runId, look);
      } catch (error) {
        if (run || !isNotFoundError(error)) throw error;
      }
    }
    try {
      return await this.getSessionRun(runId, options);
    } catch (error) {
      // One without a code is not of this API: it tells itself what is wrong.
      if (run || !isNotFoundError(error) || error.code === null) throw error;
      const detail = `The project "${this.#options.projectName}" has no run ${runId}, over traces or sessions. Check the id and \`projectName\`.`;
      throw new NotFoundError(detail, { ...error, detail, cause: error });
    }
  };
}
