import { setTimeout as sleep } from "node:timers/promises";
import type { Scenario } from "../scenario.ts";
import { until } from "../until.ts";
import { BusyRuns } from "../world/busy-runs.ts";
import { Fleet } from "../world/fleet.ts";
import { LedgerWatch } from "../world/ledger-watch.ts";
import { checkUnharmed } from "../world/runs.ts";
import { jobsOf } from "../world/worker-jobs.ts";
import { startWorld } from "../world/world.ts";

const limitSeconds = 30;

/** Each process in turn is asked to end, and is replaced, while runs go on. */
export const drain: Scenario = {
  name: "drain",
  title: "SIGTERM to every process in turn, in the middle of runs",
  async run(trial) {
    const rounds = trial.short ? 1 : 4;
    const world = await startWorld(trial, { llm: { latencyMs: [200, 800] } });
    const fleet = await Fleet.start(trial, world, trial.short ? 2 : 3);
    const runs = new BusyRuns(trial, () => fleet.api, trial.short ? 60 : 200);
    await until(trial, "a run is created", () => runs.ids.length > 0);
    const watch = new LedgerWatch(trial, world);
    const ends: { seconds: number; code: number | null }[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      for (const worker of [...fleet.workers]) {
        const pid = worker.process.pid ?? 0;
        await until(trial, "the worker has work", async () => (await jobsOf(world, pid)).length > 0);
        await sleep(trial.random.between(0, 500), undefined, { signal: trial.signal });
        trial.say(`round ${round} of ${rounds}: a worker`);
        const asked = performance.now();
        worker.process.once("exit", (code) =>
          ends.push({ seconds: (performance.now() - asked) / 1000, code }),
        );
        await fleet.replace("worker", worker, "SIGTERM");
      }
      trial.say(`round ${round} of ${rounds}: the API`);
      await fleet.replace("api", fleet.apiProcess, "SIGTERM");
    }
    const ids = await runs.end(world);
    const longest = Math.max(...ends.map(({ seconds }) => seconds));
    trial.check(
      `workers exit with 0 within ${limitSeconds} s`,
      longest <= limitSeconds && ends.every(({ code }) => code === 0),
      `${ends.length} exits, after at most ${longest.toFixed(1)} s`,
    );
    const { calls } = await world.llm.tally();
    const cutOff = calls.filter(({ answeredAt }) => answeredAt === null).length;
    trial.check("no call in flight is cut off", cutOff === 0, `${cutOff} of ${calls.length}`);
    await checkUnharmed(trial, world, ids, `${ends.length} exits`);
    await watch.check(0);
  },
};
