import type { Job, WorkerEvents } from "graphile-worker";
import { isModelFlag, modelFlag } from "../features/runs/dispatch/fair-share-flags.ts";

/** Models that no job may begin for, as `provider/model`: their providers are down. */
export type BlockedModels = () => readonly string[];

/**
 * Who may take how many of a process's places for jobs. What a project asks of a model may take another one while it has
 * no more than are free, and a model while it has no more than three times as many. So one project alone gets a half of
 * all, and one model three quarters; whoever comes next finds places free at once, and a provider that hangs stalls no
 * other. That needs no list of projects or models.
 */
export class FairShare {
  readonly #blockedModels: BlockedModels;
  readonly #taken = new Map<string, number>();
  readonly #mostAsking: number;
  #free: number;
  #asking = 0;
  readonly #line: (() => void)[] = [];

  constructor(places: number, blockedModels: BlockedModels) {
    this.#free = places;
    // Not all, or each of them would have to reckon with all others.
    this.#mostAsking = Math.max(1, Math.floor(places / 16));
    this.#blockedModels = blockedModels;
  }

  /** Keeps count by what the queue's workers tell. */
  watch(events: WorkerEvents): void {
    events.on("worker:getJob:empty", () => this.#asked());
    events.on("worker:getJob:error", () => this.#asked());
    events.on("job:start", ({ job }) => {
      this.#count(job, 1);
      this.#asked();
    });
    events.on("job:complete", ({ job }) => this.#count(job, -1));
  }

  /** The flags of the jobs that a worker has to leave, even if all others that look for one get one of these. */
  async forbiddenFlags(): Promise<string[]> {
    if (this.#asking < this.#mostAsking) this.#asking += 1;
    else await new Promise<void>((resolve) => this.#line.push(resolve));
    const others = this.#asking - 1;
    const used = [...this.#taken].filter(
      ([flag, taken]) => taken + others > (this.#free - others) * (isModelFlag(flag) ? 3 : 1),
    );
    return [...used.map(([flag]) => flag), ...this.#blockedModels().map(modelFlag)];
  }

  /** One who looked for a job is done with it: the next one in line may. */
  #asked(): void {
    const next = this.#line.shift();
    if (next === undefined) this.#asking -= 1;
    else next();
  }

  #count({ flags }: Job, change: 1 | -1): void {
    if (flags === null) return;
    this.#free -= change;
    for (const flag of Object.keys(flags)) {
      const taken = (this.#taken.get(flag) ?? 0) + change;
      if (taken === 0) this.#taken.delete(flag);
      else this.#taken.set(flag, taken);
    }
  }
}
