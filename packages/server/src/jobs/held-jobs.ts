import type { Database } from "../db/database.ts";
import { outliveOutages } from "../db/outlive-outages.ts";
import { CallsMayEnd } from "../judge/calls/calls-may-end.ts";
import { giveBackJobs } from "./give-back-jobs.ts";

/** The jobs that a worker is at work on. What it cannot end goes back to the queue. */
export class HeldJobs {
  readonly #db: Database;
  readonly #draining: AbortSignal;
  /** How to say that a job is others' by now, by its id. */
  readonly #held = new Map<string, () => void>();

  constructor(db: Database, draining: AbortSignal) {
    this.#db = db;
    this.#draining = draining;
  }

  /**
   * Works at a job. A database that goes away is waited for; where the process is about to end, the job is given back.
   * Rejects where the work itself failed.
   *
   * @param stop aborts the work.
   */
  async work(
    job: { readonly id: string; readonly locked_by: string | null },
    stop: AbortSignal,
    work: (stop: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const lost = new AbortController();
    const stops = AbortSignal.any([stop, lost.signal]);
    // Judge calls in flight are paid for, and may end.
    const lose = () => lost.abort(new CallsMayEnd("Others have taken this work over.", stop));
    this.#held.set(job.id, lose);
    try {
      await outliveOutages(this.#db, AbortSignal.any([stops, this.#draining]), () => work(stops));
    } catch (error) {
      if (!stops.aborted && !this.#draining.aborted) throw error;
      // One that others have taken over has another id by now, and stays theirs.
      await giveBackJobs(this.#db, job.locked_by ?? "", { ids: [job.id] });
    } finally {
      this.#held.delete(job.id);
    }
  }

  /** Others have taken its jobs over: it asks nothing more for them. Any that it had just begun are given back. */
  abandon(): void {
    for (const lose of this.#held.values()) lose();
  }

  /**
   * Gives back what the queue believes that the worker has, and it has not: a connection that broke may have taken along
   * the news of a job, which nobody else may begin then.
   *
   * @param heldForMs jobs that it has had for less may just be on their way to it.
   */
  async giveBackUnknown(workerId: string, heldForMs: number): Promise<void> {
    await giveBackJobs(this.#db, workerId, { allBut: [...this.#held.keys()], heldForMs });
  }
}
