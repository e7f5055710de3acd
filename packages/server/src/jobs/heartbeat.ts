import { hostname } from "node:os";
import { sql } from "kysely";
import type { Database } from "../db/database.ts";
import { reclaimJobs } from "../db/queue/job-tables.ts";
import type { Log } from "../log.ts";
import { quarantine } from "./quarantine.ts";

export interface HeartbeatOptions {
  readonly workerId: string;
  /** The id that its process claims questions under. */
  readonly processId: string;
  /** How many jobs of one project the worker runs at once. */
  readonly slots: number;
  readonly heartbeatMs: number;
  readonly deadAfterMs: number;
  /** Called when this worker finds that it was presumed dead: other workers have its jobs by now. */
  readonly onPresumedDead: () => void;
  readonly log: Log;
}

/**
 * Shows that a worker is alive, and reclaims the jobs of workers that are not. It uses the database's clock, which all
 * processes share.
 *
 * A worker that missed its own heartbeats (the database was unavailable, or the process was frozen) waits `deadAfterMs`
 * before it presumes others dead, because they may have missed theirs for the same reason.
 */
export class Heartbeat {
  readonly #db: Database;
  readonly #options: HeartbeatOptions;
  #hasBeaten = false;
  #trustsSilenceFrom = 0;

  constructor(db: Database, options: HeartbeatOptions) {
    this.#db = db;
    this.#options = options;
  }

  /** Call it every `heartbeatMs`. */
  async beat(): Promise<void> {
    const { heartbeatMs, deadAfterMs, log } = this.#options;
    const silentMs = await recordHeartbeat(this.#db, this.#options);
    if (this.#hasBeaten) {
      if (silentMs === null) this.#options.onPresumedDead();
      if (silentMs === null || silentMs > (heartbeatMs + deadAfterMs) / 2)
        this.#trustsSilenceFrom = performance.now() + deadAfterMs;
    }
    this.#hasBeaten = true;
    if (performance.now() < this.#trustsSilenceFrom) return;
    for (const id of await reclaimJobs(this.#db, { deadAfterMs, quarantine }))
      log.warn({ worker: id }, "A worker died; other workers run its jobs.");
  }

  async end(): Promise<void> {
    await this.#db.deleteFrom("workers").where("id", "=", this.#options.workerId).execute();
  }
}

/** @returns milliseconds since the worker's last heartbeat; `null` if the database does not know the worker. */
async function recordHeartbeat(
  db: Database,
  { workerId, processId, slots }: HeartbeatOptions,
): Promise<number | null> {
  const { rows } = await sql<{ silent_ms: number | null }>`
    with before as (select seen_at from workers where id = ${workerId})
    insert into workers (id, pid, hostname, seen_at, places, process_id)
    values (${workerId}, ${process.pid}, ${hostname()}, clock_timestamp(), ${slots}, ${processId})
    on conflict (id) do update set seen_at = excluded.seen_at
    returning (select extract(epoch from clock_timestamp() - seen_at)::float8 * 1000 from before) as silent_ms`.execute(
    db,
  );
  return rows[0]?.silent_ms ?? null;
}
