import { setTimeout as sleep } from "node:timers/promises";
import type { Trial } from "../scenario.ts";
import { type Api, AwayError } from "./api.ts";
import { createRun, endedRun, readRun, storeTraces } from "./runs.ts";
import type { World } from "./world.ts";

/** Keeps a run in progress until it is stopped: one run after the other, each over its own traces. */
export class BusyRuns {
  /** The runs whose creation was confirmed. */
  readonly ids: string[] = [];
  readonly #trial: Trial;
  readonly #api: () => Api;
  readonly #wanted = new AbortController();
  readonly #creating: Promise<void>;

  constructor(trial: Trial, api: () => Api, tracesPerRun: number) {
    this.#trial = trial;
    this.#api = api;
    this.#creating = this.#create(trial, api, tracesPerRun).catch((error: unknown) => {
      // Otherwise, a scenario would wait for runs in vain.
      if (!trial.signal.aborted) trial.check("runs can be created throughout", false, String(error));
    });
  }

  /** Creates no more runs, and waits for the end of all, whether or not their creation was confirmed. */
  async end({ database }: World): Promise<string[]> {
    this.#wanted.abort();
    await this.#creating;
    const rows = await database.rows<{ id: string }>("select id from eval_runs order by id");
    for (const { id } of rows) {
      this.#trial.say(`waiting for the end of run ${id}`);
      await endedRun(this.#trial, this.#api, id);
    }
    return rows.map(({ id }) => id);
  }

  async #create(trial: Trial, api: () => Api, tracesPerRun: number): Promise<void> {
    const stop = AbortSignal.any([trial.signal, this.#wanted.signal]);
    const pause = () => sleep(100, undefined, { signal: stop }).catch(() => undefined);
    for (let n = 1; !stop.aborted; n += 1) {
      const id = await tryToCreateRun(api(), `batch ${n}`, tracesPerRun);
      if (id !== undefined) this.ids.push(id);
      while (!stop.aborted && id !== undefined) {
        const run = await readRun(api(), id);
        // The next run begins before the workers run out of work.
        if (run !== undefined && run.evaluated_count > run.total_targets * 0.7) break;
        await pause();
      }
      await pause();
    }
  }
}

/** Undefined if the API was down meanwhile. The run may have been created nevertheless. */
async function tryToCreateRun(api: Api, tag: string, traces: number): Promise<string | undefined> {
  try {
    await storeTraces(api, tag, traces);
    return (await createRun(api, tag)).id;
  } catch (error) {
    if (error instanceof AwayError) return undefined;
    throw error;
  }
}
