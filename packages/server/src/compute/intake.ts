import { type ConfiguredPrices, JudgeError, ProblemError } from "@pandaprobe/contract/rules";
import { FairSlots } from "./fair-slots.ts";
import type { DecodedLogs } from "./otlp/decode-logs.ts";
import type { Decoded, DecodedTraces, DecodeTask } from "./otlp/decode-traces.ts";
import { Threads, type ThreadsOptions } from "./threads.ts";

/** Reads OTLP requests in threads, which are not those of evaluations: a trace must not wait for a judge. */
export class Intake {
  readonly #threads: Threads;
  readonly #slots: FairSlots;

  readonly #prices: ConfiguredPrices;

  constructor({ prices, ...options }: ThreadsOptions & { readonly prices: ConfiguredPrices }) {
    this.#prices = prices;
    this.#threads = new Threads(options);
    this.#slots = new FairSlots(options.count);
  }

  /**
   * @param key the API key; keys take turns.
   * @param signal aborted when the client has gone.
   * @throws ProblemError for a request that cannot be read.
   */
  async decodeTraces(task: DecodeTask, key: string, signal: AbortSignal): Promise<DecodedTraces> {
    return this.#decode(key, signal, () =>
      this.#threads.run("decodeTraces", { ...task, prices: this.#prices }, signal),
    );
  }

  /** The same for a request with log records. */
  async decodeLogs(task: DecodeTask, key: string, signal: AbortSignal): Promise<DecodedLogs> {
    return this.#decode(key, signal, () => this.#threads.run("decodeLogs", task, signal));
  }

  /** Ends all threads. Their tasks fail. */
  close(): Promise<void> {
    return this.#threads.close();
  }

  async #decode<Result>(
    key: string,
    signal: AbortSignal,
    decode: () => Promise<Decoded<Result>>,
  ): Promise<Result> {
    const release = await this.#slots.take(key, signal);
    try {
      const answer = await decode();
      if ("decoded" in answer) return answer.decoded;
      throw new ProblemError(answer.problem.code, answer.problem.detail);
    } catch (error) {
      if (!(error instanceof JudgeError)) throw error;
      throw new ProblemError("body_too_large", "This request takes too long to read. Send smaller batches.");
    } finally {
      release();
    }
  }
}
