import type { Scenario } from "../scenario.ts";
import { until } from "../until.ts";
import { deathsNoticed } from "../world/deaths-noticed.ts";
import { withHook } from "../world/hook.ts";
import { LedgerWatch } from "../world/ledger-watch.ts";
import { checkWhole, createRun, endedRun, lookAtRun, storeTraces } from "../world/runs.ts";
import { areTakenOver, jobsOf } from "../world/takeover.ts";
import { startWorld } from "../world/world.ts";

const hourMs = 3_600_000;

/** Workers whose clocks are an hour ahead and an hour behind, beside one that is right and dies. */
export const clock: Scenario = {
  name: "clock",
  title: "the clock of one worker an hour ahead, of another an hour behind; the third is killed",
  async run(trial) {
    const world = await startWorld(trial, { nobodyDies: true });
    const server = await world.start("api");
    const api = world.api(server);
    const shifted = (ms: number) =>
      world.start("worker", { ...withHook("shift-clock"), CHAOS_CLOCK_SHIFT_MS: String(ms) });
    const [right, ...wrong] = await Promise.all([world.start("worker"), shifted(hourMs), shifted(-hourMs)]);
    const told = wrong.map(({ lines }) => Number(/"time":(\d+)/.exec(lines.join("\n"))?.[1]) - Date.now());
    trial.check(
      "the clocks are wrong",
      told.every((ms) => Math.abs(ms) > hourMs * 0.9),
      told.map((ms) => `${(ms / hourMs).toFixed(2)} h`).join(", "),
    );
    await storeTraces(api, "clock", trial.short ? 80 : 400);
    const watch = new LedgerWatch(trial, world);
    const { id } = await createRun(api, "clock");
    const pid = right.process.pid ?? 0;
    await until(trial, "the run is under way", async () => {
      const run = await lookAtRun(api, id);
      return (run?.evaluated_count ?? 0) > 10 && (await jobsOf(world, pid)).length > 0;
    });
    const early = deathsNoticed([right, ...wrong]);
    trial.check("nobody is taken for dead who is not", early === 0, `${early} were`);
    const died = right.end("SIGKILL");
    const killed = performance.now();
    const lost = await jobsOf(world, pid);
    await died;
    await until(trial, "lost work is begun again", () => areTakenOver(world, lost, pid), { everyMs: 200 });
    const seconds = (performance.now() - killed) / 1000;
    trial.check(
      "they take over the work of a dead one within 30 s",
      seconds <= 30,
      `${seconds.toFixed(1)} s (presence of ${world.deadAfterSeconds} s)`,
    );
    await endedRun(trial, () => api, id);
    await checkWhole(trial, world, [id]);
    await watch.check(world.concurrency);
  },
};
