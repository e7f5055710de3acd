/**
 * Whether memory stays flat during runs over thousands of targets: the heap of a process with API and worker after a garbage
 * collection, late in a run ÷ early in it. Also measures the peak memory for listing 100,000 scores.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { PandaProbe } from "@pandaprobe/sdk";
import pg from "pg";
import { startBenchDatabase, startBenchServer } from "./bench-server.ts";
import { fillProject } from "./fill-project.ts";
import { startLocalLlm } from "./local-llm.ts";
import { median } from "./times.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const traceCount = 2000;
const listedScores = 100_000;
const samplePauseMs = 250;
const mb = 1024 * 1024;

const apiKey = `sk_pp_${randomBytes(32).toString("hex")}`;
const llm = await startLocalLlm(0);
const database = await startBenchDatabase();
const server = await startBenchServer({
  DATABASE_URL: database.url,
  PANDAPROBE_API_KEY: apiKey,
  OPENAI_BASE_URL: llm.baseUrl,
  EVAL_LLM_MODEL: "openai/bench",
  EVAL_EMBEDDING_MODEL: "openai/embeds",
});
const connection = new pg.Client({ connectionString: database.url });
await connection.connect();
const client = new PandaProbe({
  apiKey,
  projectName: "bench",
  endpoint: server.url,
  timeoutMs: 300_000,
});

interface Sample {
  readonly done: number;
  readonly heap: number;
  readonly rss: number;
}

function sample(done: number): Sample {
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { done, heap: heapUsed + external, rss };
}

/** Samples the memory repeatedly during a run. The first fifth of the run is the warm-up. */
async function watch(name: string, total: number, done: () => Promise<number>): Promise<void> {
  const samples: Sample[] = [];
  for (let n = 0; n < total; await sleep(samplePauseMs)) {
    n = await done();
    if (n >= total / 5 && n < total) samples.push(sample(n));
  }
  const third = Math.ceil(samples.length / 3);
  const ratio = (of: "heap" | "rss") =>
    median(samples.slice(-third).map((one) => one[of])) /
    median(samples.slice(0, third).map((one) => one[of]));
  console.log(
    `${name}: late ÷ early, heap ${ratio("heap").toFixed(2)}, resident ${ratio("rss").toFixed(2)} (${samples.length} samples)`,
  );
}

async function listScores(projectId: string): Promise<void> {
  const run = await client.createTraceRun({ metrics: ["confidence"], model: "heuristic/v1" });
  await client.cancelTraceRun(run.id);
  await connection.query(
    `insert into trace_scores
       (project_id, id, trace_id, name, data_type, value, numeric_value, source, status, eval_run_id, reason, metadata)
     select $1, gen_random_uuid(), trace_id, 'metric ' || n, 'NUMERIC', '0.5', 0.5, 'AUTOMATED', 'SUCCESS', $2,
       repeat('A reason of some length. ', 10), '{}'
     from traces, generate_series(1, $3::integer) as n where project_id = $1`,
    [projectId, run.id, Math.ceil(listedScores / traceCount)],
  );
  const before = sample(0).heap;
  let most = 0;
  let bytes = 0;
  const answer = await fetch(`${server.url}/evaluations/trace-runs/${run.id}/scores`, {
    headers: { "x-api-key": apiKey, "x-project-name": "bench" },
  });
  let chunks = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    chunks += 1;
    if (chunks % 200 === 0) most = Math.max(most, sample(0).heap);
  }
  console.log(
    `listing ${listedScores} scores, ${(bytes / mb).toFixed(0)} MB: ${((most - before) / bytes).toFixed(2)} × their size in memory at most`,
  );
}

try {
  await client.createTrace({ name: "the first", started_at: "2026-01-01T00:00:00Z" });
  const projectId = await fillProject(connection, { traces: traceCount, perSession: 10 });
  await connection.query("vacuum analyze");
  for (const model of ["heuristic/v1", "openai/bench"]) {
    const run = await client.createTraceRun({ metrics: ["task_completion", "confidence"], model });
    await watch(`${run.total_targets} traces, ${model}`, run.total_targets, async () => {
      return (await client.getTraceRun(run.id)).evaluated_count;
    });
  }
  for (const model of ["heuristic/v1", "openai/bench"]) {
    const run = await client.createSessionRun({ metrics: ["agent_reliability"], model });
    await watch(`${run.total_targets} sessions, ${model}`, run.total_targets, async () => {
      return (await client.getSessionRun(run.id)).evaluated_count;
    });
  }
  await listScores(projectId);
} finally {
  await connection.end();
  await server.stop();
  await database.stop();
  llm.stop();
}
