import type { Database } from "./database.ts";
import type { RunKey } from "./run-key.ts";

interface OfRun {
  readonly project_id: string;
  readonly run_id: string;
}

/** Handles items of one run: all of them or none. */
type Handle<Item, Result> = (db: Database, run: RunKey, items: readonly Item[]) => Promise<Result>;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends the items of a run to the database in batches, because a statement costs about the same for one item as for many.
 * While one batch of a run is being stored, the next one gathers.
 */
export class RunBatcher<Item extends OfRun, Result = void> {
  readonly #db: Database;
  readonly #handle: Handle<Item, Result>;
  readonly #maxWaitMs: number;
  readonly #gathering = new Map<string, Waiting<Item, Result>[]>();
  readonly #storing = new Map<string, Promise<void>>();

  /** @param maxWaitMs how long an item waits for others. */
  constructor(db: Database, handle: Handle<Item, Result>, maxWaitMs: number) {
    this.#db = db;
    this.#handle = handle;
    this.#maxWaitMs = maxWaitMs;
  }

  /** Resolves with the result of the item's batch once it is committed. */
  async record(item: Item): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const waiting = { item, resolve, reject };
    const gathering = this.#gathering.get(item.run_id);
    if (gathering === undefined) {
      this.#gathering.set(item.run_id, [waiting]);
      setTimeout(() => void this.#begin(item.run_id), this.#maxWaitMs);
    } else {
      gathering.push(waiting);
    }
    return promise;
  }

  async #begin(runId: string): Promise<void> {
    await this.#storing.get(runId);
    const batch = this.#gathering.get(runId);
    const first = batch?.[0];
    if (batch === undefined || first === undefined) return;
    this.#gathering.delete(runId);
    const underWay = this.#run({ project_id: first.item.project_id, id: runId }, batch);
    this.#storing.set(runId, underWay);
    await underWay;
    if (this.#storing.get(runId) === underWay) this.#storing.delete(runId);
  }

  async #run(run: RunKey, batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const result = await this.#handle(
        this.#db,
        run,
        batch.map((waiting) => waiting.item),
      );
      for (const { resolve } of batch) resolve(result);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
