import { setTimeout as sleep } from "node:timers/promises";
import type { Trial } from "../scenario.ts";
import { type Api, AwayError } from "./api.ts";
import { createRun, readRun, storeTraces } from "./runs.ts";

/** Keeps a run in progress until it is stopped: one run after the other, each over its own traces. */
export class BusyRuns {
  /** The runs whose creation was confirmed. */
  readonly ids: string[] = [];
  readonly #wanted = new AbortController();
  readonly #creating: Promise<void>;

  constructor(trial: Trial, api: () => Api, tracesPerRun: number) {
    this.#creating = this.#create(trial, api, tracesPerRun).catch((error: unknown) => {
      // Otherwise, a scenario would wait for runs in vain.
      if (!trial.signal.aborted) trial.check("runs can be created throughout", false, String(error));
    });
  }

  /** Creates no more runs. The last one goes on. */
  async stop(): Promise<void> {
    this.#wanted.abort();
    await this.#creating;
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
