import type { Database } from "../db/database.ts";
import { retryWhileDatabaseIsAway } from "../db/retry-while-database-is-away.ts";
import type { StopSignals } from "../features/runs/evaluate/target-job.ts";
import { giveBackJobs } from "./give-back-jobs.ts";

/** The jobs that a worker has. What it cannot finish goes back to the queue. */
export class HeldJobs {
  readonly #db: Database;
  readonly #draining: AbortSignal;
  /** By the id of the job: aborted once another worker has it. */
  readonly #held = new Map<string, AbortController>();

  /** @param draining aborted when the process is about to end: jobs are put down from then on. */
  constructor(db: Database, draining: AbortSignal) {
    this.#db = db;
    this.#draining = draining;
  }

  /**
   * Works on a job, and again after a database outage. When it has to stop, the job goes back to the queue. Rejects where the
   * work itself failed.
   *
   * @param abortCalls aborts judge calls in flight, once a shutdown takes too long.
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
      // If another worker has reclaimed it, it has another id by now, and is left alone.
      await giveBackJobs(this.#db, job.locked_by ?? "", { ids: [job.id] });
    } finally {
      this.#held.delete(job.id);
    }
  }

  /** Other workers have reclaimed its jobs: it makes no new judge call for them. Those that have just started are given back. */
  abandon(): void {
    for (const lost of this.#held.values()) lost.abort(new Error("Another worker has reclaimed this job."));
  }

  /**
   * Gives back jobs that the queue thinks this worker has and it does not: a connection may break after the queue has handed
   * out a job, and before the worker knows.
   *
   * @param heldForMs jobs handed out more recently may still be on their way.
   */
  async giveBackUnknown(workerId: string, heldForMs: number): Promise<void> {
    await giveBackJobs(this.#db, workerId, { allBut: [...this.#held.keys()], heldForMs });
  }
}
