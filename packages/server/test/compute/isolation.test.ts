/** @module-tag slow */
import { fileURLToPath, pathToFileURL } from "node:url";
import type { TraceScoreResponse } from "@pandaprobe/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateApiKey } from "../../src/features/projects/api-keys.ts";
import { ApiClient } from "../support/api-client.ts";
import { createRun, endedRun, runScores } from "../support/run-helpers.ts";
import { type SpawnedServer, spawnServer } from "../support/spawn-server.ts";
import { createTestDatabase, type TestDatabase } from "../support/test-database.ts";
import { storeTrace } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";

const metrics = ["task_completion", "confidence"];
const hook = fileURLToPath(new URL("support/fragile-thread.ts", import.meta.url));

let database: TestDatabase;
let server: SpawnedServer;
let api: ApiClient;

beforeAll(async () => {
  database = await createTestDatabase();
  const apiKey = generateApiKey();
  server = await spawnServer({
    DATABASE_URL: database.url,
    PANDAPROBE_API_KEY: apiKey,
    EVAL_CPU_SECONDS: "1",
    EVAL_THREADS: "2",
    RATE_LIMIT_RUNS_PER_MINUTE: "1000",
    NODE_OPTIONS: `--import=${pathToFileURL(hook).href}`,
  });
  api = new ApiClient({ url: server.url, apiKey, project: "isolation" });
});

afterAll(async () => {
  await server.end("SIGKILL");
  await database.drop();
});

/** Large enough for a thread, unless `chars` says otherwise. */
async function store(output: string, { tag, chars = 100_000 }: { tag: string; chars?: number }) {
  return storeTrace(api, {
    name: "isolation",
    tags: [tag],
    input: "What is 2 plus 2?",
    output: output.padEnd(chars, " and it is 4"),
    started_at: "2026-03-01T10:00:00Z",
  });
}

async function evaluate(tag: string): Promise<TraceScoreResponse[]> {
  const run = await createRun(api, { metrics, filters: { tags: [tag] } });
  await endedRun(api, run.id, 60_000);
  return runScores(api, run.id);
}

function reasonsOf(scores: readonly TraceScoreResponse[], traceId: string): (string | null)[] {
  return [...new Set(scores.filter(({ trace_id }) => trace_id === traceId).map(({ reason }) => reason))];
}

// Threads have a low priority: on a busy machine a second of CPU time may take long.
describe("a trace that is evaluated in a thread", { timeout: 120_000 }, () => {
  test("fails with a reason when it exceeds its CPU time, and no other trace fails", async () => {
    const endless = await store("NEVER-ENDS", { tag: "endless" });
    const others = [
      await store("large", { tag: "endless" }),
      await store("small", { tag: "endless", chars: 10 }),
    ];
    const scores = await evaluate("endless");
    expect(reasonsOf(scores, endless)).toEqual([
      expect.stringMatching(/took more than 1 s of CPU time, so it was stopped/),
    ]);
    for (const id of others) {
      const own = scores.filter(({ trace_id }) => trace_id === id);
      expect(own.map(({ status }) => status)).toEqual(["SUCCESS", "SUCCESS"]);
    }
  });

  test("fails with a reason if its thread dies, and the next trace is evaluated", async () => {
    const deadly = await store("DIES-OF-IT", { tag: "deadly" });
    const [first] = reasonsOf(await evaluate("deadly"), deadly);
    expect(first).toMatch(/Evaluating this trace failed, because its thread died/);
    await store("large", { tag: "after" });
    expect((await evaluate("after")).map(({ status }) => status)).toEqual(["SUCCESS", "SUCCESS"]);
  });

  test("does not delay runs of other projects", async () => {
    for (let i = 0; i < 2; i++) await store("NEVER-ENDS", { tag: "busy" });
    const busy = await createRun(api, { metrics, filters: { tags: ["busy"] } });
    const other = api.as({ project: "other" });
    const started_at = "2026-03-01T10:00:00Z";
    await other.post("/traces", { name: "small", input: "a", output: "b", started_at });
    await other.post("/traces", { name: "large", input: "a", output: "b ".repeat(50_000), started_at });
    const run = await createRun(other, { metrics });
    expect((await endedRun(other, run.id)).failed_count).toBe(0);
    expect((await endedRun(api, busy.id, 60_000)).failed_count).toBe(4);
  });

  test("goes back to the queue if the server stops", async () => {
    await store("NEVER-ENDS", { tag: "stop" });
    const run = await createRun(api, { metrics, filters: { tags: ["stop"] } });
    await waitUntil(
      async () =>
        (await api.get<{ status: string }>(`/evaluations/trace-runs/${run.id}`)).body.status === "RUNNING" ||
        undefined,
    );
    const ended = await server.end("SIGTERM");
    expect(ended.code).toBe(0);
  });
});
