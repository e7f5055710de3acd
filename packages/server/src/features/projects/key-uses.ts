import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import type { Log } from "../../log.ts";

/** The shortest time between two writes for a key. */
const writePauseMs = 60_000;
/** A first use is written soon: people look for it right after setting up a key. */
const firstWriteMs = 1000;

/** Records when keys were last used: in memory, and at most once a minute per key in the database. */
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

  /** Writes the uses that have not been written yet. */
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
      // Requests do not fail over this, and the next use is recorded again.
      this.#log.warn({ err: error }, "The last uses of API keys could not be written.");
    }
  }
}
