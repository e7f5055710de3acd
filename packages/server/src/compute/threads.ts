import { setTimeout as sleep } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { JudgeError } from "@pandaprobe/contract/rules";
import { Piscina } from "piscina";
import type { Log } from "../log.ts";
import { withTimeLimit } from "../time-limit.ts";
import type * as thread from "./thread.ts";

export interface ThreadsOptions {
  /** The most threads at once. */
  readonly count: number;
  /** How much CPU time a task may take, in milliseconds. */
  readonly cpuLimitMs: number;
  readonly log: Log;
}

type Tasks = Pick<
  typeof thread,
  "prepare" | "evaluate" | "decodeTraces" | "decodeLogs" | "maskBody" | "agreement" | "comparison"
>;
type TaskOf<Name extends keyof Tasks> = Parameters<Tasks[Name]>[0]["task"];
type ResultOf<Name extends keyof Tasks> = Extract<
  Awaited<ReturnType<Tasks[Name]>>,
  { readonly result: unknown }
>["result"];

/** What a task does, for messages about its failure. */
const activities: Readonly<Record<keyof Tasks, string>> = {
  prepare: "Evaluating this trace",
  evaluate: "Evaluating this trace",
  decodeTraces: "Reading these spans",
  decodeLogs: "Reading these log records",
  maskBody: "Masking this request",
  agreement: "Measuring this agreement",
  comparison: "Comparing these scores",
};

/** An idle thread ends after this long. */
const idleMs = 60_000;
/** With more, a thread would take some 100 MB more memory, and no less CPU time for collecting garbage. */
const youngGenerationMb = 48;
/** On a busy machine the event loop and the database go first. */
const niceness = 2;
/** A thread inside a long built-in function does not report its CPU time in time; it is asked again later. */
const reportsWithinMs = 200;
/** If a thread never reports its CPU time, a task may take this many times its limit in wall-clock time. */
const clockFactor = 3;

// In the built package this file is bundled into one beside `thread.js`.
const file = new URL(import.meta.url.endsWith(".ts") ? "./thread.ts" : "./thread.js", import.meta.url);

/** Threads for CPU work. If a task exceeds its limit, only it and its thread are ended. */
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
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
      // On other systems this would slow down the whole process.
      niceIncrement: process.platform === "linux" ? niceness : 0,
    });
    // The task of a broken thread rejects as well. Without a listener the error would end the process.
    this.#pool.on("error", (err) => log.error({ err }, "A thread broke."));
  }

  /**
   * Runs a task in a thread of its own.
   *
   * @param signal ends the task and its thread.
   * @param handedOver memory of the task that the thread takes instead of copying it.
   * @throws JudgeError if the task exceeds its CPU time or its thread dies; the reason of `signal`.
   */
  async run<Name extends keyof Tasks>(
    name: Name,
    task: TaskOf<Name>,
    signal: AbortSignal,
    handedOver: readonly ArrayBuffer[] = [],
  ): Promise<ResultOf<Name>> {
    const report = new Float64Array(new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT));
    const overdue = new AbortController();
    const done = new AbortController();
    void this.#watch(name, report, overdue, done.signal);
    try {
      const answered: thread.Answered<ResultOf<Name>> = await this.#pool.run(
        { task, report },
        { name, signal: AbortSignal.any([signal, overdue.signal]), transferList: [...handedOver] },
      );
      if ("refusal" in answered) throw new JudgeError(answered.refusal);
      return answered.result;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof JudgeError) throw error;
      if (overdue.signal.aborted) throw overdue.signal.reason;
      this.#log.error({ err: error, task: name }, "A thread ended before its task.");
      const why = error instanceof Error ? error.message : String(error);
      throw new JudgeError(`${activities[name]} failed, because its thread died (${why}).`);
    } finally {
      // Without a reason it would make an error, with a stack.
      done.abort("done");
    }
  }

  /** Ends all threads and their tasks. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  /** Ends a task that exceeds its CPU time. Time that the thread waits for a processor does not count. */
  async #watch(
    name: keyof Tasks,
    report: Float64Array,
    overdue: AbortController,
    done: AbortSignal,
  ): Promise<void> {
    const limit = this.#cpuLimitMs;
    let startedAt: number | undefined;
    let left = limit;
    while (await passes(left, done)) {
      const [id = 0, before = 0] = report;
      const worker = this.#pool.threads.find(({ threadId }) => threadId === id);
      // The task has not started yet.
      if (worker === undefined) continue;
      startedAt ??= performance.now() - left;
      const cpuMs = await cpuTime(worker);
      const used = cpuMs === undefined ? (performance.now() - startedAt) / clockFactor : cpuMs - before;
      if (used >= limit) {
        this.#log.warn({ cpu_ms: Math.round(used), task: name }, "A task exceeded its CPU time.");
        overdue.abort(
          new JudgeError(
            `${activities[name]} took more than ${limit / 1000} s of CPU time, so it was stopped. It is too large, or built to take very long to process. EVAL_CPU_SECONDS sets the limit.`,
          ),
        );
        return;
      }
      left = limit - used;
    }
  }
}

/** The CPU time of a thread since its start, in milliseconds; `undefined` if it does not report it. */
async function cpuTime(worker: Worker): Promise<number | undefined> {
  const late = () => new Error("The thread did not report its CPU time.");
  try {
    // Node.js before 24.6 does not have it.
    const usage = await withTimeLimit({ ms: reportsWithinMs, late }, async () => worker.cpuUsage?.());
    return usage && (usage.user + usage.system) / 1000;
  } catch {
    return undefined;
  }
}

/** Whether the time passed before `done` was aborted. */
async function passes(ms: number, done: AbortSignal): Promise<boolean> {
  const shortestMs = 20;
  return sleep(Math.max(shortestMs, ms), true, { signal: done, ref: false }).catch(() => false);
}
