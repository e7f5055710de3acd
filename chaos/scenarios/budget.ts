import { setTimeout as sleep } from "node:timers/promises";
import type { EvalRunResponse } from "@pandaprobe/contract";
import type { Scenario } from "../scenario.ts";
import { createRun, endedRun, metrics, storeTraces } from "../world/runs.ts";
import { startWorld } from "../world/world.ts";

/** The price of tokens. Each answer of the local provider counts 100 input tokens and 20 output tokens. */
const usdPerMtok = { input: 10, output: 100 };
const answerUsd = (100 * usdPerMtok.input + 20 * usdPerMtok.output) / 1_000_000;

/** Tolerance for floating-point errors in USD. */
const epsilon = 1e-9;

interface Spent {
  readonly id: string;
  readonly spent: number;
}

/** Runs with budgets of any size, at a concurrency that makes it easy to exceed them. */
export const budget: Scenario = {
  name: "budget",
  title: "runs with random budgets at concurrency 64, with a provider that charges",
  async run(trial) {
    const count = trial.short ? 12 : 200;
    const world = await startWorld(trial, {
      llm: { latencyMs: [10, 100] },
      environment: {
        EVAL_CONCURRENCY: "64",
        EVAL_MAX_OUTPUT_TOKENS: "64",
        JUDGE_PRICES: JSON.stringify({
          "openai/chaos": { input_usd_per_mtok: usdPerMtok.input, output_usd_per_mtok: usdPerMtok.output },
        }),
      },
    });
    const server = await world.start("api");
    const api = world.api(server);
    await world.start("worker");
    const caps = new Map<string, number>();
    const over = new Map<string, number>();
    const done = new AbortController();
    const watching = (async () => {
      while (!done.signal.aborted) {
        for (const { id, spent } of await spentByRun(world)) {
          const cap = caps.get(id);
          if (cap !== undefined && spent > cap + epsilon)
            over.set(id, Math.max(over.get(id) ?? 0, spent / cap));
        }
        await sleep(50);
      }
    })();
    trial.defer(async () => {
      done.abort();
      await watching.catch(() => undefined);
    });
    for (let n = 0; n < count; n += 1) {
      const traces = Math.floor(trial.random.between(1, 12));
      await storeTraces(api, `budget ${n}`, traces);
      // From less than the possible cost of one call to more than the cost of all calls.
      const cap = Number((trial.random.between(0.5, traces * 4.5) * answerUsd * 3).toFixed(6));
      const { id } = await createRun(api, `budget ${n}`, { max_cost_usd: cap });
      caps.set(id, cap);
    }
    trial.say(`${count} runs are under way`);
    const ended: (EvalRunResponse & { readonly max_cost_usd?: number | null })[] = [];
    for (const id of caps.keys()) ended.push(await endedRun(trial, () => api, id));
    done.abort();
    await watching;
    trial.check(
      "the server stores budgets",
      ended.every(({ id, max_cost_usd }) => max_cost_usd === caps.get(id)),
      `${ended.filter(({ max_cost_usd }) => max_cost_usd != null).length} of ${count} runs report theirs`,
    );
    const reported = ended.filter(
      ({ id, usage }) => (usage.cost_usd ?? Infinity) > (caps.get(id) ?? 0) + epsilon,
    );
    trial.check(
      "the cost of each run, with the possible cost of calls in flight, never exceeds its budget",
      over.size === 0 && reported.length === 0,
      `${over.size + reported.length} of ${count} exceeded it`,
    );
    const reasons = await world.database.rows<{ reason: string; times: number }>(
      "select reason, count(*)::integer as times from trace_scores where status = 'FAILED' group by 1 order by 2 desc",
    );
    const cut = ended.filter(({ failed_count }) => failed_count > 0).length;
    trial.check(
      "every run completes, and items only fail because of the budget",
      ended.every((run) => run.status === "COMPLETED" && run.evaluated_count === run.total_targets) &&
        reasons.every(({ reason }) => reason.startsWith("budget_exceeded")),
      `${cut} of ${count} runs reached their budget, ${reasons.reduce((sum, { times }) => sum + times, 0)} items failed`,
    );
    trial.check(
      "some runs reach their budget, and some do not",
      cut > 0 && cut < count,
      `${cut} of ${count}`,
    );
    const { calls } = await world.llm.tally();
    const spent = (await spentByRun(world)).reduce((sum, run) => sum + run.spent, 0);
    trial.check(
      "the runs report what the provider charged",
      Math.abs(spent - calls.length * answerUsd) < 1e-6,
      `${spent.toFixed(4)} USD for ${calls.length} calls (${metrics.join(", ")})`,
    );
  },
};

/** The cost of each run's calls, or the possible cost of calls in flight. */
async function spentByRun({ database }: Awaited<ReturnType<typeof startWorld>>): Promise<Spent[]> {
  return database.rows<Spent & Record<string, unknown>>(
    `select run_id as id, sum(case when status = 'PENDING' then reserved_usd else cost_usd end)::float8 as spent
     from judge_calls group by run_id`,
  );
}
