/**
 * How long the server takes to create a run over 100,000 traces ÷ the bare `INSERT … SELECT` of its targets. The goal is 3.
 * Measures both alternately, on tables as after a bulk load, and takes the median of the rounds.
 */
import { randomBytes } from "node:crypto";
import { PandaProbe } from "@pandaprobe/sdk";
import pg from "pg";
import { startBenchDatabase, startBenchServer } from "./bench-server.ts";
import { fillProject } from "./fill-project.ts";
import { median } from "./times.ts";

const traceCount = 100_000;
const rounds = 7;

const apiKey = `sk_pp_${randomBytes(32).toString("hex")}`;
const database = await startBenchDatabase();
// An API without workers, since only the creation is measured.
const server = await startBenchServer(
  { DATABASE_URL: database.url, PANDAPROBE_API_KEY: apiKey, RATE_LIMIT_RUNS_PER_MINUTE: "100000" },
  "api",
);
const connection = new pg.Client({ connectionString: database.url });
await connection.connect();
try {
  const client = new PandaProbe({
    apiKey,
    projectName: "bench",
    endpoint: server.url,
    timeoutMs: 300_000,
  });
  await client.createTrace({ name: "the first", started_at: "2026-01-01T00:00:00Z" });
  const project_id = await fillProject(connection, { traces: traceCount, perSession: 10 });
  await connection.query("vacuum analyze");
  const newRun = async () => {
    const { rows } = await connection.query<{ id: string }>(
      `insert into eval_runs (project_id, id, target_type, status, metric_names, filters, sampling_rate, thresholds, total_targets)
       values ($1, gen_random_uuid(), 'TRACE', 'PENDING', '{}', '{}', 1, '{}', $2) returning id`,
      [project_id, traceCount],
    );
    return rows[0]?.id;
  };
  const ways = {
    "bare INSERT … SELECT": async () => {
      const id = await newRun();
      return timed(() =>
        connection.query(
          `insert into eval_run_targets (project_id, run_id, position, target_id)
           select project_id, $2, row_number() over () - 1, trace_id::text from traces where project_id = $1`,
          [project_id, id],
        ),
      );
    },
    "all traces": () => timed(() => client.createTraceRun({ metrics: ["confidence"] })),
    "by a filter": () =>
      timed(() => client.createTraceRun({ metrics: ["confidence"], filters: { tags: ["bench"] } })),
    "a sample of 99 %": () =>
      timed(() => client.createTraceRun({ metrics: ["confidence"], sampling_rate: 0.99 })),
  };
  const times = new Map<string, number[]>();
  for (let round = 0; round <= rounds; round += 1)
    for (const [name, way] of Object.entries(ways)) {
      const ms = await way();
      // The first round warms up.
      if (round > 0) times.set(name, [...(times.get(name) ?? []), ms]);
      await connection.query("truncate eval_runs cascade");
    }
  const [bareMs = Number.NaN, ...others] = [...times.values()].map(median);
  for (const [i, name] of [...times.keys()].slice(1).entries())
    console.log(`creating a run over ${name}: ${((others[i] ?? 0) / bareMs).toFixed(2)} × the bare insert`);
} finally {
  await connection.end();
  await server.stop();
  await database.stop();
}

async function timed(work: () => PromiseLike<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
