import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import type { Log } from "../../log.ts";

/** How often the uses of a key are written at the most. */
const writePauseMs = 60_000;
/** A first use is shown soon: people look for it right after setting up a key. */
const firstWriteMs = 1000;

/** Notes when keys are used: in memory, and in the database once a minute for each key at the most. */
export class KeyUses {
  readonly #db: Database;
  readonly #log: Log;
  readonly #used = new Map<string, Date>();
  readonly #writtenAt = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Number.POSITIVE_INFINITY;

  constructor(db: Database, log: Log) {
    this.#db = db;
    this.#log = log;
  }

  note(apiKeyId: string): void {
    const isNoted = this.#used.has(apiKeyId);
    this.#used.set(apiKeyId, new Date());
    if (isNoted) return;
    const writtenAt = this.#writtenAt.get(apiKeyId) ?? Number.NEGATIVE_INFINITY;
    this.#writeAt(Math.max(performance.now() + firstWriteMs, writtenAt + writePauseMs));
  }

  /** Writes what is noted; for the end of the process. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#write([...this.#used.keys()]);
  }

  #writeAt(time: number): void {
    if (time >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = time;
    this.#timer = setTimeout(() => void this.#writeDue(), time - performance.now()).unref();
  }

  async #writeDue(): Promise<void> {
    this.#dueAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    const due: string[] = [];
    for (const id of this.#used.keys()) {
      const next = (this.#writtenAt.get(id) ?? Number.NEGATIVE_INFINITY) + writePauseMs;
      if (next <= now) due.push(id);
      else this.#writeAt(next);
    }
    await this.#write(due);
    for (const [id, writtenAt] of this.#writtenAt) {
      if (now - writtenAt > writePauseMs && !this.#used.has(id)) this.#writtenAt.delete(id);
    }
  }

  async #write(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const times = ids.map((id) => (this.#used.get(id) ?? new Date()).toISOString());
    for (const id of ids) {
      this.#used.delete(id);
      this.#writtenAt.set(id, performance.now());
    }
    try {
      await sql`
        update api_keys set last_used_at = greatest(last_used_at, used.at)
        from unnest(${ids}::uuid[], ${times}::timestamptz[]) as used(id, at)
        where api_keys.id = used.id`.execute(this.#db);
    } catch (error) {
      // No request fails for it, and the next use is noted again.
      this.#log.warn({ err: error }, "The last uses of keys could not be written.");
    }
  }
}
