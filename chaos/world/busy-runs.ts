import { setTimeout as sleep } from "node:timers/promises";
import type { Trial } from "../scenario.ts";
import { type Api, AwayError } from "./api.ts";
import { createRun, lookAtRun, storeTraces } from "./runs.ts";

/** Keeps a run going for as long as it is wanted: one after the other, each about traces of its own. */
export class BusyRuns {
  /** Those that were heard of. */
  readonly ids: string[] = [];
  readonly #wanted = new AbortController();
  readonly #making: Promise<void>;

  constructor(trial: Trial, api: () => Api, tracesPerRun: number) {
    this.#making = this.#make(trial, api, tracesPerRun).catch((error: unknown) => {
      // Whatever waits for runs would wait in vain.
      if (!trial.signal.aborted) trial.check("runs can be made all the while", false, String(error));
    });
  }

  /** Makes no more of them. The last one goes on. */
  async stop(): Promise<void> {
    this.#wanted.abort();
    await this.#making;
  }

  async #make(trial: Trial, api: () => Api, tracesPerRun: number): Promise<void> {
    const stop = AbortSignal.any([trial.signal, this.#wanted.signal]);
    const pause = () => sleep(100, undefined, { signal: stop }).catch(() => undefined);
    for (let n = 1; !stop.aborted; n += 1) {
      const id = await makeRun(api(), `batch ${n}`, tracesPerRun);
      if (id !== undefined) this.ids.push(id);
      while (!stop.aborted && id !== undefined) {
        const run = await lookAtRun(api(), id);
        // The next one begins before there is nothing left to do.
        if (run !== undefined && run.evaluated_count > run.total_targets * 0.7) break;
        await pause();
      }
      await pause();
    }
  }
}

/** Where the API is away in between, nobody hears of the run; it may have been made all the same. */
async function makeRun(api: Api, tag: string, traces: number): Promise<string | undefined> {
  try {
    await storeTraces(api, tag, traces);
    return (await createRun(api, tag)).id;
  } catch (error) {
    if (error instanceof AwayError) return undefined;
    throw error;
  }
}
