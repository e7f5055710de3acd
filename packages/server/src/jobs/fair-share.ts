import type { Job, WorkerEvents } from "graphile-worker";
import { isModelFlag, modelFlag } from "../features/runs/dispatch/fair-share-flags.ts";

/** Models that are down, as `provider/model`. No job may start for them. */
export type BlockedModels = () => readonly string[];

/**
 * Divides a worker's job slots fairly. A project may take another slot for a model while it holds no more slots for it
 * than are free; a model, while it holds no more than three times as many. So a single project gets half of all slots, a
 * single model three quarters, the next one finds free slots at once, and a provider that hangs does not stall the
 * others. This needs no list of projects or models.
 */
export class FairShare {
  readonly #blockedModels: BlockedModels;
  readonly #held = new Map<string, number>();
  readonly #mostFetching: number;
  #free: number;
  #fetching = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(slots: number, blockedModels: BlockedModels) {
    this.#free = slots;
    // Each fetch has to assume that the other fetches get a job, so only a few run at once.
    this.#mostFetching = Math.max(1, Math.floor(slots / 16));
    this.#blockedModels = blockedModels;
  }

  /** Counts the held slots by the events of graphile-worker. */
  watch(events: WorkerEvents): void {
    events.on("worker:getJob:empty", () => this.#fetched());
    events.on("worker:getJob:error", () => this.#fetched());
    events.on("job:start", ({ job }) => {
      this.#count(job, 1);
      this.#fetched();
    });
    events.on("job:complete", ({ job }) => this.#count(job, -1));
  }

  /** The flags of the jobs that must be skipped, even if all other fetches get a job with the same flag. */
  async forbiddenFlags(): Promise<string[]> {
    if (this.#fetching < this.#mostFetching) this.#fetching += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const others = this.#fetching - 1;
    const forbidden = [...this.#held].filter(
      ([flag, held]) => held + others > (this.#free - others) * (isModelFlag(flag) ? 3 : 1),
    );
    return [...forbidden.map(([flag]) => flag), ...this.#blockedModels().map(modelFlag)];
  }

  /** A fetch is done, so the next one may start. */
  #fetched(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#fetching -= 1;
    else next();
  }

  #count({ flags }: Job, change: 1 | -1): void {
    if (flags === null) return;
    this.#free -= change;
    for (const flag of Object.keys(flags)) {
      const held = (this.#held.get(flag) ?? 0) + change;
      if (held === 0) this.#held.delete(flag);
      else this.#held.set(flag, held);
    }
  }
}
