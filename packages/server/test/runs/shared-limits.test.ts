/** @module-tag slow */
import { expect, onTestFinished, test } from "vitest";
import { type LlmServer, type LlmServerOptions, startLlmServer } from "../support/llm-server.ts";
import { createRun, endedRun, getRun } from "../support/run-helpers.ts";
import { spawnServer } from "../support/spawn-server.ts";
import { createTestDatabase } from "../support/test-database.ts";
import { useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";

/** Two processes on one database, both evaluating. */
async function twoWorkers(options: LlmServerOptions, limits: object) {
  const llm = await startLlmServer(options);
  onTestFinished(() => llm.stop());
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const environment = {
    DATABASE_URL: database.url,
    OPENAI_BASE_URL: llm.baseUrl,
    EVAL_LLM_MODEL: "openai/test",
    EVAL_CONCURRENCY: "8",
    JUDGE_LIMITS: JSON.stringify(limits),
  };
  const other = await spawnServer(environment, ["--role", "worker"]);
  onTestFinished(async () => void (await other.end("SIGKILL")));
  const { api } = await useTestServer({ database, environment });
  return { llm, api };
}

/** The most calls that started within any `ms` milliseconds. */
function mostWithin(llm: LlmServer, ms: number): number {
  const times = llm.requests.map(({ receivedAt }) => receivedAt);
  return Math.max(...times.map((end) => times.filter((time) => time > end - ms && time <= end).length));
}

test("two processes together keep the limit on concurrent calls to a model", {
  timeout: 60_000,
}, async () => {
  const { api, llm } = await twoWorkers({ latencyMs: 50 }, { "openai/test": { concurrency: 3 } });
  await storeTraces(api, 60);
  const run = await createRun(api, { metrics: ["confidence"] });
  expect(await endedRun(api, run.id, 40_000)).toMatchObject({ status: "COMPLETED", failed_count: 0 });
  expect(llm.requests).toHaveLength(60);
  // The limit is reached, because free slots are used, and never exceeded.
  expect(llm.maxInFlight).toBe(3);
});

test("two processes together keep the rate limit of a provider", {
  timeout: 60_000,
}, async () => {
  const perMinute = 600;
  const { api, llm } = await twoWorkers({}, { openai: { requests_per_minute: perMinute } });
  await storeTraces(api, 40);
  const run = await createRun(api, { metrics: ["confidence"] });
  expect(await endedRun(api, run.id, 40_000)).toMatchObject({ status: "COMPLETED", failed_count: 0 });
  expect(llm.requests).toHaveLength(40);
  const perSecond = perMinute / 60;
  // The tokens of one second may be used at once, together with those of the second before.
  expect(mostWithin(llm, 1_000)).toBeLessThanOrEqual(2.5 * perSecond);
  const tookMs = Number(llm.requests.at(-1)?.receivedAt) - Number(llm.requests[0]?.receivedAt);
  expect(tookMs).toBeGreaterThan(((40 - 2 * perSecond) / perSecond) * 1_000);
  expect(tookMs).toBeLessThan((40 / perSecond) * 1_000 * 2);
});

test("two processes together stop calling a model that is down, and send one probe at a time", {
  timeout: 60_000,
}, async () => {
  let isDown = true;
  const { api, llm } = await twoWorkers(
    { latencyMs: 20, fault: () => (isDown ? { kind: "status", status: 502 } : undefined) },
    {},
  );
  await storeTraces(api, 60);
  const run = await createRun(api, { metrics: ["confidence"] });
  // Pauses of 1, 2 and 4 seconds.
  await waitUntil(async () => {
    const { waiting_for } = await getRun(api, run.id);
    return llm.requests.length > 0 && waiting_for !== null;
  });
  const first = Number(llm.requests[0]?.receivedAt);
  await waitUntil(async () => performance.now() - first > 6_000);
  const whileDown = llm.requests.length;
  isDown = false;
  expect(await endedRun(api, run.id, 40_000)).toMatchObject({ status: "COMPLETED", failed_count: 0 });
  // Each process had all its slots in use when the first calls failed, and made a few more until both knew.
  expect(whileDown).toBeLessThanOrEqual(2 * 8 + 8);
  expect(llm.requests.length - whileDown).toBe(60);
});
