import { median } from "../median.ts";
import type { Scenario, Trial } from "../scenario.ts";
import { until } from "../until.ts";
import type { Api } from "../world/api.ts";
import { checkComplete, createRun, endedRun, readRun, storeTraces } from "../world/runs.ts";
import { startWorld } from "../world/world.ts";

const maxRatio = 3;
const smallTraces = 10;

/** A run of ten traces in one project, beside a huge run in another. */
export const fairness: Scenario = {
  name: "fairness",
  title: "a small run beside a huge one of another project",
  async run(trial) {
    const world = await startWorld(trial, { llm: { latencyMs: [100, 300] } });
    const server = await world.start("api");
    const [small, huge] = [world.api(server, "small"), world.api(server, "huge")];
    await Promise.all([world.start("worker"), world.start("worker")]);
    await storeTraces(huge, "huge", trial.short ? 500 : 10_000);
    const rounds = trial.short ? 2 : 5;
    const alone: number[] = [];
    for (let n = 0; n < rounds; n += 1) alone.push(await timeOfRun(trial, small, `alone ${n}`));
    const { id } = await createRun(huge, "huge");
    await until(trial, "the huge run is under way", async () => {
      const run = await readRun(huge, id);
      return (run?.evaluated_count ?? 0) > 20;
    });
    const beside: number[] = [];
    for (let n = 0; n < rounds; n += 1) beside.push(await timeOfRun(trial, small, `beside ${n}`));
    const stillRuns = (await readRun(huge, id))?.status === "RUNNING";
    trial.check("the huge run is still running at the end", stillRuns, stillRuns ? "it is" : "it ended");
    const ratio = median(beside) / median(alone);
    trial.check(
      `the small run ends within ${maxRatio} × its time alone`,
      ratio <= maxRatio,
      `${ratio.toFixed(2)} × (median of ${rounds})`,
    );
    if (trial.short) return;
    await endedRun(trial, () => huge, id, { timeoutMs: 1_800_000 });
    await checkComplete(trial, world, [id]);
  },
};

async function timeOfRun(trial: Trial, api: Api, tag: string): Promise<number> {
  await storeTraces(api, tag, smallTraces);
  const began = performance.now();
  const { id } = await createRun(api, tag);
  await until(trial, "the small run ends", async () => (await readRun(api, id))?.status === "COMPLETED", {
    timeoutMs: 600_000,
    everyMs: 20,
  });
  trial.say(`${tag}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return performance.now() - began;
}
