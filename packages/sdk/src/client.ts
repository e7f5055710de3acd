import type { PandaProbeOptions } from "./client-options.ts";
import { configuration } from "./configuration.ts";
import type {
  CreateBatchEvalRunRequest,
  CreateBatchSessionEvalRunRequest,
  CreateEvalRunRequest,
  CreateSessionEvalRunRequest,
  EvalRunResponse,
  SessionScoreResponse,
  TraceScoreResponse,
} from "./generated/types.ts";
import { MonitorMethods } from "./methods/monitor-methods.ts";
import type { RequestOptions } from "./request-options.ts";
import { runReader } from "./run-reader.ts";
import { Transport } from "./transport.ts";
import { type WaitForRunOptions, waitForRun } from "./wait-for-run.ts";

/** What `evaluateTraces` gives. */
export interface EvaluatedTraces {
  readonly run: EvalRunResponse;
  /** One score per trace and metric, failed ones included; newest first. */
  readonly scores: TraceScoreResponse[];
}

/** What `evaluateSessions` gives. */
export interface EvaluatedSessions {
  readonly run: EvalRunResponse;
  /** One score per session and metric, failed ones included; newest first. */
  readonly scores: SessionScoreResponse[];
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
 * class tells what is wrong and whose message tells what to do. Calls are repeated where that may help, and never do a
 * thing twice.
 *
 * @example
 * ```ts
 * const client = new PandaProbe({ apiKey: "sk_pp_…", projectName: "my-agent" });
 * const { scores } = await client.evaluateTraces({ metrics: ["task_completion"] });
 * ```
 */
export class PandaProbe extends MonitorMethods {
  readonly #options: PandaProbeOptions;

  /** @throws PandaProbeError where the key or the project is missing, or an option cannot be used. */
  constructor(options: PandaProbeOptions = {}) {
    const complete = configuration(options);
    super(new Transport(complete));
    this.#options = complete;
  }

  /**
   * A client like this one, but for these options. Headers are added to the ones there are.
   *
   * @example
   * ```ts
   * const staging = client.withOptions({ projectName: "my-agent-staging", timeoutMs: 5_000 });
   * ```
   */
  withOptions(options: PandaProbeOptions): PandaProbe {
    const headers = { ...this.#options.headers, ...options.headers };
    return new PandaProbe({ ...this.#options, ...options, headers });
  }

  /**
   * Waits until a run, over traces or over sessions, has ended, and returns it. Lost connections, restarts of the server and rate limits are waited out;
   * the run itself goes on whatever happens here.
   *
   * @throws RunFailedError where the run ends FAILED; RunWaitTimeoutError where it has not ended after `timeoutMs` (30
   * minutes by default); NotFoundError where the project has no such run, or it is deleted meanwhile.
   * @example
   * ```ts
   * const run = await client.waitForRun("33333333-3333-3333-3333-333333333333", {
   *   timeoutMs: 10 * 60_000,
   *   onProgress: ({ evaluated, total }) => console.log(`${evaluated} of ${total}`),
   * });
   * ```
   */
  waitForRun(runOrId: EvalRunResponse | string, options?: WaitForRunOptions): Promise<EvalRunResponse> {
    const read = runReader(
      {
        readTraceRun: (runId, request) => this.getTraceRun(runId, request).withResponse(),
        readSessionRun: (runId, request) => this.getSessionRun(runId, request).withResponse(),
      },
      runOrId,
    );
    return waitForRun(read, runOrId, options);
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
   * ```
   */
  async evaluateTraces(
    body: CreateEvalRunRequest | CreateBatchEvalRunRequest,
    options: EvaluateTracesOptions = {},
  ): Promise<EvaluatedTraces> {
    const run = await this.#ended(options, (request) =>
      "trace_ids" in body ? this.createTraceRunBatch(body, request) : this.createTraceRun(body, request),
    );
    return { run, scores: await this.getTraceRunScores(run.id, {}, { signal: options.signal }) };
  }

  /**
   * Evaluates sessions and waits for their scores: `createSessionRun` (or `createSessionRunBatch`, for `session_ids`),
   * `waitForRun` and `getSessionRunScores` in one.
   *
   * @throws whatever these three throw.
   * @example
   * ```ts
   * const { run, scores } = await client.evaluateSessions({
   *   metrics: ["agent_reliability"],
   *   session_ids: ["support/4711"],
   * });
   * ```
   */
  async evaluateSessions(
    body: CreateSessionEvalRunRequest | CreateBatchSessionEvalRunRequest,
    options: EvaluateSessionsOptions = {},
  ): Promise<EvaluatedSessions> {
    const run = await this.#ended(options, (request) =>
      "session_ids" in body
        ? this.createSessionRunBatch(body, request)
        : this.createSessionRun(body, request),
    );
    return { run, scores: await this.getSessionRunScores(run.id, {}, { signal: options.signal }) };
  }

  /** Makes a run and waits for its end. */
  async #ended(
    { idempotencyKey, ...waiting }: EvaluateTracesOptions,
    create: (options: RequestOptions) => PromiseLike<EvalRunResponse>,
  ): Promise<EvalRunResponse> {
    const created = await create({ idempotencyKey, signal: waiting.signal });
    return this.waitForRun(created, waiting);
  }
}
