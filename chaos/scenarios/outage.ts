import { setTimeout as sleep } from "node:timers/promises";
import type { Scenario } from "../scenario.ts";
import { until } from "../until.ts";
import { BusyRuns } from "../world/busy-runs.ts";
import { Fleet, presumedDeaths } from "../world/fleet.ts";
import { LedgerWatch } from "../world/ledger-watch.ts";
import { checkUnharmed } from "../world/runs.ts";
import { TcpGate } from "../world/tcp-gate.ts";
import { startWorld } from "../world/world.ts";

/** The database is unreachable for longer than a worker may go without a heartbeat. No worker is dead because of that. */
export const outage: Scenario = {
  name: "outage",
  title: "PostgreSQL unreachable for longer than a worker may go without a heartbeat",
  async run(trial) {
    const count = trial.short ? 1 : 4;
    let gate: TcpGate | undefined;
    const world = await startWorld(trial, {
      noDeaths: true,
      async databaseUrl(url) {
        gate = await TcpGate.open(trial, url);
        return gate.url;
      },
    });
    const fleet = await Fleet.start(trial, world, 2);
    const runs = new BusyRuns(trial, () => fleet.api, trial.short ? 60 : 200);
    await until(trial, "a run is created", () => runs.ids.length > 0);
    const watch = new LedgerWatch(trial, world);
    for (let n = 1; n <= count; n += 1) {
      await sleep(trial.random.between(1000, 3000), undefined, { signal: trial.signal });
      trial.say(`outage ${n} of ${count}`);
      await gate?.shut();
      await sleep((world.deadAfterSeconds + 3) * 1000, undefined, { signal: trial.signal });
      const { status } = await fleet.api.get("/evaluations/trace-runs");
      trial.check("requests answer 503 meanwhile", status === 503, status);
      await gate?.open();
      const ended = runs.ids.length;
      await until(trial, "runs go on", () => runs.ids.length > ended, { timeoutMs: 60_000 });
    }
    const ids = await runs.end(world);
    await checkUnharmed(trial, world, ids, `${count} outages`);
    await watch.check(0);
    const noticed = presumedDeaths(fleet.workers);
    trial.check("no worker is presumed dead", noticed === 0, `${noticed} were`);
  },
};
