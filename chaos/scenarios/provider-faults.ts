import type { Scenario } from "../scenario.ts";
import {
  checkComplete,
  createRun,
  endedRun,
  failureReasons,
  questionsPerTrace,
  storeTraces,
} from "../world/runs.ts";
import { startWorld } from "../world/world.ts";

const maxRatio = 1.2;

/** A provider that throttles, fails, hangs, drips, answers garbage and resets connections, at random. */
export const providerFaults: Scenario = {
  name: "provider",
  title: "429 storms, 5xx bursts, hangs, drips, garbage, resets, mixed at random",
  async run(trial) {
    const calls = trial.short ? 150 : 2000;
    const faultRate = 0.15;
    const world = await startWorld(trial, {
      llm: { latencyMs: [20, 200], faultRate },
      environment: {
        EVAL_CONCURRENCY: "16",
        EVAL_CALL_TIMEOUT_SECONDS: trial.short ? "1" : "3",
        // Everything that can succeed should, so no question may be given up because of bad luck.
        EVAL_MAX_ATTEMPTS: "20",
        EVAL_QUESTION_TIMEOUT_SECONDS: "1800",
        EVAL_PROVIDER_PATIENCE_SECONDS: "1800",
      },
    });
    const server = await world.start("api");
    const api = world.api(server);
    await Promise.all([world.start("worker"), world.start("worker")]);
    const questions = Math.round(calls * (1 - faultRate));
    await storeTraces(api, "faults", Math.round(questions / questionsPerTrace));
    const { id } = await createRun(api, "faults");
    trial.say(`a run of about ${questions} questions`);
    await endedRun(trial, () => api, id, { timeoutMs: 900_000 });
    await checkComplete(trial, world, [id]);
    const reasons = await failureReasons(world, [id]);
    trial.check(
      "everything that could succeed did",
      reasons.length === 0,
      `${reasons.length} items failed${reasons.length > 0 ? `, such as: ${reasons[0]}` : ""}`,
    );
    const tally = await world.llm.tally();
    const kinds = Map.groupBy(tally.calls, ({ fault }) => fault ?? "answered");
    const made = tally.calls.length;
    const succeeded = await world.database.row<{ answers: number }>(
      "select count(*)::integer as answers from judge_answers",
    );
    const faulty = tally.calls.filter(({ fault }) => fault !== null).length;
    const unavoidable = made / (made - faulty);
    const ratio = made / succeeded.answers / unavoidable;
    trial.report("calls", [...kinds].map(([kind, { length }]) => `${length} ${kind}`).join(", "));
    trial.check(
      `calls per success stay within ${maxRatio} × of what the faults make necessary`,
      ratio <= maxRatio,
      `${ratio.toFixed(3)} × (${made} calls, ${succeeded.answers} answers, ${((100 * faulty) / made).toFixed(0)} % faulty)`,
    );
  },
};
