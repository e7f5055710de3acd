/**
 * How long a run of 10 traces takes beside a run of thousands in another project ÷ its time alone, with one worker process and
 * with two. The goal is 3. Also measures ten small projects at once, and a small run of the huge run's own project.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { PandaProbe } from "@pandaprobe/sdk";
import { type SpawnedServer, spawnServer } from "../packages/server/test/support/spawn-server.ts";
import { startBenchDatabase } from "./bench-server.ts";
import { startLocalLlm } from "./local-llm.ts";
import { median } from "./times.ts";

const metrics = ["task_completion", "step_efficiency", "confidence"];
const hugeCount = 3000;
const smallCount = 10;
const latencyMs = 200;
const rounds = 5;
/** Traces per request. */
const batch = 100;

const llm = await startLocalLlm(latencyMs);
const database = await startBenchDatabase();
const apiKey = `sk_pp_${randomBytes(32).toString("hex")}`;
const environment = {
  DATABASE_URL: database.url,
  PANDAPROBE_API_KEY: apiKey,
  OPENAI_BASE_URL: llm.baseUrl,
  EVAL_LLM_MODEL: "openai/bench",
  RATE_LIMIT_RUNS_PER_MINUTE: "100000",
  LOG_LEVEL: "warn",
};
const api = await spawnServer({ ...environment, LOG_LEVEL: "info" }, ["--role", "api"]);
const workers: SpawnedServer[] = [];

const clientOf = (projectName: string) =>
  new PandaProbe({ apiKey, projectName, endpoint: api.url, timeoutMs: 120_000 });

/** Starts one small run per project at once. @returns how long the last one took. */
async function smallRunsMs(projects: readonly string[]): Promise<number> {
  const begun = await Promise.all(
    projects.map(async (project) => {
      const client = clientOf(project);
      return { client, trace_ids: await storeTraces(client, smallCount) };
    }),
  );
  const startedAt = performance.now();
  await Promise.all(
    begun.map(async ({ client, trace_ids }) =>
      client.waitForRun(await client.createTraceRunBatch({ metrics, trace_ids })),
    ),
  );
  return performance.now() - startedAt;
}

async function medianMs(projects: readonly string[]): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await smallRunsMs(projects));
  return median(times);
}

try {
  const huge = clientOf("huge");
  await storeTraces(huge, hugeCount);
  for (const workerCount of [1, 2]) {
    workers.push(await spawnServer({ ...environment, LOG_LEVEL: "info" }, ["--role", "worker"]));
    const tens = Array.from({ length: 10 }, (_, n) => `small ${n}`);
    await smallRunsMs(["warm-up"]);
    const alone = await medianMs(["small"]);
    const tenAlone = await medianMs(tens);
    const hugeRun = await huge.createTraceRun({ metrics, fresh: true });
    // Wait until it keeps all workers busy.
    while ((await huge.getTraceRun(hugeRun.id)).evaluated_count < 100) await smallRunsMs([]);
    const say = (what: string, ms: number, than: number) =>
      console.log(`${workerCount} worker(s), ${what}: ${(ms / than).toFixed(2)} × its time alone`);
    say("a small run beside a huge one", await medianMs(["small"]), alone);
    say("ten small runs of ten projects beside a huge one", await medianMs(tens), tenAlone);
    say("a small run of the huge one's project", await medianMs(["huge"]), alone);
    const { status } = await huge.getTraceRun(hugeRun.id);
    if (status !== "RUNNING") throw new Error(`The huge run ended too early: it is ${status}.`);
    await huge.cancelTraceRun(hugeRun.id);
  }
} finally {
  for (const server of [api, ...workers]) await server.end("SIGTERM");
  await database.stop();
  llm.stop();
}

/** Stores small traces with new texts, and returns their ids. */
async function storeTraces(client: PandaProbe, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let begin = 0; begin < count; begin += batch) {
    const traces = Array.from({ length: Math.min(batch, count - begin) }, (_, n) => ({
      trace_id: randomUUID(),
      name: `trace ${begin + n}`,
      input: `What is ${begin + n} plus ${begin + n}? (${randomUUID()})`,
      output: `It is ${2 * (begin + n)}.`,
      started_at: new Date(Date.UTC(2026, 2, 1) + (begin + n) * 1000).toISOString(),
    }));
    await client.createTraceBatch({ traces });
    ids.push(...traces.map(({ trace_id }) => trace_id));
  }
  return ids;
}
