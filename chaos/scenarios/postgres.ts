import { setTimeout as sleep } from "node:timers/promises";
import type { Scenario } from "../scenario.ts";
import { until } from "../until.ts";
import { BusyRuns } from "../world/busy-runs.ts";
import { Fleet, presumedDeaths } from "../world/fleet.ts";
import { LedgerWatch } from "../world/ledger-watch.ts";
import { checkUnharmed } from "../world/runs.ts";
import { startWorld } from "../world/world.ts";

/** Repeated immediate shutdowns of PostgreSQL in the middle of runs. It restarts at once. */
export const postgres: Scenario = {
  name: "postgres",
  title: "PostgreSQL killed (immediate shutdown) and restarted in the middle of runs",
  async run(trial) {
    const count = trial.short ? 2 : 10;
    const world = await startWorld(trial, { noDeaths: true });
    const fleet = await Fleet.start(trial, world, 2);
    const runs = new BusyRuns(trial, () => fleet.api, trial.short ? 60 : 200);
    await until(trial, "a run is created", () => runs.ids.length > 0);
    const watch = new LedgerWatch(trial, world);
    for (let n = 1; n <= count; n += 1) {
      await sleep(trial.random.between(1000, trial.short ? 2000 : 5000), undefined, { signal: trial.signal });
      trial.say(`kill ${n} of ${count}`);
      const { began } = await serverStart(world);
      await world.postgres.crash();
      await until(trial, "PostgreSQL is back", async () => {
        const now = await serverStart(world).catch(() => undefined);
        return now !== undefined && now.began !== began;
      });
    }
    const ids = await runs.end(world);
    await checkUnharmed(trial, world, ids, `${count} kills`);
    await watch.check(0);
    const noticed = presumedDeaths(fleet.workers);
    trial.check("no worker is presumed dead", noticed === 0, `${noticed} were`);
  },
};

async function serverStart({ database }: Awaited<ReturnType<typeof startWorld>>) {
  return database.row<{ began: string }>("select pg_postmaster_start_time()::text as began");
}
