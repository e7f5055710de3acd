import type { Database } from "../../db/database.ts";
import type { RunKey } from "./run-key.ts";

/** Something that belongs to a run. */
interface OfRun {
  readonly project_id: string;
  readonly run_id: string;
}

/** Stores some of what belongs to one run, all or nothing. */
type Store<Item> = (db: Database, run: RunKey, items: readonly Item[]) => Promise<void>;

/** How long an item may wait for others to be stored with. */
const maxWaitMs = 50;

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Stores what runs find out a few items at a time, for every transaction locks the run's row. While one batch of a run is
 * being stored, the next one gathers.
 */
export class RunBatcher<Item extends OfRun> {
  readonly #db: Database;
  readonly #save: Store<Item>;
  readonly #gathering = new Map<string, Waiting<Item>[]>();
  readonly #storing = new Map<string, Promise<void>>();

  constructor(db: Database, save: Store<Item>) {
    this.#db = db;
    this.#save = save;
  }

  /** Resolves once the item is durable (or was found to be superfluous). */
  async record(item: Item): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { item, resolve, reject };
    const gathering = this.#gathering.get(item.run_id);
    if (gathering === undefined) {
      this.#gathering.set(item.run_id, [waiting]);
      setTimeout(() => void this.#store(item.run_id), maxWaitMs);
    } else {
      gathering.push(waiting);
    }
    await promise;
  }

  async #store(runId: string): Promise<void> {
    await this.#storing.get(runId);
    const batch = this.#gathering.get(runId);
    const first = batch?.[0];
    if (batch === undefined || first === undefined) return;
    this.#gathering.delete(runId);
    const run = { project_id: first.item.project_id, id: runId };
    const storing = this.#save(
      this.#db,
      run,
      batch.map((waiting) => waiting.item),
    ).then(
      () => batch.forEach((waiting) => void waiting.resolve()),
      (error: unknown) => batch.forEach((waiting) => void waiting.reject(error)),
    );
    this.#storing.set(runId, storing);
    await storing;
    if (this.#storing.get(runId) === storing) this.#storing.delete(runId);
  }
}
