import type { Database } from "../../db/database.ts";
import { isValidKey } from "./api-keys.ts";

const checkPauseMs = 2000;

interface WatchedKey {
  readonly stopped: AbortController;
  watchers: number;
}

/**
 * Ends streams and long polls when their key stops working. While there are any, one small query every two seconds
 * checks their keys, whichever process revoked them.
 */
export class KeyWatch {
  readonly #db: Database;
  readonly #watched = new Map<string, WatchedKey>();
  #timer: NodeJS.Timeout | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * @param until stops watching.
   * @returns a signal that is aborted when the key has stopped working.
   */
  watch(apiKeyId: string, until: AbortSignal): AbortSignal {
    const key = this.#watched.get(apiKeyId) ?? { stopped: new AbortController(), watchers: 0 };
    if (until.aborted) return key.stopped.signal;
    key.watchers += 1;
    this.#watched.set(apiKeyId, key);
    until.addEventListener("abort", () => this.#leave(apiKeyId, key), { once: true });
    this.#timer ??= setTimeout(() => void this.#check(), checkPauseMs).unref();
    return key.stopped.signal;
  }

  #leave(apiKeyId: string, key: WatchedKey): void {
    key.watchers -= 1;
    if (key.watchers === 0 && this.#watched.get(apiKeyId) === key) this.#watched.delete(apiKeyId);
  }

  async #check(): Promise<void> {
    const watched = [...this.#watched];
    if (watched.length > 0) {
      // While the database is unavailable, keys are assumed to be valid.
      const valid = await this.#validAmong(watched.map(([id]) => id)).catch(() => undefined);
      for (const [id, key] of watched) {
        if (valid === undefined || valid.has(id)) continue;
        if (this.#watched.get(id) === key) this.#watched.delete(id);
        key.stopped.abort();
      }
    }
    this.#timer =
      this.#watched.size === 0 ? undefined : setTimeout(() => void this.#check(), checkPauseMs).unref();
  }

  async #validAmong(ids: string[]): Promise<Set<string>> {
    const rows = await this.#db
      .selectFrom("api_keys")
      .select("id")
      .where("id", "in", ids)
      .where(isValidKey)
      .execute();
    return new Set(rows.map(({ id }) => id));
  }
}
