import type { PandaProbeOptions } from "./client-options.ts";
import { configuration } from "./configuration.ts";
import type {
  CreateBatchEvalRunRequest,
  CreateEvalRunRequest,
  EvalRunResponse,
  TraceScoreResponse,
} from "./generated/types.ts";
import { TraceAnalyticsMethods } from "./methods/trace-analytics-methods.ts";
import { Transport } from "./transport.ts";
import { type WaitForRunOptions, waitForRun } from "./wait-for-run.ts";

/** What `evaluateTraces` gives. */
export interface EvaluatedTraces {
  readonly run: EvalRunResponse;
  /** One score per trace and metric, failed ones included; newest first. */
  readonly scores: TraceScoreResponse[];
}

export interface EvaluateTracesOptions extends WaitForRunOptions {
  /** Of the request that creates the run: the same key gives the same run, for 24 hours. */
  readonly idempotencyKey?: string | undefined;
}

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
export class PandaProbe extends TraceAnalyticsMethods {
  readonly #options: PandaProbeOptions;

  /** @throws PandaProbeError where the key or the project is missing, or an option cannot be used. */
  constructor(options: PandaProbeOptions = {}) {
    const complete = configuration(options);
    super(new Transport(complete));
    this.#options = { ...options, ...complete };
  }

  /**
   * A client like this one, but for these options. Headers are added to the ones there are.
   *
   * @example
   * ```ts
   * const staging = client.withOptions({ projectName: "my-agent-staging", timeoutMs: 5_000 });
   * ```
   */
  withOptions(options: PandaProbeOptions): this {
    const headers = { ...this.#options.headers, ...options.headers };
    // A client that does more than this one, derived, does so too.
    const Client = this.constructor as new (options: PandaProbeOptions) => this;
    return new Client({ ...this.#options, ...options, headers });
  }

  /**
   * Waits until a run has ended, and returns it. Lost connections, restarts of the server and rate limits are waited out;
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
    return waitForRun((runId, request) => this.getTraceRun(runId, request).withResponse(), runOrId, options);
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
    const { idempotencyKey, ...waiting } = options;
    const request = { idempotencyKey, signal: options.signal };
    const created =
      "trace_ids" in body
        ? await this.createTraceRunBatch(body, request)
        : await this.createTraceRun(body, request);
    const run = await this.waitForRun(created, waiting);
    return { run, scores: await this.getTraceRunScores(run.id, {}, { signal: options.signal }) };
  }
}
