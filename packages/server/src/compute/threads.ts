import { setTimeout as sleep } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { JudgeError } from "@pandaprobe/contract/rules";
import { Piscina } from "piscina";
import type { Log } from "../log.ts";
import type * as thread from "./thread.ts";

export interface ThreadsOptions {
  /** How many there are at the most. */
  readonly count: number;
  /** The CPU time that a task may take, in milliseconds. */
  readonly cpuLimitMs: number;
  readonly log: Log;
}

type Tasks = Pick<typeof thread, "prepare" | "evaluate">;
type TaskOf<Name extends keyof Tasks> = Parameters<Tasks[Name]>[0]["task"];
type ResultOf<Name extends keyof Tasks> = Extract<
  Awaited<ReturnType<Tasks[Name]>>,
  { readonly result: unknown }
>["result"];

/** A thread that has nothing to do ends after this long. */
const idleMs = 60_000;
/** Where there are too few processors for all, the event loop and the database go first. */
const niceness = 2;
/** A thread inside a long built-in function does not tell its CPU time; it is asked again. */
const answersWithinMs = 200;
/** Where a thread never tells its CPU time, so many times the limit may pass on the clock. */
const clockFactor = 3;

// Built, this file is a part of one beside `thread.js`.
const file = new URL(import.meta.url.endsWith(".ts") ? "./thread.ts" : "./thread.js", import.meta.url);

/** Threads for work that takes CPU. A task that takes more than its share is ended with its thread, and nothing else. */
export class Threads {
  readonly #pool: Piscina;
  readonly #cpuLimitMs: number;
  readonly #log: Log;

  constructor({ count, cpuLimitMs, log }: ThreadsOptions) {
    this.#cpuLimitMs = cpuLimitMs;
    this.#log = log;
    this.#pool = new Piscina({
      filename: file.href,
      minThreads: 0,
      maxThreads: count,
      concurrentTasksPerWorker: 1,
      idleTimeout: idleMs,
      // Elsewhere it would be the whole process that steps back.
      niceIncrement: process.platform === "linux" ? niceness : 0,
    });
    // A broken thread also rejects its task; without a listener the error would end the process.
    this.#pool.on("error", (err) => log.error({ err }, "A thread broke."));
  }

  /**
   * Runs a task in a thread of its own.
   *
   * @param signal ends it, and its thread.
   * @throws JudgeError where it takes too much CPU time, or its thread dies; the reason of `signal`.
   */
  async run<Name extends keyof Tasks>(
    name: Name,
    task: TaskOf<Name>,
    signal: AbortSignal,
  ): Promise<ResultOf<Name>> {
    const teller = new Float64Array(new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT));
    const overdue = new AbortController();
    const done = new AbortController();
    void this.#watch(teller, overdue, done.signal);
    try {
      const answered: thread.Answered<ResultOf<Name>> = await this.#pool.run(
        { task, teller },
        { name, signal: AbortSignal.any([signal, overdue.signal]) },
      );
      if ("refusal" in answered) throw new JudgeError(answered.refusal);
      return answered.result;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof JudgeError) throw error;
      if (overdue.signal.aborted) throw overdue.signal.reason;
      this.#log.error({ err: error }, "A thread ended before its task.");
      const why = error instanceof Error ? error.message : String(error);
      throw new JudgeError(`The thread that read this trace broke down before it was done (${why}).`);
    } finally {
      done.abort();
    }
  }

  /** Ends all threads, and what they do. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  /** Ends a task once it has had its CPU time. Time for which its thread waited for a processor does not count. */
  async #watch(teller: Float64Array, overdue: AbortController, done: AbortSignal): Promise<void> {
    const limit = this.#cpuLimitMs;
    let startedAt: number | undefined;
    let left = limit;
    while (await passes(left, done)) {
      const [id = 0, before = 0] = teller;
      const worker = this.#pool.threads.find(({ threadId }) => threadId === id);
      // It has not begun yet.
      if (worker === undefined) continue;
      startedAt ??= performance.now() - left;
      const cpuMs = await cpuTime(worker);
      const used = cpuMs === undefined ? (performance.now() - startedAt) / clockFactor : cpuMs - before;
      if (used >= limit) {
        this.#log.warn({ cpu_ms: Math.round(used) }, "A trace took more CPU time than it may.");
        overdue.abort(
          new JudgeError(
            `Evaluating this trace took more than ${limit / 1000} s of CPU time, so it was given up. The trace is too large, or made up so that reading it takes very long; EVAL_CPU_SECONDS sets the limit.`,
          ),
        );
        return;
      }
      left = limit - used;
    }
  }
}

/** What a thread has used since its start, in milliseconds; `undefined` where it does not tell. */
async function cpuTime(worker: Worker): Promise<number | undefined> {
  // Node.js before 24.6 does not have it.
  const asked = worker.cpuUsage?.().catch(() => undefined);
  const usage = await Promise.race([asked, sleep(answersWithinMs, undefined, { ref: false })]);
  return usage && (usage.user + usage.system) / 1000;
}

/** Whether the time passed before `done` was aborted. */
async function passes(ms: number, done: AbortSignal): Promise<boolean> {
  const shortestMs = 20;
  return sleep(Math.max(shortestMs, ms), true, { signal: done, ref: false }).catch(() => false);
}
