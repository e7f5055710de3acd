/**
 * How fast the server stores 10,000 spans of OpenTelemetry in batches of 512, beside bare inserts of the same rows by as
 * many connections. The goal is half as fast. Measures both alternately, and takes the median of the rounds. Also prints
 * the CPU times, and the memory after the last rounds ÷ that after the first.
 */
import { randomBytes } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import pg from "pg";
import {
  inProtobuf,
  nanos,
  otlpRequest,
  otlpSpan,
  protobufHeaders,
} from "../packages/server/test/support/otlp.ts";
import { startBenchDatabase, startBenchServer } from "./bench-server.ts";
import { type CpuTime, cpuClock } from "./cpu-time.ts";
import { median } from "./times.ts";

const spanCount = 10_240;
const batchSize = 512;
const spansPerTrace = 8;
const senders = 4;
const rounds = 9;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const apiKey = `sk_pp_${randomBytes(32).toString("hex")}`;
const database = await startBenchDatabase();
const server = await startBenchServer(
  { DATABASE_URL: database.url, PANDAPROBE_API_KEY: apiKey, RATE_LIMIT_REQUESTS_PER_MINUTE: "0" },
  "api",
);
const pool = new pg.Pool({ connectionString: database.url, max: senders });
const cpuTime = await cpuClock(pool);
const inserts: Readonly<Record<string, string>> = {
  traces: await insertInto("traces"),
  spans: await insertInto("spans"),
};
try {
  const spansTimes: Times[] = [];
  const bareTimes: Times[] = [];
  const megabytes: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const batches = newBatches();
    const ours = await timed(batches, send);
    const rows = await storedRows();
    // As autovacuum does within a minute. A plan made for an empty table reads all traces for each span.
    if (round === 0) await pool.query("analyze traces, spans");
    await pool.query("truncate traces cascade");
    // So that bare inserts do not pay for the server's garbage.
    collect();
    const bare = await timed(rows, insert);
    await pool.query("truncate traces cascade");
    collect();
    // The first round warms up.
    if (round === 0) continue;
    spansTimes.push(ours);
    bareTimes.push(bare);
    megabytes.push(process.memoryUsage().rss / 1e6);
  }
  const [ours, bare] = [medians(spansTimes), medians(bareTimes)];
  const third = Math.floor(rounds / 3);
  const growth = median(megabytes.slice(-third)) / median(megabytes.slice(0, third));
  console.log(
    `speed of ${spanCount} spans by OTLP: ${(bare.wall / ours.wall).toFixed(2)} × that of bare inserts`,
  );
  console.log(`  ${Math.round((spanCount / ours.wall) * 1000)} spans a second in batches of ${batchSize}`);
  console.log(`CPU time of bare inserts ÷ that of OTLP: ${(cpu(bare) / cpu(ours)).toFixed(2)}`);
  console.log(`  by OTLP, ${described(ours)}; bare, ${described(bare)}`);
  console.log(`memory late ÷ early, over ${rounds} rounds: ${growth.toFixed(2)}`);
} finally {
  await pool.end();
  await server.stop();
  await database.stop();
}

/** The requests of a round, each with the spans of whole traces. */
function newBatches(): Uint8Array<ArrayBuffer>[] {
  return Array.from({ length: spanCount / batchSize }, () =>
    inProtobuf(
      otlpRequest(Array.from({ length: batchSize / spansPerTrace }, newTrace).flat(), {
        "service.name": "bench",
      }),
    ),
  );
}

function newTrace() {
  const traceId = randomBytes(16).toString("hex");
  return Array.from({ length: spansPerTrace }, (_, n) =>
    otlpSpan(traceId, n + 1, {
      ...(n === 0 ? {} : { parentSpanId: "0000000000000001" }),
      startTimeUnixNano: nanos(n * 1_000_000),
      attributes: {
        "gen_ai.operation.name": n === 0 ? "invoke_agent" : "chat",
        "gen_ai.request.model": "gpt-5.4",
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"Weather in Paris?"}]}]',
        "gen_ai.output.messages": '[{"role":"assistant","parts":[{"type":"text","content":"It rains."}]}]',
      },
    }),
  );
}

async function send(body: Uint8Array<ArrayBuffer>): Promise<void> {
  const answer = await fetch(`${server.url}/v1/traces`, {
    method: "POST",
    headers: { ...protobufHeaders, "x-api-key": apiKey },
    body,
  });
  if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

interface Rows {
  readonly traces: string;
  readonly spans: string;
}

/** What a round stored, as JSON in batches of the same sizes. */
async function storedRows(): Promise<Rows[]> {
  const { rows } = await pool.query<Rows>(
    `select json_agg(to_json(trace))::text as traces, json_agg(spans)::text as spans
     from (select traces.*, row_number() over (order by trace_id) - 1 as n from traces) numbered
     join lateral (select traces as trace from traces where traces.trace_id = numbered.trace_id) one on true
     join lateral (select json_agg(span) as spans from spans span where span.trace_id = numbered.trace_id) its on true
     group by n / ${batchSize / spansPerTrace}`,
  );
  return rows.map(({ traces, spans }) => ({
    traces,
    spans: JSON.stringify((JSON.parse(spans) as object[][]).flat()),
  }));
}

async function insert(rows: Rows): Promise<void> {
  const connection = await pool.connect();
  try {
    await connection.query("begin");
    for (const [table, json] of Object.entries(rows)) await connection.query(inserts[table] ?? "", [json]);
    await connection.query("commit");
  } finally {
    connection.release();
  }
}

/** Inserts rows of a table that are given as JSON. A null of a JSON column is one of JSON. */
async function insertInto(table: string): Promise<string> {
  const { rows } = await pool.query<{ values: string }>(
    `select string_agg(case when data_type = 'json' and is_nullable = 'NO'
       then format('coalesce(%1$I, ''null'')', column_name) else quote_ident(column_name) end, ', '
       order by ordinal_position) as values
     from information_schema.columns where table_name = $1 and table_schema = current_schema()`,
    [table],
  );
  return `insert into ${table} overriding system value
    select ${rows[0]?.values} from json_populate_recordset(null::${table}, $1)`;
}

/** Of one round, in milliseconds. */
interface Times extends CpuTime {
  readonly wall: number;
}

/** How long it takes to do all items, some at a time. */
async function timed<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<Times> {
  const waiting = [...items];
  const cpuBefore = cpuTime();
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: senders }, async () => {
      for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) await work(item);
    }),
  );
  const wall = performance.now() - startedAt;
  const { self, postgres } = cpuTime();
  return { wall, self: self - cpuBefore.self, postgres: postgres - cpuBefore.postgres };
}

function medians(rounds: readonly Times[]): Times {
  const of = (name: keyof Times) => median(rounds.map((round) => round[name]));
  return { wall: of("wall"), self: of("self"), postgres: of("postgres") };
}

function cpu({ self, postgres }: CpuTime): number {
  return self + postgres;
}

function described({ self, postgres }: CpuTime): string {
  return `${Math.round(self)} ms in Node.js and ${Math.round(postgres)} ms in PostgreSQL`;
}
