import { setTimeout as sleep } from "node:timers/promises";
import type { Scenario } from "../scenario.ts";
import { until } from "../until.ts";
import { BusyRuns } from "../world/busy-runs.ts";
import { Fleet } from "../world/fleet.ts";
import { LedgerWatch } from "../world/ledger-watch.ts";
import { checkUnharmed } from "../world/runs.ts";
import { areReclaimed, jobsOf } from "../world/worker-jobs.ts";
import { startWorld } from "../world/world.ts";

/** A worker that is frozen for longer than it may go without a heartbeat, and then continues. */
export const freeze: Scenario = {
  name: "freeze",
  title: "SIGSTOP to a worker for longer than it may go without a heartbeat, then SIGCONT",
  async run(trial) {
    const count = trial.short ? 1 : 5;
    const world = await startWorld(trial, { llm: { latencyMs: [100, 400] } });
    const frozenSeconds = trial.short ? world.deadAfterSeconds + 3 : 60;
    const fleet = await Fleet.start(trial, world, 2);
    const runs = new BusyRuns(trial, () => fleet.api, trial.short ? 60 : 200);
    const watch = new LedgerWatch(trial, world);
    let longest = 0;
    let changed = 0;
    for (let n = 1; n <= count; n += 1) {
      const worker = trial.random.pick(fleet.workers);
      const pid = worker.process.pid ?? 0;
      await until(trial, "the worker has work", async () => (await jobsOf(world, pid)).length > 0);
      trial.say(`freeze ${n} of ${count}, for ${frozenSeconds} s`);
      worker.process.kill("SIGSTOP");
      const frozen = performance.now();
      const lost = await jobsOf(world, pid);
      await until(trial, "its jobs are reclaimed", () => areReclaimed(world, lost, pid), { everyMs: 200 });
      longest = Math.max(longest, performance.now() - frozen);
      const left = frozenSeconds * 1000 - (performance.now() - frozen);
      await sleep(Math.max(0, left), undefined, { signal: trial.signal });
      const before = await storedScores(world);
      worker.process.kill("SIGCONT");
      await until(trial, "the worker that woke up has jobs again", async () =>
        (await jobsOf(world, pid)).length > 0 ? true : undefined,
      );
      const after = await storedScores(world);
      changed += [...before].filter(([id, score]) => after.get(id) !== score).length;
    }
    const ids = await runs.end(world);
    trial.check(
      "its jobs are reclaimed meanwhile, within 30 s",
      longest <= 30_000,
      `at most ${(longest / 1000).toFixed(1)} s (presumed dead after ${world.deadAfterSeconds} s)`,
    );
    trial.check("it overwrites no score when it wakes up", changed === 0, `${changed} changed`);
    await checkUnharmed(trial, world, ids, `${count} freezes`);
    const { recorded, counted } = await world.database.row<{ recorded: number; counted: number }>(
      `select (select count(*)::integer from judge_calls) as recorded,
         (select coalesce(sum(calls), 0)::integer from eval_run_usage) as counted`,
    );
    trial.check(
      "each call is counted once in its run's usage",
      recorded === counted,
      `${counted} of ${recorded}`,
    );
    await watch.check(count * world.concurrency, count * world.concurrency);
  },
};

async function storedScores({ database }: Awaited<ReturnType<typeof startWorld>>) {
  const rows = await database.rows<{ id: string; score: string }>(
    "select id, concat_ws(' ', value, status, reason, updated_at) as score from trace_scores",
  );
  return new Map(rows.map(({ id, score }) => [id, score]));
}
