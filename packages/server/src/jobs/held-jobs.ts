import type { Database } from "../db/database.ts";
import { giveBackJobs } from "../db/queue/job-tables.ts";
import { retryWhileDatabaseIsAway } from "../db/retry-while-database-is-away.ts";
import type { StopSignals } from "../features/runs/evaluate/target-job.ts";

/** The jobs that a worker holds. Jobs that it cannot finish go back to the queue. */
export class HeldJobs {
  readonly #db: Database;
  readonly #draining: AbortSignal;
  /** By job id; aborted once another worker has reclaimed the job. */
  readonly #held = new Map<string, AbortController>();

  /** @param draining aborted when the process is stopping: jobs are then given back. */
  constructor(db: Database, draining: AbortSignal) {
    this.#db = db;
    this.#draining = draining;
  }

  /**
   * Works on a job, and again after each database outage. If the work has to stop, the job goes back to the queue.
   * Rejects if the work itself failed.
   *
   * @param abortCalls aborts judge calls in flight when the shutdown takes too long.
   */
  async work(
    job: { readonly id: string; readonly locked_by: string | null },
    abortCalls: AbortSignal,
    work: (signals: StopSignals) => Promise<void>,
  ): Promise<void> {
    const lost = new AbortController();
    const stop = AbortSignal.any([this.#draining, abortCalls, lost.signal]);
    this.#held.set(job.id, lost);
    try {
      await retryWhileDatabaseIsAway(this.#db, stop, () => work({ stop, abortCalls }));
    } catch (error) {
      if (!stop.aborted) throw error;
      // A job that another worker has reclaimed has a new id by now, so this does not touch it.
      await giveBackJobs(this.#db, job.locked_by ?? "", { ids: [job.id] });
    } finally {
      this.#held.delete(job.id);
    }
  }

  /** Stops all jobs because other workers have reclaimed them. Jobs taken since then are given back. */
  abandon(): void {
    for (const lost of this.#held.values()) lost.abort(new Error("Another worker has reclaimed this job."));
  }

  /**
   * Gives back jobs that this worker holds according to the queue, but does not run. A connection can break after the
   * queue has handed out a job and before the worker receives it.
   *
   * @param heldForMs younger jobs are left alone: they may still be on their way to the worker.
   */
  async giveBackUnknown(workerId: string, heldForMs: number): Promise<void> {
    await giveBackJobs(this.#db, workerId, { allBut: [...this.#held.keys()], heldForMs });
  }
}
