import type { SpawnedServer } from "../../packages/server/test/support/spawn-server.ts";
import type { Scenario, Trial } from "../scenario.ts";
import { withHook } from "../world/hook.ts";
import { checkWhole, createRun, endedRun, metrics, storeTraces } from "../world/runs.ts";
import { startWorld, type World } from "../world/world.ts";

/** A trace whose question ends the process that asks it, each time. A supervisor starts another one. */
export const poison: Scenario = {
  name: "poison",
  title: "a trace that crashes whatever process evaluates it",
  async run(trial) {
    const world = await startWorld(trial);
    const server = await world.start("api");
    const api = world.api(server);
    const over = new AbortController();
    const deaths = await supervise(trial, world, 2, over.signal);
    for (const poisoned of trial.short ? [1] : [1, 1, 3]) {
      const before = deaths.count;
      const tag = `poison ${before}`;
      await storeTraces(api, tag, trial.short ? 40 : 300);
      for (let n = 0; n < poisoned; n += 1) {
        const trace = { name: "POISON", tags: [tag], input: `POISON ${n} ${tag}`, output: "." };
        await api.post("/traces", { ...trace, started_at: "2026-03-02T00:00:00Z" }, 202);
      }
      trial.say(`a run with ${poisoned} poisoned of ${trial.short ? 40 + poisoned : 300 + poisoned}`);
      const { id } = await createRun(api, tag);
      await endedRun(trial, () => api, id);
      await checkWhole(trial, world, [id]);
      const failed = await world.database.rows<{ name: string; reason: string }>(
        `select trace.name, score.reason from trace_scores score join traces trace using (project_id, trace_id)
         where eval_run_id = $1 and score.status = 'FAILED'`,
        [id],
      );
      const died = deaths.count - before;
      trial.check(
        "it is given up, with a reason, after exactly three tries",
        failed.filter(({ name }) => name === "POISON").length === poisoned * metrics.length &&
          failed.every(({ reason }) => reason.startsWith("Given up after 3 tries")) &&
          // Two that are tried at once die of one death.
          (poisoned === 1 ? died === 3 : died <= 3 * poisoned),
        `${died} deaths: ${failed[0]?.reason ?? "nothing failed"}`,
      );
      const innocent = failed.filter(({ name }) => name !== "POISON").length;
      trial.check("the rest of the run succeeds", innocent === 0, `${innocent} other pairs failed`);
    }
    over.abort();
  },
};

/** So many workers, each of which is started again when it dies, until it is over. */
async function supervise(
  trial: Trial,
  world: World,
  workers: number,
  over: AbortSignal,
): Promise<{ readonly count: number }> {
  const deaths = { count: 0 };
  const start = async () => watch(await world.start("worker", withHook("poison")));
  const watch = (worker: SpawnedServer) => {
    worker.process.once("exit", () => {
      if (over.aborted || trial.signal.aborted) return;
      deaths.count += 1;
      trial.say(`death ${deaths.count}`);
      // Only a trial that is over starts none.
      start().catch(() => undefined);
    });
  };
  await Promise.all(Array.from({ length: workers }, start));
  return deaths;
}
