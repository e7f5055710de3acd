/**
 * How long pages of 50 traces, sessions and users take over HTTP ÷ the same ids in bare SQL: the first page, the next one and
 * one in the middle by cursor, and the first one with the total. The goal is 300 ms at 1,000,000 traces on two cores.
 *
 *     npm run bench -- list-pages [--traces 1000000] [--per-session 10] [--users 50000] [--rounds 9]
 */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { PandaProbe } from "@pandaprobe/sdk";
import pg from "pg";
import { startBenchDatabase, startBenchServer } from "./bench-server.ts";
import { median, timesMs } from "./times.ts";

const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: {
    traces: { type: "string", default: "1000000" },
    "per-session": { type: "string", default: "10" },
    users: { type: "string", default: "50000" },
    rounds: { type: "string", default: "9" },
  },
});
const traces = Number(options.traces);
const perSession = Number(options["per-session"]);
const users = Number(options.users);

const apiKey = `sk_pp_${randomBytes(32).toString("hex")}`;
const database = await startBenchDatabase();
const server = await startBenchServer({ DATABASE_URL: database.url, PANDAPROBE_API_KEY: apiKey }, "api");
const connection = new pg.Client({ connectionString: database.url });
await connection.connect();
try {
  const client = new PandaProbe({ apiKey, projectName: "bench", endpoint: server.url, timeoutMs: 300_000 });
  await client.createTrace({ name: "the first", started_at: "2025-01-01T00:00:00Z" });
  const projectId = await fill();
  /** A list, and the bare query of its ids. */
  const lists = {
    traces: {
      page: (query: object) => client.listTraces({ limit: 50, ...query }),
      bare: "select trace_id from traces where project_id = $1 order by started_at desc, trace_id desc limit 50",
    },
    sessions: {
      page: (query: object) => client.listSessions({ limit: 50, ...query }),
      bare: `select session_id from traces where project_id = $1 and session_id is not null
        group by session_id order by max(started_at) desc, session_id desc limit 50`,
    },
    users: {
      page: (query: object) => client.listTraceUsers({ limit: 50, ...query }),
      bare: `select user_id from traces where project_id = $1 and user_id is not null
        group by user_id order by max(started_at) desc, user_id limit 50`,
    },
  };
  for (const [name, { page, bare }] of Object.entries(lists)) {
    const first = await page({ total: false });
    const { total } = await page({});
    const middle = await page({ total: false, offset: Math.floor(total / 2) });
    const ways = {
      "bare SQL, first page": () => connection.query(bare, [projectId]),
      "first page": () => page({ total: false }),
      "next page by cursor": () => page({ total: false, cursor: first.next_cursor ?? "" }),
      "middle by cursor": () => page({ total: false, cursor: middle.next_cursor ?? "" }),
      "middle by offset": () => page({ total: false, offset: Math.floor(total / 2) }),
      "first page with total": () => page({}),
    };
    const times = new Map(Object.keys(ways).map((way) => [way, [] as number[]]));
    // Alternately, so that other load on the machine affects all.
    for (let round = 0; round < Number(options.rounds); round += 1)
      for (const [way, ask] of Object.entries(ways))
        times.get(way)?.push(...(await timesMs(1, async () => ask())));
    const bareMs = median(times.get("bare SQL, first page") ?? []);
    for (const [way, all] of times) {
      const ms = median(all);
      console.log(
        `${name.padEnd(9)} ${way.padEnd(22)} ${ms.toFixed(0).padStart(6)} ms  ${(ms / bareMs).toFixed(2)}`,
      );
    }
  }
} finally {
  await connection.end();
  await server.stop();
  await database.stop();
}

/** Inserts the traces, each with a span, into the only project, bypassing the API. @returns the project's id. */
async function fill(): Promise<string> {
  const { rows } = await connection.query<{ id: string }>("select id from projects");
  const id = rows[0]?.id ?? "";
  await connection.query(
    `insert into traces (project_id, trace_id, name, status, input, output, metadata, started_at, ended_at, tags,
       session_id, user_id)
     select $1, gen_random_uuid(), 'trace ' || n % 1000, case when n % 50 = 0 then 'ERROR' else 'COMPLETED' end,
       to_json('What is ' || n || '?'), to_json('It is ' || n || '.'), '{}', at, at + interval '2 seconds', '{bench}',
       'session ' || n / $3::integer, 'user ' || n / $3::integer % $4::integer
     from generate_series(1, $2::integer) n, lateral (select timestamptz '2025-06-01' + n * interval '20 seconds' as at) as times`,
    [id, traces, perSession, users],
  );
  await connection.query(
    `insert into spans (project_id, trace_id, span_id, name, kind, status, input, output, token_usage, metadata, started_at,
       model_parameters, cost, total_tokens, total_cost)
     select project_id, trace_id, gen_random_uuid(), 'a step', 'LLM', 'OK', 'null', 'null', 'null', '{}', started_at, 'null',
       'null', 10, 0.1
     from traces where project_id = $1`,
    [id],
  );
  await connection.query("vacuum analyze traces, spans");
  return id;
}
