import { sql } from "kysely";
import type { Database } from "../../../db/database.ts";
import type { RunKey } from "../../../db/run-key.ts";
import type { RunListener } from "../read/run-listener.ts";

/** How long judge calls in flight may take to end once their run has: they are paid for anyway. */
const callsMayTakeMs = 10_000;

/** What whoever works for a run has to know of it. */
export interface WatchedRun {
  /** Aborted once the run has ended or is gone: no new judge call may start. */
  readonly ended: AbortSignal;
  /** Aborted once the calls in flight have had their time after that. */
  readonly overdue: AbortSignal;
  /** To be called when the work is done. */
  leave(): void;
}

interface Watched {
  readonly run: RunKey;
  readonly ended: AbortController;
  readonly overdue: AbortController;
  readonly unsubscribe: () => void;
  workers: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * The runs that this process works for, each watched once. Their ends are heard of at once, and found by `check` where
 * the news was missed.
 */
export class RunWatch {
  readonly #db: Database;
  readonly #listener: RunListener;
  readonly #callsMayTakeMs: number;
  readonly #watched = new Map<string, Watched>();

  constructor(db: Database, listener: RunListener, options: { callsMayTakeMs?: number } = {}) {
    this.#db = db;
    this.#listener = listener;
    this.#callsMayTakeMs = options.callsMayTakeMs ?? callsMayTakeMs;
  }

  /** Begin with this, then look whether the run is open: an end in between is not missed. */
  enter(run: RunKey): WatchedRun {
    const watched = this.#watched.get(run.id) ?? this.#watch(run);
    watched.workers += 1;
    return {
      ended: watched.ended.signal,
      overdue: watched.overdue.signal,
      leave: () => {
        watched.workers -= 1;
        if (watched.workers === 0) this.#forget(watched);
      },
    };
  }

  /** Looks which of them have ended, or are gone. To be called again and again: a connection that listens may be down. */
  async check(): Promise<void> {
    const all = [...this.#watched.values()];
    if (all.length === 0) return;
    const keys = all.map(({ run }) => ({ project_id: run.project_id, id: run.id }));
    const { rows } = await sql<{ id: string }>`
      select run.id from eval_runs run
      join json_to_recordset(${JSON.stringify(keys)}) as watched(project_id uuid, id uuid)
        on watched.project_id = run.project_id and watched.id = run.id
      where run.status in ('PENDING', 'RUNNING')`.execute(this.#db);
    const open = new Set(rows.map(({ id }) => id));
    for (const watched of all) if (!open.has(watched.run.id)) this.#end(watched);
  }

  #watch(run: RunKey): Watched {
    const watched: Watched = {
      run,
      ended: new AbortController(),
      overdue: new AbortController(),
      unsubscribe: this.#listener.subscribe(run.id, (change) => {
        if (change === "ended") this.#end(watched);
      }),
      workers: 0,
      timer: undefined,
    };
    this.#watched.set(run.id, watched);
    return watched;
  }

  #end(watched: Watched): void {
    if (watched.ended.signal.aborted) return;
    watched.ended.abort();
    if (watched.workers > 0) {
      watched.timer = setTimeout(() => watched.overdue.abort(), this.#callsMayTakeMs);
    }
  }

  #forget(watched: Watched): void {
    watched.unsubscribe();
    clearTimeout(watched.timer);
    this.#watched.delete(watched.run.id);
  }
}
