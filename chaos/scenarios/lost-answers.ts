import { setTimeout as sleep } from "node:timers/promises";
import { startLossyProxy } from "../../packages/server/test/support/lossy-proxy.ts";
import type { Scenario } from "../scenario.ts";
import { storeTraces } from "../world/runs.ts";
import { startWorld } from "../world/world.ts";

/** Each create request is repeated with its `Idempotency-Key` until its answer arrives; every third answer is lost. */
export const lostAnswers: Scenario = {
  name: "lost-answers",
  title: "creates with Idempotency-Key through a proxy that loses every third answer",
  async run(trial) {
    const count = trial.short ? 100 : 1000;
    const world = await startWorld(trial);
    const server = await world.start("api");
    await storeTraces(world.api(server), "lossy", 1);
    const proxy = await startLossyProxy(server.url);
    trial.defer(() => proxy[Symbol.asyncDispose]());
    const api = world.api(proxy);
    const ids = new Set<string>();
    let next = 0;
    const createAll = async () => {
      for (;;) {
        const n = next++;
        if (n >= count) return;
        if (n % 200 === 0) trial.say(`${n} of ${count} creates`);
        // The run samples nothing, since only its creation matters.
        const body = { name: `run ${n}`, metrics: ["confidence"], sampling_rate: 0 };
        for (;;) {
          trial.signal.throwIfAborted();
          const headers = { "idempotency-key": `create ${n}` };
          const answer = await api.send<{ id: string }>("POST", "/evaluations/trace-runs", body, headers);
          if (answer.status === 202) {
            ids.add(answer.body.id);
            break;
          }
          if (answer.status !== 0 && answer.status !== 409)
            throw new Error(`A create answered ${answer.status}: ${JSON.stringify(answer.body)}`);
          await sleep(20);
        }
      }
    };
    await Promise.all(Array.from({ length: 50 }, createAll));
    const { runs, names } = await world.database.row<{ runs: number; names: number }>(
      "select count(*)::integer as runs, count(distinct name)::integer as names from eval_runs",
    );
    trial.check(
      `${count} creates make exactly ${count} runs`,
      runs === count && names === count && ids.size === count,
      `${runs} runs, ${ids.size} ids received, ${proxy.counts.lost} of ${proxy.counts.requests} answers lost`,
    );
  },
};
