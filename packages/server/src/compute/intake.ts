import { type ConfiguredPrices, JudgeError, ProblemError } from "@pandaprobe/contract/rules";
import type { MaskingRules } from "../masking/masking-rules.ts";
import { FairSlots } from "./fair-slots.ts";
import type { MaskTask } from "./mask-body.ts";
import type { DecodedLogs } from "./otlp/decode-logs.ts";
import type { Decoded, DecodedTraces, DecodeTask } from "./otlp/decode-traces.ts";
import { Threads, type ThreadsOptions } from "./threads.ts";

interface IntakeOptions extends ThreadsOptions {
  readonly prices: ConfiguredPrices;
  readonly masking: MaskingRules;
}

/** A request as a route passes it on. */
type SentOtlp = Omit<DecodeTask, "masking">;

/** Reads OTLP requests in threads of their own, because traces must not wait for evaluations. */
export class Intake {
  readonly #threads: Threads;
  readonly #slots: FairSlots;

  readonly #prices: ConfiguredPrices;
  readonly #masking: MaskingRules;

  constructor({ prices, masking, ...options }: IntakeOptions) {
    this.#prices = prices;
    this.#masking = masking;
    this.#threads = new Threads(options);
    this.#slots = new FairSlots(options.count);
  }

  /**
   * @param task its bytes are gone afterwards.
   * @param key the API key; keys take turns.
   * @param signal aborted when the client has gone.
   * @throws ProblemError for a request that cannot be read.
   */
  async decodeTraces(task: SentOtlp, key: string, signal: AbortSignal): Promise<DecodedTraces> {
    const rules = { prices: this.#prices, masking: this.#masking };
    return this.#decode(key, signal, () =>
      this.#threads.run("decodeTraces", { ...task, ...rules }, signal, ownMemory(task.bytes)),
    );
  }

  /** The same for a request with log records. */
  async decodeLogs(task: SentOtlp, key: string, signal: AbortSignal): Promise<DecodedLogs> {
    return this.#decode(key, signal, () =>
      this.#threads.run("decodeLogs", { ...task, masking: this.#masking }, signal, ownMemory(task.bytes)),
    );
  }

  /** Parses and masks a large JSON body. @returns JSON. */
  async maskBody(task: Omit<MaskTask, "rules">, key: string, signal: AbortSignal): Promise<string> {
    const sent = { ...task, rules: this.#masking };
    return this.#decode(key, signal, () => this.#threads.run("maskBody", sent, signal));
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

/** The memory of bytes, unless they share it, as small buffers do. */
function ownMemory({ buffer, length }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === length ? [buffer] : [];
}
