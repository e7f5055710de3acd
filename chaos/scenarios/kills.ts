import { setTimeout as sleep } from "node:timers/promises";
import { Promises } from "../promises.ts";
import type { Scenario, Trial } from "../scenario.ts";
import { until } from "../until.ts";
import { BusyRuns } from "../world/busy-runs.ts";
import { Fleet } from "../world/fleet.ts";
import { LedgerWatch } from "../world/ledger-watch.ts";
import { allRuns, checkWhole, endedRun, failureReasons } from "../world/runs.ts";
import { areTakenOver, jobsOf } from "../world/takeover.ts";
import { startWorld, type World } from "../world/world.ts";

const takeoverBarSeconds = 30;

/** `kill -9` of the API, a worker, or both, at random moments. */
export const kills: Scenario = {
  name: "kills",
  title: "kill -9 of API, worker or both at random moments, 3 workers",
  async run(trial) {
    const count = trial.short ? 4 : 100;
    const world = await startWorld(trial);
    const fleet = await Fleet.start(trial, world, 3);
    const runs = new BusyRuns(trial, () => fleet.api, trial.short ? 60 : 300);
    await until(trial, "a run is made", () => runs.ids.length > 0);
    const watch = new LedgerWatch(trial, world);
    const timesKilled = new Map<string, number>();
    const replacements = new Promises<void>();
    const takeovers = new Promises<number>();
    for (let n = 1; n <= count; n += 1) {
      await sleep(trial.random.between(300, trial.short ? 1000 : 3000), undefined, { signal: trial.signal });
      const target = trial.random.pick(["worker", "worker", "api", "both"] as const);
      // Others may still be on their way back: somebody has to be left to take over.
      await until(
        trial,
        "there is somebody to kill",
        () => (target === "api" || fleet.workers.length > 1) && (target === "worker" || fleet.isApiReady),
      );
      trial.say(`kill ${n} of ${count}: ${target}`);
      await watch.look();
      if (target !== "api") {
        const worker = trial.random.pick(fleet.workers);
        const pid = worker.process.pid ?? 0;
        const killed = performance.now();
        replacements.add(fleet.replace("worker", worker, "SIGKILL"));
        // Nobody else can have them before the dead one is missed.
        const lost = await jobsOf(world, pid);
        for (const job of lost) timesKilled.set(job, (timesKilled.get(job) ?? 0) + 1);
        if (lost.length > 0) takeovers.add(takenOver(trial, world, lost, pid, killed));
      }
      if (target !== "worker") replacements.add(fleet.replace("api", fleet.apiProcess, "SIGKILL"));
    }
    await replacements.all();
    await runs.stop();
    const ids = await allRuns(world);
    for (const id of ids) {
      trial.say(`waits for the end of run ${id}`);
      await endedRun(trial, () => fleet.api, id);
    }
    await checkWhole(trial, world, ids);
    const longest = Math.max(...(await takeovers.all())) / 1000;
    trial.check(
      `lost work is begun again within ${takeoverBarSeconds} s of the death`,
      longest <= takeoverBarSeconds,
      `at most ${longest.toFixed(1)} s (${takeovers.count} deaths with work in hand, presence of ${world.deadAfterSeconds} s)`,
    );
    await watch.check(takeovers.count * world.concurrency);
    const reasons = await failureReasons(world, ids);
    const thrice = [...timesKilled.values()].filter((times) => times >= 3).length;
    trial.check(
      "no pair fails but of a target whose process was killed three times",
      reasons.every((reason) => reason.startsWith("Given up after 3 tries")) && reasons.length <= 2 * thrice,
      `${reasons.length} pairs failed, ${thrice} targets were killed three times`,
    );
  },
};

/** How long it took until all of a dead worker's jobs were begun by others, or over, in milliseconds. */
async function takenOver(
  trial: Trial,
  world: World,
  lost: readonly string[],
  pid: number,
  killed: number,
): Promise<number> {
  await until(trial, "lost work is begun again", () => areTakenOver(world, lost, pid), { everyMs: 200 });
  return performance.now() - killed;
}
