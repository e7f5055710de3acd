/**
 * How long agreement and comparison take over 100,000 scores, with 1,000 resamples of sessions, beside a plain aggregate of
 * the same scores in SQL, and how long another request waits meanwhile. The goal is 1 s on two cores.
 *
 *     npm run bench -- score-comparison [--scores 100000] [--per-session 10] [--rounds 7]
 */
import { randomBytes } from "node:crypto";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { PandaProbe } from "@pandaprobe/sdk";
import { PandaProbeReview } from "@pandaprobe/sdk/review";
import pg from "pg";
import { startBenchDatabase, startBenchServer } from "./bench-server.ts";
import { median, timesMs } from "./times.ts";

const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: {
    scores: { type: "string", default: "100000" },
    "per-session": { type: "string", default: "10" },
    rounds: { type: "string", default: "7" },
  },
});
const scores = Number(options.scores);
const perSession = Number(options["per-session"]);
const rounds = Number(options.rounds);

const apiKey = `sk_pp_${randomBytes(32).toString("hex")}`;
const database = await startBenchDatabase();
const server = await startBenchServer({ DATABASE_URL: database.url, PANDAPROBE_API_KEY: apiKey }, "api");
const connection = new pg.Client({ connectionString: database.url });
await connection.connect();
try {
  const settings = { apiKey, projectName: "bench", endpoint: server.url, timeoutMs: 300_000 };
  const client = new PandaProbe(settings);
  const review = new PandaProbeReview(settings);
  const { trace_id } = await client.createTrace({ name: "the first", started_at: "2025-01-01T00:00:00Z" });
  await fill();
  const sides = { a: { filters: { release: "v1" } }, b: { filters: { release: "v2" } } };
  const plain = `select release, avg(numeric_value), count(*), count(*) filter (where numeric_value >= 0.5)
    from trace_scores join traces using (project_id, trace_id) where trace_scores.name = 'quality' group by release`;
  const ways = {
    "plain aggregate in SQL": () => connection.query(plain),
    agreement: () => review.computeAgreement({ metric: "quality" }),
    "comparison, paired by case": () =>
      review.compareScores({ ...sides, metrics: ["quality"], pair_by: "metadata.case_id" }),
    "comparison, not paired": () => review.compareScores({ ...sides, metrics: ["quality"] }),
  };
  console.log(
    `${scores} scores of a judge, ${scores / 2} by people, ${perSession} traces per session (medians of ${rounds} rounds)`,
  );
  let bare = Number.NaN;
  for (const [name, way] of Object.entries(ways)) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const stop = new AbortController();
    const others = readMeanwhile(() => client.getTrace(trace_id), stop.signal);
    delay.enable();
    const times = await timesMs(rounds, way);
    delay.disable();
    stop.abort();
    const took = median(times);
    if (Number.isNaN(bare)) bare = took;
    const other = await others;
    console.log(
      `${name.padEnd(28)}${took.toFixed(0).padStart(6)} ms, ${(took / bare).toFixed(1)} × the aggregate; another request takes ${median(other).toFixed(0)} ms, at most ${Math.max(...other).toFixed(0)} ms; the event loop waits at most ${(delay.max / 1e6).toFixed(0)} ms`,
    );
  }
} finally {
  await connection.end();
  await server.stop();
  await database.stop();
}

/** How long each of many small requests takes, one after the other, in milliseconds. */
async function readMeanwhile(read: () => Promise<unknown>, signal: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  while (!signal.aborted) {
    const startedAt = performance.now();
    await read();
    times.push(performance.now() - startedAt);
    await sleep(10);
  }
  return times;
}

/** Half of the scores for each release, on the same cases, and people's for the second, who see it roughly as the judge. */
async function fill(): Promise<void> {
  const { rows } = await connection.query<{ id: string }>("select id from projects");
  await connection.query(
    `with made as (
      insert into traces (project_id, trace_id, name, status, input, output, metadata, started_at, tags, session_id, release)
      select $1, gen_random_uuid(), 'trace ' || n, 'COMPLETED', to_json('What is ' || n || '?'), to_json('It is ' || n || '.'),
        json_build_object('case_id', n % ($2 / 2)), timestamptz '2026-01-01' + n * interval '1 second', '{}',
        'session ' || n / $3, case when n < $2 / 2 then 'v1' else 'v2' end
      from generate_series(0, $2 - 1) as n
      returning project_id, trace_id, release, started_at
    ), valued as (
      select *, round(random()::numeric, 2)::text as value from made
    ), judged as (
      insert into trace_scores (project_id, id, trace_id, name, data_type, value, numeric_value, source, status, metadata, created_at)
      select project_id, gen_random_uuid(), trace_id, 'quality', 'NUMERIC', value, value::float8, 'PROGRAMMATIC', 'SUCCESS',
        json_build_object('threshold', 0.5, 'success', value::float8 >= 0.5), started_at
      from valued
    )
    insert into trace_scores (project_id, id, trace_id, name, data_type, value, numeric_value, source, status, metadata, created_at)
    select project_id, gen_random_uuid(), trace_id, 'quality', 'BOOLEAN', (value::float8 > random())::text, null, 'ANNOTATION', 'SUCCESS',
      '{}', started_at
    from valued where release = 'v2'`,
    [rows[0]?.id, scores, perSession],
  );
  await connection.query("vacuum analyze");
}
