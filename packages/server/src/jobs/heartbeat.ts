import { hostname } from "node:os";
import { sql } from "kysely";
import type { Database } from "../db/database.ts";
import type { Log } from "../log.ts";
import { reclaimJobs } from "./reclaim-jobs.ts";

export interface HeartbeatOptions {
  readonly workerId: string;
  /** Under which its process claims questions. */
  readonly processId: string;
  /** How many jobs of one project the worker takes at once. */
  readonly places: number;
  readonly heartbeatMs: number;
  readonly deadAfterMs: number;
  /** Called when this worker finds that it was taken for dead: its jobs are others' by now. */
  readonly onPresumedDead: () => void;
  readonly log: Log;
}

/**
 * How a worker tells that it is alive, and finds those that are not. By the database's clock, which all processes share.
 *
 * Whoever could not tell for long (the database was away, or this process stood still) does not know whether others could,
 * and gives them their time before it takes them for dead: an outage is no death.
 */
export class Heartbeat {
  readonly #db: Database;
  readonly #options: HeartbeatOptions;
  #hasTold = false;
  #trustsSilenceFrom = 0;

  constructor(db: Database, options: HeartbeatOptions) {
    this.#db = db;
    this.#options = options;
  }

  /** To be called every `heartbeatMs`. */
  async tell(): Promise<void> {
    const { heartbeatMs, deadAfterMs, log } = this.#options;
    const silentMs = await recordHeartbeat(this.#db, this.#options);
    if (this.#hasTold) {
      if (silentMs === null) this.#options.onPresumedDead();
      if (silentMs === null || silentMs > (heartbeatMs + deadAfterMs) / 2)
        this.#trustsSilenceFrom = performance.now() + deadAfterMs;
    }
    this.#hasTold = true;
    if (performance.now() < this.#trustsSilenceFrom) return;
    for (const id of await reclaimJobs(this.#db, deadAfterMs))
      log.warn({ worker: id }, "A worker died; its work goes on elsewhere.");
  }

  async end(): Promise<void> {
    await this.#db.deleteFrom("workers").where("id", "=", this.#options.workerId).execute();
  }
}

/** @returns how long the worker had not told, in milliseconds; `null` where the database knows nothing of it. */
async function recordHeartbeat(
  db: Database,
  { workerId, processId, places }: HeartbeatOptions,
): Promise<number | null> {
  const { rows } = await sql<{ silent_ms: number | null }>`
    with before as (select seen_at from workers where id = ${workerId})
    insert into workers (id, pid, hostname, seen_at, places, process_id)
    values (${workerId}, ${process.pid}, ${hostname()}, clock_timestamp(), ${places}, ${processId})
    on conflict (id) do update set seen_at = excluded.seen_at
    returning (select extract(epoch from clock_timestamp() - seen_at)::float8 * 1000 from before) as silent_ms`.execute(
    db,
  );
  return rows[0]?.silent_ms ?? null;
}
