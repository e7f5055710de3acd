/** @module-tag slow */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { clusterFolder } from "../../src/db/embedded/cluster.ts";
import { findPostmaster } from "../../src/db/embedded/postmaster.ts";
import { generateApiKey } from "../../src/features/projects/api-keys.ts";
import type { Role } from "../../src/start.ts";
import { ApiClient } from "../support/api-client.ts";
import { startLlmServer } from "../support/llm-server.ts";
import { createRun, endedRun, getRun, pairs, runScores } from "../support/run-helpers.ts";
import { spawnCli, spawnServer } from "../support/spawn-server.ts";
import { dropDatabase } from "../support/template-database.ts";
import { createTestDatabase } from "../support/test-database.ts";
import { startTestServer, type TestServer, useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";

const traceCount = 40;
const metrics = ["task_completion", "confidence"];

async function setUp(more: Readonly<Record<string, string>> = {}) {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const llm = await startLlmServer({ latencyMs: 100 });
  onTestFinished(() => llm.stop());
  const apiKey = generateApiKey();
  const environment = {
    DATABASE_URL: database.url,
    PANDAPROBE_API_KEY: apiKey,
    OPENAI_BASE_URL: llm.baseUrl,
    EVAL_LLM_MODEL: "openai/test",
    EVAL_CONCURRENCY: "4",
    WORKER_HEARTBEAT_SECONDS: "1",
    WORKER_DEAD_AFTER_SECONDS: "3",
    ...more,
  };
  return {
    llm,
    databaseName: new URL(database.url).pathname.slice(1),
    /** Starts a process that the test ends. */
    async startMortal(args: string[] = []) {
      const server = await spawnServer(environment, args);
      onTestFinished(async () => void (await server.end("SIGKILL")));
      const api = new ApiClient({ url: server.url, apiKey, project: "test" });
      return { api, end: (signal: NodeJS.Signals) => server.end(signal) };
    },
    /** Starts a server that outlives the test. It runs in this process, which takes a tenth of the time. */
    startHere: (role: Role = "all"): Promise<TestServer> => useTestServer({ database, environment, role }),
  };
}

async function expectWhole(api: ApiClient, runId: string, traceIds: readonly string[]): Promise<void> {
  const run = await endedRun(api, runId, 60_000);
  expect(run).toMatchObject({ status: "COMPLETED", evaluated_count: traceIds.length, failed_count: 0 });
  const expected = traceIds.flatMap((id) => metrics.map((metric) => `${id} ${metric}`)).sort();
  expect(pairs(await runScores(api, runId))).toEqual(expected);
}

test("a server that is killed in the middle of a run completes it after a restart", {
  timeout: 90_000,
}, async () => {
  const { startMortal, startHere } = await setUp();
  const first = await startMortal();
  const traceIds = await storeTraces(first.api, traceCount);
  const { id } = await createRun(first.api, { metrics });
  await waitUntil(async () => (await getRun(first.api, id)).evaluated_count > 5);
  await first.end("SIGKILL");

  const { api } = await startHere();
  expect((await getRun(api, id)).status).toBe("RUNNING");
  await expectWhole(api, id, traceIds);
});

test("the jobs of a killed worker are reclaimed by another one", { timeout: 90_000 }, async () => {
  const { startMortal, startHere } = await setUp();
  const [{ api }, worker] = await Promise.all([startHere("api"), startMortal(["--role", "worker"])]);
  const traceIds = await storeTraces(api, traceCount);
  const { id } = await createRun(api, { metrics });
  await waitUntil(async () => (await getRun(api, id)).evaluated_count > 5);
  await startHere("worker");
  await worker.end("SIGKILL");
  await expectWhole(api, id, traceIds);
});

test("after a worker is killed, no repeat and no member of a jury is asked again", {
  timeout: 90_000,
}, async () => {
  const { llm, startMortal, startHere } = await setUp();
  const first = await startMortal();
  const traceIds = await storeTraces(first.api, 10);
  const { id } = await createRun(first.api, {
    metrics: ["confidence"],
    judges: ["openai/a", "openai/b"],
    repeats: 3,
  });
  await waitUntil(async () => (await getRun(first.api, id)).evaluated_count > 2);
  await first.end("SIGKILL");

  const { api } = await startHere();
  const run = await endedRun(api, id, 60_000);
  expect(run).toMatchObject({ status: "COMPLETED", evaluated_count: traceIds.length, failed_count: 0 });
  for (const { metadata } of await runScores(api, id)) {
    const all = {
      repeats: { count: 3, values: [expect.any(Number), expect.any(Number), expect.any(Number)] },
    };
    expect(metadata).toMatchObject({ votes: [all, all] });
  }
  // Each question once, except the calls that were in flight: four to each model.
  expect(llm.requests.length).toBeGreaterThanOrEqual(traceIds.length * 6);
  expect(llm.requests.length).toBeLessThanOrEqual(traceIds.length * 6 + 2 * 4);
});

test("SIGTERM lets judge calls in flight finish, and returns the other jobs to the queue", {
  timeout: 90_000,
}, async () => {
  const { llm, startMortal, startHere } = await setUp();
  const first = await startMortal();
  const traceIds = await storeTraces(first.api, traceCount);
  const { id } = await createRun(first.api, { metrics });
  await waitUntil(async () => (await getRun(first.api, id)).evaluated_count > 5);
  const startedAt = performance.now();
  expect(await first.end("SIGTERM")).toEqual({ code: 0, signal: null });
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  // If calls had been aborted, answers of the provider would be missing.
  expect(llm.inFlight).toBe(0);
  const askedBefore = llm.requests.length;

  await expectWhole((await startHere()).api, id, traceIds);
  expect(llm.requests.length).toBeGreaterThan(askedBefore);
  // Two questions for each task completion and one for each confidence. Nothing is asked again except the first
  // stages of items whose second stage had not started.
  expect(llm.requests.length).toBeLessThanOrEqual(traceCount * 3 + 2 * 4);
});

test("a run continues after PostgreSQL was killed and restarted", {
  timeout: 90_000,
}, async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), "pandaprobe-mortal-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const llm = await startLlmServer({ latencyMs: 100 });
  onTestFinished(() => llm.stop());
  const apiKey = generateApiKey();
  const server = await startTestServer({
    environment: {
      DATABASE_URL: "",
      PANDAPROBE_DATA_DIR: dataDir,
      PANDAPROBE_API_KEY: apiKey,
      OPENAI_BASE_URL: llm.baseUrl,
      EVAL_LLM_MODEL: "openai/test",
      EVAL_CONCURRENCY: "4",
    },
  });
  onTestFinished(() => server.close());
  const traceIds = await storeTraces(server.api, traceCount);
  const { id } = await createRun(server.api, { metrics });
  await waitUntil(async () => (await getRun(server.api, id)).evaluated_count > 5);
  const postmaster = await findPostmaster(clusterFolder(dataDir));
  process.kill(postmaster?.pid ?? 0, "SIGKILL");
  await waitUntil(async () => (await server.api.get("/ready")).status === 200);
  await expectWhole(server.api, id, traceIds);
});

test("a server whose database is unreachable still stops on SIGTERM", async () => {
  const { startMortal, databaseName } = await setUp({ SHUTDOWN_TIMEOUT_SECONDS: "1" });
  const server = await startMortal();
  await storeTraces(server.api, traceCount);
  await createRun(server.api, { metrics });
  await dropDatabase(inject("adminDatabaseUrl"), databaseName);
  const startedAt = performance.now();
  expect((await server.end("SIGTERM")).signal).toBe(null);
  expect(performance.now() - startedAt).toBeLessThan(15_000);
});

test("a signal during the start stops everything that has started", async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), "pandaprobe-mortal-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const child = spawnCli(["start"], { PANDAPROBE_DATA_DIR: dataDir });
  await waitUntil(async () => (await findPostmaster(clusterFolder(dataDir))) !== undefined);
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  expect(await findPostmaster(clusterFolder(dataDir))).toBeUndefined();
});
