import type { SpawnedServer } from "../../packages/server/test/support/spawn-server.ts";
import type { Scenario, Trial } from "../scenario.ts";
import { checkComplete, createRun, endedRun, metrics, storeTraces } from "../world/runs.ts";
import { startWorld, type World, withHook } from "../world/world.ts";

/** A trace that kills every process that asks a question about it. A supervisor starts another process. */
export const poison: Scenario = {
  name: "poison",
  title: "a trace that crashes every process that evaluates it",
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
      await checkComplete(trial, world, [id]);
      const failed = await world.database.rows<{ name: string; reason: string }>(
        `select trace.name, score.reason from trace_scores score join traces trace using (project_id, trace_id)
         where eval_run_id = $1 and score.status = 'FAILED'`,
        [id],
      );
      const died = deaths.count - before;
      trial.check(
        "it is given up, with a reason, after exactly three attempts",
        failed.filter(({ name }) => name === "POISON").length === poisoned * metrics.length &&
          failed.every(({ reason }) => reason.startsWith("Given up after 3 ")) &&
          // Two of them in one process share a death.
          (poisoned === 1 ? died === 3 : died <= 3 * poisoned),
        `${died} deaths: ${failed[0]?.reason ?? "nothing failed"}`,
      );
      const innocent = failed.filter(({ name }) => name !== "POISON").length;
      trial.check("the rest of the run succeeds", innocent === 0, `${innocent} other items failed`);
    }
    over.abort();
  },
};

/** Keeps this many workers running, restarting each one that dies, until `over` is aborted. */
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
      // Fails only if the trial is over.
      start().catch(() => undefined);
    });
  };
  await Promise.all(Array.from({ length: workers }, start));
  return deaths;
}
