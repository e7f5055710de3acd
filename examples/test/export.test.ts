/** @module-tag slow */
import { mkdtempDisposable, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ListTracesQuery, PandaProbe } from "@pandaprobe/sdk";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runMain } from "../../packages/sdk/test/cli/support/run-main.ts";
import { query } from "../../packages/server/test/support/query.ts";
import { startTestServer } from "../../packages/server/test/support/test-server.ts";
import { loadSampleTraces } from "../load-traces.ts";
import { storeScores } from "./store-scores.ts";

let server: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  server = await startTestServer({ role: "all" });
});
afterAll(() => server.close());

let projects = 0;
let projectName = "";
let client: PandaProbe;
beforeEach(() => {
  projects += 1;
  projectName = `export ${projects}`;
  client = new PandaProbe({ endpoint: server.url, apiKey: server.apiKey, projectName });
});

function pandaprobe(...args: string[]) {
  return runMain(args, {
    PANDAPROBE_ENDPOINT: server.url,
    PANDAPROBE_API_KEY: server.apiKey,
    PANDAPROBE_PROJECT_NAME: projectName,
  });
}

const rowsOf = (text: string) =>
  text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));

/** The fields of each record of RFC 4180. */
function recordsOf(csv: string): string[][] {
  expect(csv.endsWith("\r\n")).toBe(true);
  const records: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    records.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") records.push([]);
  }
  return records.slice(0, -1);
}

test("traces are exported as the API gives them, newest first, over several pages", async () => {
  const samples = (await loadSampleTraces()).slice(0, 5).map(({ trace }) => trace);
  const started = Date.parse("2026-03-01T00:00:00Z");
  const many = Array.from({ length: 201 }, (_, index) => ({
    name: `trace ${index}`,
    started_at: new Date(started + index).toISOString(),
  }));
  for (const traces of [samples, many.slice(0, 100), many.slice(100, 200), many.slice(200)])
    expect(await client.createTraceBatch({ traces })).toMatchObject({ rejected: 0 });

  const { code, stdout, stderr } = await pandaprobe("export", "--traces");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "Exported 206 traces.\n" });
  const rows = rowsOf(stdout);
  const listed: string[] = [];
  for await (const { trace_id } of client.listTraces({ limit: 90 })) listed.push(trace_id);
  expect(new Set(listed).size).toBe(206);
  expect(rows.map(({ trace_id }) => trace_id)).toEqual(listed);
  for (const { trace_id } of samples) {
    const row = rows.find((each) => each.trace_id === trace_id);
    expect(row.spans.length).toBeGreaterThan(0);
    expect(row).toEqual(await client.getTrace(trace_id ?? ""));
  }
});

test("--filter and --since choose the traces, and --out names the file", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "pandaprobe-export-"));
  const now = new Date().toISOString();
  await client.createTraceBatch({
    traces: [
      { name: "old", started_at: "2026-03-01T00:00:00Z", release: "v1", tags: ["a"] },
      { name: "other release", started_at: now, release: "v2", tags: ["a"] },
      { name: "other tag", started_at: now, release: "v1", tags: ["b"] },
      { name: "right", started_at: now, release: "v1", tags: ["a"] },
    ],
  });
  const out = join(folder.path, "traces.jsonl");
  const filters = ["--filter=release=v1", "--filter=tags=a", "--since=1h"];
  const { code, stdout, stderr } = await pandaprobe("export", "--traces", ...filters, "--out", out);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: `Exported 1 trace to ${out}.\n` });
  expect(rowsOf(await readFile(out, "utf8")).map(({ name }) => name)).toEqual(["right"]);
  expect(await readdir(folder.path)).toEqual(["traces.jsonl"]);
});

test("scores are exported once each, however many have the same time", async () => {
  const { trace_id } = await client.createTrace({ name: "t", started_at: "2026-03-01T00:00:00Z" });
  const names = Array.from({ length: 420 }, (_, index) => `score ${index}`);
  await storeScores(
    { endpoint: server.url, apiKey: server.apiKey, projectName },
    names.map((name) => ({ traceId: trace_id, name, value: 1 })),
  );
  // Two milliseconds, one with more scores than two pages have.
  await query(
    server.database.url,
    `update trace_scores set created_at = timestamptz '2026-03-01Z' + (substr(name, 7)::int / 415) * interval '1 ms' where trace_id = $1`,
    [trace_id],
  );
  const { code, stdout } = await pandaprobe("export", "--scores", "--quiet");
  expect(code).toBe(0);
  const rows = rowsOf(stdout);
  expect(new Set(rows.map(({ name }) => name))).toEqual(new Set(names));
  expect(rows).toHaveLength(names.length);
  expect(rows[0]).toMatchObject({ trace_id, source: "PROGRAMMATIC", data_type: "NUMERIC" });
});

