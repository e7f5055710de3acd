import { setTimeout as sleep } from "node:timers/promises";
import type { Scenario, Trial } from "../scenario.ts";
import { until } from "../until.ts";
import { BusyRuns } from "../world/busy-runs.ts";
import { Fleet } from "../world/fleet.ts";
import { LedgerWatch } from "../world/ledger-watch.ts";
import { checkComplete, failureReasons } from "../world/runs.ts";
import { areReclaimed, jobsOf } from "../world/worker-jobs.ts";
import { startWorld, type World } from "../world/world.ts";

const maxReclaimSeconds = 30;

/** `kill -9` of the API, a worker or both, at random moments. */
export const kills: Scenario = {
  name: "kills",
  title: "kill -9 of API, worker or both at random moments, 3 workers",
  async run(trial) {
    const count = trial.short ? 4 : 100;
    const world = await startWorld(trial);
    const fleet = await Fleet.start(trial, world, 3);
    const runs = new BusyRuns(trial, () => fleet.api, trial.short ? 60 : 300);
    await until(trial, "a run is created", () => runs.ids.length > 0);
    const watch = new LedgerWatch(trial, world);
    const timesKilled = new Map<string, number>();
    const replacements = new Promises<void>();
    const reclaims = new Promises<number>();
    for (let n = 1; n <= count; n += 1) {
      await sleep(trial.random.between(300, trial.short ? 1000 : 3000), undefined, { signal: trial.signal });
      const target = trial.random.pick(["worker", "worker", "api", "both"] as const);
      // Others may still be restarting, and one worker has to be left to reclaim jobs.
      await until(
        trial,
        "there is a process to kill",
        () => (target === "api" || fleet.workers.length > 1) && (target === "worker" || fleet.isApiReady),
      );
      trial.say(`kill ${n} of ${count}: ${target}`);
      await watch.look();
      if (target !== "api") {
        const worker = trial.random.pick(fleet.workers);
        const pid = worker.process.pid ?? 0;
        const killed = performance.now();
        replacements.add(fleet.replace("worker", worker, "SIGKILL"));
        // No other worker can get these jobs before the killed one is presumed dead.
        const lost = await jobsOf(world, pid);
        for (const job of lost) timesKilled.set(job, (timesKilled.get(job) ?? 0) + 1);
        if (lost.length > 0) reclaims.add(timeToReclaim(trial, world, lost, pid, killed));
      }
      if (target !== "worker") replacements.add(fleet.replace("api", fleet.apiProcess, "SIGKILL"));
    }
    await replacements.all();
    const ids = await runs.end(world);
    await checkComplete(trial, world, ids);
    const longest = Math.max(...(await reclaims.all())) / 1000;
    trial.check(
      `lost work is reclaimed within ${maxReclaimSeconds} s of the death`,
      longest <= maxReclaimSeconds,
      `at most ${longest.toFixed(1)} s (${reclaims.count} deaths with jobs in progress, presumed dead after ${world.deadAfterSeconds} s)`,
    );
    await watch.check(reclaims.count * world.concurrency);
    const reasons = await failureReasons(world, ids);
    const thrice = [...timesKilled.values()].filter((times) => times >= 3).length;
    trial.check(
      "items only fail if the process of their target was killed three times",
      reasons.every((reason) => reason.startsWith("Given up after 3 ")) && reasons.length <= 2 * thrice,
      `${reasons.length} items failed, ${thrice} targets were killed three times`,
    );
  },
};

/** How long it took until all jobs of a dead worker were started by others or had ended, in milliseconds. */
async function timeToReclaim(
  trial: Trial,
  world: World,
  lost: readonly string[],
  pid: number,
  killed: number,
): Promise<number> {
  await until(trial, "lost work is reclaimed", () => areReclaimed(world, lost, pid), { everyMs: 200 });
  return performance.now() - killed;
}

/** Background work whose results are awaited together later. */
class Promises<Result> {
  readonly #all: Promise<Result>[] = [];

  get count(): number {
    return this.#all.length;
  }

  add(work: Promise<Result>): void {
    // `all` reports the error.
    work.catch(() => undefined);
    this.#all.push(work);
  }

  all(): Promise<Result[]> {
    return Promise.all(this.#all);
  }
}
