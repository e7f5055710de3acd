import type { Database } from "../../db/database.ts";
import { addRequests, countedBySecond, type SecondCounts } from "./count-by-second.ts";
import type { CountedRequest } from "./counted-request.ts";

interface Batch {
  size: number;
  readonly stored: Promise<SecondCounts>;
}

/**
 * Counts requests by their key. What comes while a count of the same key is being written is written together, next: at
 * any load a process has one small statement for each key on its way, and every request still gets a place of its own.
 */
export class RequestCounter {
  readonly #db: Database;
  readonly #limit: number;
  /** By key, the batch that may still grow. */
  readonly #open = new Map<string, Batch>();
  /** By key, when the newest batch will have been written. */
  readonly #written = new Map<string, Promise<unknown>>();

  constructor(db: Database, limit: number) {
    this.#db = db;
    this.#limit = limit;
  }

  async count(apiKeyId: string): Promise<CountedRequest> {
    const batch = this.#open.get(apiKeyId) ?? this.#openBatch(apiKeyId);
    batch.size += 1;
    const place = batch.size;
    const stored = await batch.stored;
    return countedBySecond(this.#db, apiKeyId, { stored, later: batch.size - place, limit: this.#limit });
  }

  #openBatch(apiKeyId: string): Batch {
    const write = () => {
      this.#open.delete(apiKeyId);
      return addRequests(this.#db, apiKeyId, batch.size);
    };
    const batch: Batch = { size: 0, stored: Promise.resolve(this.#written.get(apiKeyId)).then(write) };
    this.#open.set(apiKeyId, batch);
    const written = batch.stored
      .catch(() => undefined)
      .then(() => {
        if (this.#written.get(apiKeyId) === written) this.#written.delete(apiKeyId);
      });
    this.#written.set(apiKeyId, written);
    return batch;
  }
}