test("CSV can be opened in a spreadsheet, and contains no formulas", async () => {
  const { trace_id } = await client.createTrace({ name: "t", started_at: "2026-03-01T00:00:00Z" });
  const score = { trace_id, data_type: "CATEGORICAL", source: "ANNOTATION" } as const;
  const values = ['=HYPERLINK("http://evil.test")', "+1", "-2.5", "-2+3", "@SUM(1)", "plain"];
  for (const [index, value] of values.entries())
    await client.createTraceScore({
      ...score,
      name: `n${index}`,
      value,
      reason: 'two\nlines, "quoted"',
      metadata: { key: ["a", "b"] },
    });
  const { code, stdout } = await pandaprobe("export", "--scores", "--format=csv");
  expect(code).toBe(0);
  const [header = [], ...records] = recordsOf(stdout);
  const cells = records
    .map((record) => Object.fromEntries(header.map((name, index) => [name, record[index]])))
    .sort((a, b) => String(a["name"]).localeCompare(String(b["name"])));
  expect(cells.map(({ value }) => value)).toEqual([
    `'${values[0]}`,
    "+1",
    "-2.5",
    "'-2+3",
    "'@SUM(1)",
    "plain",
  ]);
  expect(cells[5]).toMatchObject({
    trace_id,
    reason: 'two\nlines, "quoted"',
    metadata: '{"key":["a","b"]}',
    eval_run_id: "",
    stale: "false",
  });
});

test("CSV of traces has a record for each trace, with its spans as JSON", async () => {
  const [sample] = (await loadSampleTraces()).map(({ trace }) => trace);
  const { trace_id } = await client.createTrace({ name: "t", ...sample, started_at: "2026-03-01T00:00:00Z" });
  const { stdout } = await pandaprobe("export", "--traces", "--format=csv");
  const [header = [], record = [], ...rest] = recordsOf(stdout);
  expect(rest).toEqual([]);
  const stored = await client.getTrace(trace_id);
  expect([...header].sort()).toEqual(Object.keys(stored).sort());
  expect(JSON.parse(record[header.indexOf("spans")] ?? "")).toEqual(stored.spans);
});

test("--run exports the traces that a run has scored and its scores, which import takes together", async () => {
  const samples = (await loadSampleTraces()).slice(0, 2).map(({ trace }) => ({ ...trace, session_id: "s" }));
  await client.createTraceBatch({
    traces: [...samples, { name: "other", started_at: "2026-03-01T00:00:00Z" }],
  });
  const ids = samples.map(({ trace_id }) => trace_id ?? "").sort();
  const ofTraces = await client.waitForRun(
    await client.createTraceRunBatch({ trace_ids: ids, metrics: ["confidence", "coherence"] }),
  );
  const ofSessions = await client.waitForRun(
    await client.createSessionRun({ filters: {}, metrics: ["agent_consistency"] }),
  );
  const exported = async (...args: string[]) => {
    const { code, stdout, stderr } = await pandaprobe("export", ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^Exported \d+ \w+/) });
    return rowsOf(stdout);
  };
  for (const { id, target_type } of [ofTraces, ofSessions]) {
    const rows = await exported(`--run=${id}`);
    const traces = rows.filter((row) => "spans" in row);
    expect(traces.map(({ trace_id }) => trace_id).sort()).toEqual(ids);
    expect(rows.slice(0, traces.length)).toEqual(traces);
    expect(traces).toContainEqual(await client.getTrace(ids[0] ?? ""));
    const scores = rows.slice(traces.length);
    expect(scores.every(({ eval_run_id }) => eval_run_id === id)).toBe(true);
    const expected =
      target_type === "TRACE"
        ? await client.getTraceRunScores(id)
        : [
            ...(await client.listTraceScores({ eval_run_id: id })).items,
            ...(await client.getSessionRunScores(id)),
          ];
    const byId = (list: readonly { readonly id: string }[]) => list.map((score) => score.id).sort();
    expect(byId(scores)).toEqual(byId(expected));
    expect(await exported(`--run=${id}`, "--traces")).toEqual(traces);
  }
  expect(await exported(`--run=${ofSessions.id}`, "--session-scores")).toEqual(
    await client.getSessionRunScores(ofSessions.id),
  );
  const none = await pandaprobe("export", `--run=${ids[0]}`);
  expect(none).toMatchObject({ code: 2, stdout: "" });
  expect(none.stderr).toContain("Nothing was exported.");
});

test("session scores can be exported too", async () => {
  const { code, stdout, stderr } = await pandaprobe("export", "--session-scores", "--filter=session_id=s");
  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  expect(stderr).toMatch(/^Exported 0 session scores\. Check the project, "export \d+"/);
});

test("the client names a query parameter that the server does not know", async () => {
  const lines: string[] = [];
  const ignore = () => {};
  const logger = { debug: ignore, info: ignore, error: ignore, warn: (line: string) => lines.push(line) };
  const query: ListTracesQuery & { q: string } = { q: "refund" };
  await client.withOptions({ logger }).listTraces(query);
  expect(lines).toEqual(["listTraces: The server ignores the parameter `q`."]);
});

test("a wrong key is an error of usage", async () => {
  const { code, stderr } = await runMain(["export", "--traces"], {
    PANDAPROBE_ENDPOINT: server.url,
    PANDAPROBE_API_KEY: "sk_pp_wrong",
    PANDAPROBE_PROJECT_NAME: projectName,
  });
  expect(code).toBe(2);
  expect(stderr).toContain("Check PANDAPROBE_API_KEY");
  expect(stderr).toContain("Nothing was exported.");
});
