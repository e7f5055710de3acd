import { sql } from "kysely";
import type { Database } from "../../../db/database.ts";
import { isOpenRun } from "../../../db/open-run.ts";
import type { RunKey } from "../../../db/run-key.ts";
import type { RunListener } from "../read/run-listener.ts";

/** How long judge calls in flight may continue after their run has ended, because they are paid for anyway. */
const callsMayTakeMs = 10_000;

/** A run that a job is working on. */
export interface WatchedRun {
  /** Aborted once the run has ended or was deleted: no new judge call may start. */
  readonly ended: AbortSignal;
  /** Aborted some time later: calls in flight have to end. */
  readonly overdue: AbortSignal;
  /** Call it when the work is done. */
  leave(): void;
}

interface Watched {
  readonly run: RunKey;
  readonly ended: AbortController;
  readonly overdue: AbortController;
  readonly unsubscribe: () => void;
  jobs: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Watches the runs that this process works on. A notification reports the end of a run at once; `check` finds it if the
 * notification was missed.
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

  /** Call this before checking whether the run is open, so that an end in between is not missed. */
  enter(run: RunKey): WatchedRun {
    const watched = this.#watched.get(run.id) ?? this.#watch(run);
    watched.jobs += 1;
    return {
      ended: watched.ended.signal,
      overdue: watched.overdue.signal,
      leave: () => {
        watched.jobs -= 1;
        if (watched.jobs === 0) this.#unwatch(watched);
      },
    };
  }

  /** Finds runs that have ended or were deleted. Call it periodically, because the listening connection may be down. */
  async check(): Promise<void> {
    const all = [...this.#watched.values()];
    if (all.length === 0) return;
    const keys = all.map(({ run }) => ({ project_id: run.project_id, id: run.id }));
    const { rows } = await sql<{ id: string }>`
      select run.id from eval_runs run
      join json_to_recordset(${JSON.stringify(keys)}) as watched(project_id uuid, id uuid)
        on watched.project_id = run.project_id and watched.id = run.id
      where ${isOpenRun("run")}`.execute(this.#db);
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
      jobs: 0,
      timer: undefined,
    };
    this.#watched.set(run.id, watched);
    return watched;
  }

  #end(watched: Watched): void {
    if (watched.ended.signal.aborted) return;
    watched.ended.abort();
    if (watched.jobs > 0) {
      watched.timer = setTimeout(() => watched.overdue.abort(), this.#callsMayTakeMs);
    }
  }

  #unwatch(watched: Watched): void {
    watched.unsubscribe();
    clearTimeout(watched.timer);
    this.#watched.delete(watched.run.id);
  }
}
