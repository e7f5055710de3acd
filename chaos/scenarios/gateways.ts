import type { Scenario, Trial } from "../scenario.ts";
import type { Api } from "../world/api.ts";
import { createRun, endedRun, questionsPerTrace, storeTraces } from "../world/runs.ts";
import { startWorld } from "../world/world.ts";

const maxRatio = 3;

/** Behaviours of the tests' gateway zoo. A trace chooses one by its name. */
const oddBehaviours = [
  "500-poison",
  "429-too-large",
  "groq-bad-json",
  "200-odd-error",
  "stream-of-chunks",
  "openrouter-processing",
  "in-reasoning",
  "in-a-tool-call",
  "in-prose",
  "harmony",
  "two-answers",
  "out-of-range",
  "fractional",
  "usual",
] as const;

/** One project's odd traces beside another's usual traces, on a model that behaves like all gateways at once. */
export const gateways: Scenario = {
  name: "gateways",
  title: "a mix of the behaviours of real gateways, for two projects on one model",
  async run(trial) {
    const calls = trial.short ? 150 : 2_000;
    const world = await startWorld(trial, {
      llm: { latencyMs: [50, 150], followsTraces: true },
      environment: { EVAL_CONCURRENCY: "16", EVAL_CALL_TIMEOUT_SECONDS: "5" },
    });
    const server = await world.start("api");
    await world.start("worker");
    const [good, odd] = [world.api(server, "good"), world.api(server, "odd")];
    const goodTraces = trial.short ? 20 : 150;
    const alone = await timeOfRun(trial, good, "alone", goodTraces);

    const oddTraces = Math.round(calls / questionsPerTrace) - goodTraces;
    await storeOddTraces(trial, odd, oddTraces);
    const oddRun = await createRun(odd, "odd");
    trial.say(`${oddTraces} odd traces beside ${goodTraces} usual ones`);
    const beside = await timeOfRun(trial, good, "beside", goodTraces);
    const ratio = beside / alone;
    trial.check(
      `the good project's run takes at most ${maxRatio} × its time alone`,
      ratio <= maxRatio,
      `${ratio.toFixed(2)} ×`,
    );
    const ended = await endedRun(trial, () => odd, oddRun.id, { timeoutMs: 900_000 });
    trial.check(
      "the odd project's run ends with a score or a reason for each of its traces",
      ended.status === "COMPLETED" && ended.evaluated_count === oddTraces,
      `${ended.status}, ${ended.evaluated_count} of ${oddTraces} evaluated, ${ended.failed_count} items failed`,
    );
    const repeats = await world.database.row<{ n: number }>(
      `select count(*)::integer as n from judge_answers answer
       join judge_calls call on call.project_id = answer.project_id and answer.key = any (call.keys)
       where call.id <> answer.call_id and call.status = 'ANSWERED' and call.ended_at >= answer.created_at`,
    );
    trial.check("no answered question was asked again", repeats.n === 0, `${repeats.n} repeats`);
    trial.report("calls", (await world.llm.tally()).calls.length);
  },
};

async function timeOfRun(trial: Trial, api: Api, tag: string, count: number): Promise<number> {
  await storeTraces(api, tag, count);
  const startedAt = performance.now();
  const { id } = await createRun(api, tag);
  const run = await endedRun(trial, () => api, id, { timeoutMs: 600_000 });
  const tookMs = performance.now() - startedAt;
  trial.say(`${tag}: ${(tookMs / 1000).toFixed(1)} s`);
  trial.check(`no usual trace fails (${tag})`, run.failed_count === 0, `${run.failed_count} failed`);
  return tookMs;
}

/** Words that some behaviours look for in a trace. */
const wordsOf: Readonly<Record<string, string>> = { "500-poison": "POISON", "429-too-large": "HUGE" };

/** Stores traces that name a behaviour and contain its words. Every fourth trace is a duplicate of the one before. */
async function storeOddTraces(trial: Trial, api: Api, count: number): Promise<void> {
  const drawn = Array.from({ length: count }, () => trial.random.pick(oddBehaviours));
  const traces = drawn.map((_, n) => {
    const asked = n - (n % 4 === 3 ? 1 : 0);
    const behaviour = drawn[asked] ?? "usual";
    const words = wordsOf[behaviour] ?? "plain";
    return {
      name: `odd ${asked}`,
      tags: ["odd"],
      input: `What is ${asked} times two? zoo:${behaviour}; ${words}`,
      output: `It is ${2 * asked}.`,
      started_at: new Date(Date.UTC(2026, 2, 1, 0, 0, asked)).toISOString(),
    };
  });
  for (let from = 0; from < count; from += 100) {
    await api.post("/traces/batch", { traces: traces.slice(from, from + 100) }, 202);
  }
}
