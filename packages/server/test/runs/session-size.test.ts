/** @module-tag slow */
import pg from "pg";
import { assert, expect, onTestFinished, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { isNightly } from "../support/nightly.ts";
import { evaluateSessions, sessionScores, storeSession } from "../support/session-helpers.ts";
import { type TestServer, useTestServer } from "../support/test-server.ts";

async function useDatabase({ database }: TestServer): Promise<pg.Pool> {
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  onTestFinished(() => pool.end());
  return pool;
}

/** Copies the traces and spans of the session "seed" `copies` times, into sessions named by `session`. */
async function multiply(pool: pg.Pool, copies: number, session: string): Promise<void> {
  await pool.query(
    `with copied as (
      insert into traces (project_id, trace_id, name, status, input, output, metadata, started_at, tags, session_id)
      select project_id, gen_random_uuid(), trace_id::text, status, input, to_json((output #>> '{}') || ' ' || n),
        metadata, started_at + n * interval '1 second', tags, ${session}
      from traces, generate_series(1, $1) n where session_id = 'seed'
      returning project_id, trace_id, name
    )
    insert into spans (project_id, trace_id, span_id, name, kind, status, input, output, metadata, started_at,
      token_usage, model_parameters, cost, total_tokens, total_cost)
    select copied.project_id, copied.trace_id, gen_random_uuid(), span.name, span.kind, span.status, span.input,
      span.output, span.metadata, span.started_at, 'null', 'null', 'null', 0, 0
    from copied join spans span on span.project_id = copied.project_id and span.trace_id = copied.name::uuid`,
    [copies],
  );
}

async function calls(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ n: string }>(
    "select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()",
  );
  return Number(rows[0]?.n ?? 0);
}

/** The memory of the process, as far as it can be measured. */
function held(): number {
  assert(globalThis.gc, "vitest.config.ts starts the tests of the server with --expose-gc");
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The highest growth of the memory held during `work`, in MB. */
async function growth(work: () => Promise<void>): Promise<number> {
  const before = held();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, held());
  }, 1_500);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return (most - before) / 1e6;
}

/** A tool call whose output is large. */
const span = (size: number) => ({
  name: "search",
  kind: "TOOL",
  status: "OK",
  started_at: "2026-03-01T00:00:00Z",
  input: { query: "weather" },
  output: "lorem ipsum ".repeat(size / 12),
});

async function seed(api: ApiClient, size: number): Promise<void> {
  await storeSession(api, "seed", [{ spans: [span(size)] }]);
}

test("a session of 1,000 traces with large spans is never in memory as a whole", {
  timeout: 120_000,
}, async () => {
  const server = await useTestServer();
  const pool = await useDatabase(server);
  // 100 MB of spans in total.
  await seed(server.api, 100_000);
  await multiply(pool, 1000, "'long'");
  const before = await calls(pool);
  const grown = await growth(async () => {
    const run = await evaluateSessions(server.api, { session_ids: ["long"] }, 110_000);
    expect(run).toMatchObject({ status: "COMPLETED", failed_count: 0 });
    const scores = await sessionScores(server.api, run.id);
    expect(scores.map((score) => score.metadata["traces_evaluated"])).toEqual([1000, 1000]);
  });
  expect(grown).toBeLessThan(50);
  // Each page of eight traces takes three reads. Signals are stored in batches: large ones, unless the machine is busy.
  expect((await calls(pool)) - before).toBeLessThan(5 * 1000);
});

const manySessions = isNightly ? 1000 : 250;

test(`a run of ${manySessions} sessions completes`, { tags: ["nightly"], timeout: 240_000 }, async () => {
  const server = await useTestServer();
  const pool = await useDatabase(server);
  await seed(server.api, 1200);
  await multiply(pool, 3 * manySessions, `'session ' || n % ${manySessions}`);
  const grown = await growth(async () => {
    const run = await evaluateSessions(server.api, { filters: { min_trace_count: 3 } }, 110_000);
    expect(run).toMatchObject({
      status: "COMPLETED",
      total_traces: manySessions,
      evaluated_count: manySessions,
      failed_count: 0,
    });
    expect(await sessionScores(server.api, run.id)).toHaveLength(2 * manySessions);
  });
  expect(grown).toBeLessThan(30);
});
