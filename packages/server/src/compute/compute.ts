import { setImmediate as nextTurn } from "node:timers/promises";
import { FairSlots } from "./fair-slots.ts";
import {
  type Evaluated,
  type EvaluateTask,
  evaluateWithHeuristic,
  type PreparedTrace,
  type PrepareTask,
  prepareTrace,
  type StoredSource,
} from "./tasks.ts";
import { Threads, type ThreadsOptions } from "./threads.ts";

/** A trace that may be large: it is read when there is a slot for it. */
export interface Source {
  readonly project: string;
  /** About how many characters there will be. */
  readonly chars: number;
  read(): Promise<StoredSource>;
}

/** So much takes a few milliseconds, whatever it holds; handing it to a thread would cost about as much. */
const smallChars = 32_000;

/** Targets of estimates that are looked at at once. */
const estimatesAtOnce = 3;

/**
 * Does the work of evaluations that takes CPU, so that no trace holds up the event loop: what is small at once, one
 * trace after the other with a turn of the event loop between them, the rest in threads. Projects take turns at both.
 */
export class Compute {
  readonly #threads: Threads;
  readonly #large: FairSlots;
  readonly #small = new FairSlots(1);
  /** For estimates: what is left of their work is done on the event loop. */
  readonly estimates = new FairSlots(estimatesAtOnce);

  constructor(options: ThreadsOptions) {
    this.#threads = new Threads(options);
    // No more large traces are in memory than are worked on.
    this.#large = new FairSlots(options.count);
  }

  /** Reads and renders a trace. @throws JudgeError where it is too much; the reason of `signal`. */
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

  /** Evaluates metrics with the heuristic judge. @throws as `prepare` does. */
  async evaluate(
    source: Source,
    options: Omit<EvaluateTask, keyof StoredSource>,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Evaluated>> {
    return this.#run(
      source,
      (stored) => evaluateWithHeuristic({ ...stored, ...options }),
      (stored) => this.#threads.run("evaluate", { ...stored, ...options }, signal),
      signal,
    );
  }

  /** Ends all threads. What they were at fails. */
  close(): Promise<void> {
    return this.#threads.close();
  }

  async #run<Result>(
    { project, chars, read }: Source,
    here: (stored: StoredSource) => Result | Promise<Result>,
    inThread: (stored: StoredSource) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> {
    const isSmall = chars <= smallChars;
    const leave = await (isSmall ? this.#small : this.#large).take(project, signal);
    try {
      const stored = await read();
      return await (isSmall ? here(stored) : inThread(stored));
    } finally {
      if (isSmall) void nextTurn().then(leave);
      else leave();
    }
  }
}
