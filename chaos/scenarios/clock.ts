import type { Scenario } from "../scenario.ts";
import { until } from "../until.ts";
import { presumedDeaths } from "../world/fleet.ts";
import { LedgerWatch } from "../world/ledger-watch.ts";
import { checkComplete, createRun, endedRun, readRun, storeTraces } from "../world/runs.ts";
import { areReclaimed, jobsOf } from "../world/worker-jobs.ts";
import { startWorld, withHook } from "../world/world.ts";

const hourMs = 3_600_000;

/** Workers whose clocks are an hour ahead and an hour behind, beside one with the right time that dies. */
export const clock: Scenario = {
  name: "clock",
  title: "one worker's clock an hour ahead, another's an hour behind, the third worker killed",
  async run(trial) {
    const world = await startWorld(trial, { noDeaths: true });
    const server = await world.start("api");
    const api = world.api(server);
    const shifted = (ms: number) =>
      world.start("worker", { ...withHook("shift-clock"), CHAOS_CLOCK_SHIFT_MS: String(ms) });
    const [right, ...wrong] = await Promise.all([world.start("worker"), shifted(hourMs), shifted(-hourMs)]);
    const offsets = wrong.map(({ lines }) => Number(/"time":(\d+)/.exec(lines.join("\n"))?.[1]) - Date.now());
    trial.check(
      "the clocks are wrong",
      offsets.every((ms) => Math.abs(ms) > hourMs * 0.9),
      offsets.map((ms) => `${(ms / hourMs).toFixed(2)} h`).join(", "),
    );
    await storeTraces(api, "clock", trial.short ? 80 : 400);
    const watch = new LedgerWatch(trial, world);
    const { id } = await createRun(api, "clock");
    const pid = right.process.pid ?? 0;
    await until(trial, "the run is under way", async () => {
      const run = await readRun(api, id);
      return (run?.evaluated_count ?? 0) > 10 && (await jobsOf(world, pid)).length > 0;
    });
    const early = presumedDeaths([right, ...wrong]);
    trial.check("no living worker is presumed dead", early === 0, `${early} were`);
    const died = right.end("SIGKILL");
    const killed = performance.now();
    const lost = await jobsOf(world, pid);
    await died;
    await until(trial, "lost work is reclaimed", () => areReclaimed(world, lost, pid), { everyMs: 200 });
    const seconds = (performance.now() - killed) / 1000;
    trial.check(
      "they reclaim the dead worker's jobs within 30 s",
      seconds <= 30,
      `${seconds.toFixed(1)} s (presumed dead after ${world.deadAfterSeconds} s)`,
    );
    await endedRun(trial, () => api, id);
    await checkComplete(trial, world, [id]);
    await watch.check(world.concurrency);
  },
};
