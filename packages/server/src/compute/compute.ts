import { setImmediate as nextTurn } from "node:timers/promises";
import type { AgreementOfLabels, ComparisonOfScores } from "@pandaprobe/contract/rules";
import { FairSlots } from "./fair-slots.ts";
import {
  type AgreementTask,
  type ComparisonTask,
  type Evaluated,
  type EvaluateTask,
  evaluateWithHeuristic,
  type PreparedTrace,
  type PrepareTask,
  prepareTrace,
  type StoredSource,
} from "./tasks.ts";
import { Threads, type ThreadsOptions } from "./threads.ts";

/** A trace that may be large, and is read once it has a slot. */
export interface Source {
  readonly project: string;
  /** Its approximate number of characters. */
  readonly chars: number;
  read(): Promise<StoredSource>;
}

/**
 * A trace of this size takes a few milliseconds, whatever its content. Handing it to a thread would cost
 * about as much.
 */
const smallChars = 32_000;

/** How many targets of estimates are evaluated at once. */
const estimatesAtOnce = 3;

/**
 * Does the CPU work of evaluations without blocking the event loop. Small traces are evaluated here, one at a time,
 * yielding to the event loop in between; large ones in threads. Projects take turns at both.
 */
export class Compute {
  readonly #threads: Threads;
  readonly #large: FairSlots;
  readonly #small = new FairSlots(1);
  /** Limits estimates, because their other work runs on the event loop. */
  readonly estimates = new FairSlots(estimatesAtOnce);

  constructor(options: ThreadsOptions) {
    this.#threads = new Threads(options);
    // So that only the large traces being worked on are in memory.
    this.#large = new FairSlots(options.count);
  }

  /** Reads and renders a trace. @throws JudgeError if the trace is too large; the reason of `signal`. */
  async prepare(
    source: Source,
    options: Omit<PrepareTask, keyof StoredSource>,
    signal: AbortSignal,
  ): Promise<PreparedTrace> {
    return this.#run(
      source,
      (stored) => prepareTrace({ ...stored, ...options }),
      (stored) => this.#threads.run("prepare", { ...stored, ...options }, signal),
      signal,
    );
  }

  /**
   * Evaluates metrics that use no model, or the heuristic one.
   *
   * @param options.needsThread whether it may take very long, however small the trace is.
   * @throws as `prepare` does.
   */
  async evaluate(
    source: Source,
    options: Omit<EvaluateTask, keyof StoredSource> & { readonly needsThread: boolean },
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Evaluated>> {
    return this.#run(
      options.needsThread ? { ...source, chars: Number.POSITIVE_INFINITY } : source,
      (stored) => evaluateWithHeuristic({ ...stored, ...options }),
      (stored) => this.#threads.run("evaluate", { ...stored, ...options }, signal),
      signal,
    );
  }

  /** Computes how far a judge agrees with people. @throws as `prepare` does. */
  agreement(project: string, task: AgreementTask, signal: AbortSignal): Promise<AgreementOfLabels> {
    return this.#inSlot(project, () => this.#threads.run("agreement", task, signal), signal);
  }

  /** Compares the scores of one metric. @throws as `prepare` does. */
  comparison(project: string, task: ComparisonTask, signal: AbortSignal): Promise<ComparisonOfScores> {
    return this.#inSlot(project, () => this.#threads.run("comparison", task, signal), signal);
  }

  /** Ends all threads. Their tasks fail. */
  close(): Promise<void> {
    return this.#threads.close();
  }

  async #inSlot<Result>(project: string, work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const release = await this.#large.take(project, signal);
    try {
      return await work();
    } finally {
      release();
    }
  }

  async #run<Result>(
    { project, chars, read }: Source,
    here: (stored: StoredSource) => Result | Promise<Result>,
    inThread: (stored: StoredSource) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> {
    const isSmall = chars <= smallChars;
    const release = await (isSmall ? this.#small : this.#large).take(project, signal);
    try {
      const stored = await read();
      return await (isSmall ? here(stored) : inThread(stored));
    } finally {
      if (isSmall) void nextTurn().then(release);
      else release();
    }
  }
}
