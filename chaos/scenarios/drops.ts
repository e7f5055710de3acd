import { setTimeout as sleep } from "node:timers/promises";
import type { Scenario } from "../scenario.ts";
import { until } from "../until.ts";
import { BusyRuns } from "../world/busy-runs.ts";
import { Fleet } from "../world/fleet.ts";
import { LedgerWatch } from "../world/ledger-watch.ts";
import { checkUnharmed } from "../world/runs.ts";
import { startWorld } from "../world/world.ts";

/** Single database connections end at random: those of requests, judge calls, the queue and listeners. */
export const drops: Scenario = {
  name: "drops",
  title: "random connections to PostgreSQL terminated throughout runs",
  async run(trial) {
    const count = trial.short ? 30 : 500;
    const world = await startWorld(trial);
    const fleet = await Fleet.start(trial, world, 2);
    const runs = new BusyRuns(trial, () => fleet.api, trial.short ? 60 : 300);
    await until(trial, "a run is created", () => runs.ids.length > 0);
    const watch = new LedgerWatch(trial, world);
    const statuses = new Map<number, number>();
    const done = new AbortController();
    const ask = async (request: (n: number) => Promise<{ status: number }>) => {
      for (let n = 0; !done.signal.aborted && !trial.signal.aborted; n += 1) {
        const { status } = await request(n);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        await sleep(20);
      }
    };
    const run = () => `/evaluations/trace-runs/${runs.ids.at(-1)}`;
    const empty = { metrics: ["confidence"], sampling_rate: 0 };
    const asking = [
      ask(() => fleet.api.get(run())),
      ask(() => fleet.api.get("/evaluations/trace-scores?limit=5")),
      ask((n) =>
        fleet.api.send(
          "POST",
          "/evaluations/trace-runs",
          { ...empty, name: `${n}` },
          { "idempotency-key": `${n}` },
        ),
      ),
      ask(() => fleet.api.send("GET", run(), undefined, { prefer: "wait=2" })),
    ];
    const dropped = new Map<string, number>();
    for (let n = 1; n <= count; n += 1) {
      await sleep(trial.random.between(20, 200), undefined, { signal: trial.signal });
      if (n % 50 === 0) trial.say(`${n} of ${count} connections`);
      const connections = await world.database.rows<{ pid: number; kind: string }>(
        `select pid, application_name || case when application_name = 'pandaprobe' and query ilike 'listen%' then ' (queue)' else '' end as kind
         from pg_stat_activity where datname = current_database() and application_name like 'pandaprobe%'`,
      );
      const kind = trial.random.pick([...new Set(connections.map((one) => one.kind))].sort());
      const { pid } = trial.random.pick(connections.filter((one) => one.kind === kind));
      await world.database.rows("select pg_terminate_backend($1)", [pid]);
      dropped.set(kind, (dropped.get(kind) ?? 0) + 1);
    }
    const ids = await runs.end(world);
    done.abort();
    await Promise.all(asking);
    trial.report(
      "terminated connections",
      [...dropped].map(([kind, times]) => `${times} ${kind}`).join(", "),
    );
    const answers = [...statuses].sort().map(([status, times]) => `${times} × ${status}`);
    trial.check(
      "requests succeed or answer 503, each within 30 s",
      [...statuses.keys()].every((status) => status === 200 || status === 202 || status === 503),
      answers.join(", "),
    );
    const made = await world.database.row<{ runs: number; names: number }>(
      `select count(*)::integer as runs, count(distinct name)::integer as names from eval_runs where total_targets = 0`,
    );
    trial.check("no run is created twice", made.runs === made.names, `${made.runs} runs`);
    await checkUnharmed(trial, world, ids, `${count} drops`);
    await watch.check(0);
  },
};
