/** @module-tag slow */
import { mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { PandaProbe, type TraceCreate } from "@pandaprobe/sdk";
import { PandaProbeReview } from "@pandaprobe/sdk/review";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { runMain } from "../../packages/sdk/test/cli/support/run-main.ts";
import { startTestServer } from "../../packages/server/test/support/test-server.ts";
import { loadSampleTraces } from "../load-traces.ts";
import * as langfuse from "./imports/langfuse.ts";

let server: Awaited<ReturnType<typeof startTestServer>>;
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
beforeAll(async () => {
  server = await startTestServer({ role: "api" });
  folder = await mkdtempDisposable(join(tmpdir(), "pandaprobe-import-test-"));
});
afterAll(async () => {
  await folder.remove();
  await server.close();
});

let projects = 0;
let projectName = "";
let client: PandaProbe;
let review: PandaProbeReview;
function useNewProject(): void {
  projects += 1;
  projectName = `import ${projects}`;
  const options = { endpoint: server.url, apiKey: server.apiKey, projectName };
  client = new PandaProbe(options);
  review = new PandaProbeReview(options);
}
beforeEach(useNewProject);

function pandaprobe(...args: string[]) {
  return runMain(args, {
    PANDAPROBE_ENDPOINT: server.url,
    PANDAPROBE_API_KEY: server.apiKey,
    PANDAPROBE_PROJECT_NAME: projectName,
  });
}

let files = 0;
async function fileOf(rows: readonly unknown[], change: (text: string) => string | Buffer = (text) => text) {
  files += 1;
  const file = join(folder.path, `${files}.jsonl`);
  await writeFile(file, change(rows.map((row) => `${JSON.stringify(row)}\n`).join("")));
  return file;
}

const recorded = (name: string) => `examples/test/imports/${name}.jsonl`;

async function storedTraces() {
  const ids: string[] = [];
  for await (const { trace_id } of client.listTraces()) ids.push(trace_id);
  return Promise.all(ids.map((id) => client.getTrace(id)));
}

/** All scores of the project, without what the server gives them. */
async function storedScores() {
  const lists = [client.listTraceScores(), review.listSpanScores(), client.listSessionScores()];
  const found: Record<string, unknown>[] = [];
  for (const list of lists)
    for await (const score of list) {
      const { id, project_id, created_at, updated_at, ...rest } = score;
      found.push(rest);
    }
  return found.sort((a, b) => String(a["name"]).localeCompare(String(b["name"])));
}

/** Imports again, and checks that nothing changes. */
async function importsOnce(...args: string[]): Promise<string> {
  const first = await pandaprobe("import", ...args);
  expect({ code: first.code, stdout: first.stdout }).toEqual({ code: 0, stdout: "" });
  const before = [await storedTraces(), await storedScores()];
  const second = await pandaprobe("import", ...args);
  expect(second.code).toBe(0);
  expect(second.stderr).toMatch(/ and 0 scores\./);
  expect([await storedTraces(), await storedScores()]).toEqual(before);
  return first.stderr;
}

describe("an export of PandaProbe", () => {
  test("gives the same traces and scores in another project", async () => {
    const samples = (await loadSampleTraces()).map(({ trace }) => trace);
    const started = Date.parse("2026-03-01T00:00:00Z");
    const large: TraceCreate = {
      name: "large",
      trace_id: "11111111-1111-1111-1111-111111111111",
      started_at: new Date(started).toISOString(),
      status: "ERROR",
      // An id of 64 bits, which is a number here and must stay one.
      input: { id: 2 ** 62 },
    };
    for (let from = 0; from < samples.length; from += 20)
      await client.createTraceBatch({ traces: samples.slice(from, from + 20) });
    await client.createTrace(large);
    // Many spans of one millisecond, in an order of their own.
    const spans = Array.from({ length: 600 }, (_, index) => ({
      name: `span ${index}`,
      span_id: `00000000-0000-0000-0000-${String(999 - index).padStart(12, "0")}`,
      started_at: `2026-03-01T00:00:00.00${index < 300 ? 1 : 2}${String(index).padStart(6, "0")}Z`,
    }));
    await client.createSpans(large.trace_id ?? "", spans.slice(0, 500));
    await client.createSpans(large.trace_id ?? "", spans.slice(500));
    await client.createTraceScore({
      trace_id: large.trace_id ?? "",
      name: "quality",
      value: "0.9",
      reason: "Good.",
      author_user_id: "ann",
      metadata: { key: 1 },
    });
    const [out, scoresOut] = [join(folder.path, "own.jsonl"), join(folder.path, "own-scores.jsonl")];
    await pandaprobe("export", "--traces", "--out", out);
    await pandaprobe("export", "--scores", "--out", scoresOut);
    const withoutProject = (traces: Awaited<ReturnType<typeof storedTraces>>) =>
      traces.map(({ project_id, ...trace }) => trace);
    const before = withoutProject(await storedTraces());
    expect(before.length).toBe(samples.length + 1);
    // There, everything is known.
    const same = await pandaprobe("import", out, scoresOut);
    const count = samples.length + 1;
    expect(same.stderr).toMatch(
      new RegExp(
        `^Imported ${count} traces,.* ${count} traces of these had been stored before\\. 1 score had`,
      ),
    );

    useNewProject();
    await importsOnce(scoresOut, out);
    expect(withoutProject(await storedTraces())).toEqual(before);
    expect(await storedScores()).toMatchObject([
      {
        name: "quality",
        value: "0.9",
        source: "ANNOTATION",
        reason: "Good.",
        author_user_id: "ann",
        metadata: { key: 1, imported: { from: "pandaprobe" } },
      },
    ]);
  });
});

describe("an export of Phoenix", () => {
  const spans = [recorded("phoenix-spans"), recorded("phoenix-annotations")];

  test("becomes the traces that the agent made", async () => {
    const said = await importsOnce(...spans);
    expect(said).toBe("Imported 3 traces, 10 spans and 5 scores.\n");
    const [paris, nowhere, failed] = (await storedTraces()).sort((a, b) =>
      a.started_at < b.started_at ? -1 : 1,
    );
    expect(paris).toMatchObject({
      name: "support-agent",
      status: "COMPLETED",
      input: "Weather in Paris?",
      output: "Take an umbrella.",
      session_id: "s-1",
      user_id: "42",
      tags: ["beta"],
      metadata: { metadata: { case: "weather" } },
      total_tokens: 30,
    });
    const [agent, asking, tool, answering] = paris?.spans ?? [];
    expect(agent).toMatchObject({ kind: "AGENT", parent_span_id: null });
    expect(asking).toMatchObject({
      kind: "LLM",
      parent_span_id: agent?.span_id,
      model: "fake-1",
      token_usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
      model_parameters: {
        temperature: 0.5,
        tools: [{ type: "function", function: { name: "get_weather" } }],
      },
      input: {
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "Weather in Paris?" },
        ],
      },
    });
    expect(tool).toMatchObject({
      kind: "TOOL",
      name: "get_weather",
      input: { city: "Paris" },
      output: { sky: "rainy" },
    });
    expect(answering).toMatchObject({ output: { role: "assistant", content: "Take an umbrella." } });
    expect(nowhere?.spans.find(({ kind }) => kind === "TOOL")).toMatchObject({
      status: "ERROR",
      error: "ValueError: No such city.",
    });
    expect(failed).toMatchObject({ status: "ERROR", session_id: null });
  });

  test("gives annotations as scores of spans, traces and sessions", async () => {
    await pandaprobe("import", ...spans);
    expect(await storedScores()).toMatchObject([
      { name: "correct", value: "1", data_type: "NUMERIC", source: "ANNOTATION", metadata: { label: "yes" } },
      { name: "helpful", value: "0.8", reason: "Right.", metadata: { label: "good" } },
      { name: "resolved", value: "1", session_id: "s-1", source: "ANNOTATION" },
      {
        name: "stars",
        value: "4",
        data_type: "CATEGORICAL",
        source: "PROGRAMMATIC",
        metadata: { score: 4, imported: { from: "phoenix", source: "LLM" } },
      },
      { name: "tone", value: "curt", data_type: "CATEGORICAL", metadata: { words: 3 } },
    ]);
  });

  test("of the page holds annotations beside the spans, and is the same otherwise", async () => {
    await pandaprobe("import", ...spans);
    const [traces, scores] = [await storedTraces(), await storedScores()];
    useNewProject();
    await importsOnce(recorded("phoenix-page"));
    const withoutProject = (all: typeof traces) => all.map(({ project_id, ...trace }) => trace);
    expect(withoutProject(await storedTraces())).toEqual(withoutProject(traces));
    const essential = (all: typeof scores) =>
      all.map(({ name, value, source, reason, span_id }) => ({ name, value, source, reason, span_id }));
    // The page exports no annotations of sessions.
    expect(essential(await storedScores())).toEqual(
      essential(scores.filter(({ name }) => name !== "resolved")),
    );
  });

  test("of a data frame is the same, with milliseconds", async () => {
    await pandaprobe("import", ...spans);
    const traces = await storedTraces();
    useNewProject();
    await pandaprobe("import", recorded("phoenix-dataframe"));
    const essential = (all: typeof traces) =>
      all.map(({ project_id, spans: steps, ...trace }) => ({
        ...trace,
        spans: steps.map(({ metadata, ...span }) => span).sort((a, b) => a.span_id.localeCompare(b.span_id)),
      }));
    expect(essential(await storedTraces())).toEqual(essential(traces));
  });

  test("of the command line holds whole traces, and is the same", { tags: ["tail"] }, async () => {
    await pandaprobe("import", ...spans);
    const traces = await storedTraces();
    useNewProject();
    const text = await readFile(recorded("phoenix-spans"), "utf8");
    const rows = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const byTrace = Map.groupBy(rows, ({ context }) => String(context.trace_id));
    const file = await fileOf([...byTrace].map(([traceId, some]) => ({ traceId, spans: some })));
    await pandaprobe("import", file);
    const withoutProject = (all: typeof traces) => all.map(({ project_id, ...trace }) => trace);
    expect(withoutProject(await storedTraces())).toEqual(withoutProject(traces));
  });

  test("names annotations whose span is missing, and imports the rest", async () => {
    const { code, stderr } = await pandaprobe("import", recorded("phoenix-annotations"));
    expect(code).toBe(1);
    expect(stderr).toContain("phoenix-annotations.jsonl:1: None of the files has the span");
    expect(stderr).toContain("phoenix-annotations.jsonl:4: The server refused the score correct");
  });
});

describe("an export of Langfuse", () => {
  const older = async () => [
    await fileOf(langfuse.scores),
    await fileOf(langfuse.observations.toReversed()),
    await fileOf(langfuse.traces),
  ];

  test("becomes a trace with its steps", async () => {
    expect(await importsOnce(...(await older()))).toBe("Imported 1 trace, 4 spans and 7 scores.\n");
    const [trace, ...others] = await storedTraces();
    expect(others).toEqual([]);
    expect(trace).toMatchObject({
      trace_id: "4bf92f35-77b3-4da6-a3ce-929d0e0e4736",
      name: "support-agent",
      status: "COMPLETED",
      input: { messages: [{ role: "user", content: "Weather in Paris?" }] },
      output: "Take an umbrella.",
      metadata: { case: "weather", version: "7" },
      started_at: "2026-03-01T09:00:00.000Z",
      ended_at: "2026-03-01T09:00:03.000Z",
      session_id: "s-1",
      user_id: "42",
      tags: ["beta"],
      environment: "production",
      release: "v1",
      total_tokens: 15,
      total_cost: 0.003,
    });
    const [agent, chat, tool, event] = trace?.spans ?? [];
    expect(agent).toMatchObject({ kind: "AGENT", parent_span_id: null, status: "OK" });
    expect(chat).toMatchObject({
      span_id: "00000000-0000-0000-00f0-67aa0ba902b8",
      parent_span_id: agent?.span_id,
      kind: "LLM",
      model: "gpt-5.4",
      model_parameters: {
        temperature: 0.5,
        tools: [{ type: "function", function: { name: "get_weather", parameters: { type: "object" } } }],
      },
      token_usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, input_cached_tokens: 4 },
      cost: { prompt: 0.001, completion: 0.002, total: 0.003 },
      input: [{ role: "user", content: "Weather in Paris?" }],
      output: { role: "assistant", content: "Take an umbrella." },
      time_to_first_token_ms: 300,
      metadata: { step: "1", prompt_name: "support", prompt_version: 3 },
    });
    expect(tool).toMatchObject({
      kind: "TOOL",
      status: "ERROR",
      error: "No such city.",
      // A number that JavaScript cannot hold keeps its digits.
      input: { city: "Paris", order: "725653563933458432" },
    });
    expect(event).toMatchObject({
      kind: "OTHER",
      input: "42",
      ended_at: "2026-03-01T09:00:02.100Z",
      metadata: { type: "EVENT", level: "WARNING", status_message: "cold" },
    });
  });

  test("gives scores of traces, observations and sessions", async () => {
    await pandaprobe("import", ...(await older()));
    expect(await storedScores()).toMatchObject([
      { name: "accuracy", value: "0.85", data_type: "NUMERIC", source: "PROGRAMMATIC", reason: "Right." },
      { name: "done", value: "true", data_type: "BOOLEAN" },
      { name: "remark", value: "x".repeat(255), metadata: { text: "x".repeat(300) } },
      { name: "resolved", value: "1", session_id: "s-1" },
      { name: "right tool", value: "false", span_id: "00000000-0000-0000-00f0-67aa0ba902b9" },
      { name: "stars", value: "4", data_type: "CATEGORICAL", metadata: { score: 4 } },
      {
        name: "tone",
        value: "curt",
        data_type: "CATEGORICAL",
        source: "ANNOTATION",
        metadata: { imported: { from: "langfuse", id: "sc-3", created_at: "2026-03-02T10:00:00.000000Z" } },
      },
    ]);
  });

  test.each([
    ["newer", langfuse.enriched],
    ["API's", langfuse.fromApi],
    ["API's, as a list", [langfuse.fromApi]],
    ["API's, as a page", [{ data: langfuse.fromApi, meta: { page: 1 } }]],
  ])("of the %s form is the same", async (form, rows) => {
    await pandaprobe("import", ...(await older()));
    const traces = await storedTraces();
    useNewProject();
    await pandaprobe("import", await fileOf(rows));
    const essential = (all: typeof traces) =>
      all.map(({ project_id, metadata, input, output, ...trace }) => ({
        ...trace,
        // The newer form lacks the trace's own fields.
        ...(form === "newer" ? {} : { metadata, input, output }),
      }));
    expect(essential(await storedTraces())).toEqual(essential(traces));
  });
});

describe("a file with rows that are wrong", () => {
  const [trace] = langfuse.traces;
  const rows = [
    trace,
    { ...trace, id: "b", timestamp: "never" },
    { name: "neither" },
    { ...langfuse.scores[0], trace_id: null },
    { ...trace, id: "c" },
  ];
  const broken = (text: string) => `${text}{"id":\n`;

  test("is imported except for these rows, each of which is named", async () => {
    const { code, stderr } = await pandaprobe("import", await fileOf(rows, broken));
    expect(code).toBe(1);
    expect(stderr).toMatch(/jsonl:2: The server refused trace \S+: started_at must be/);
    expect(stderr).toMatch(/jsonl:3: It is neither a trace nor an observation nor a score\./);
    expect(stderr).toMatch(/jsonl:4: The score belongs neither to a trace nor to a session\./);
    expect(stderr).toMatch(/jsonl:6: The line is not JSON\..* jq -c/);
    expect(stderr).toContain("Imported 2 traces, 0 spans and 0 scores. 4 rows could not be imported.");
    expect((await storedTraces()).map(({ metadata }) => metadata["langfuse_id"]).sort()).toEqual([
      "c",
      undefined,
    ]);
  });

  test("is not imported with --strict", async () => {
    const { code, stderr } = await pandaprobe("import", "--strict", await fileOf(rows, broken));
    expect(code).toBe(1);
    expect(stderr).toMatch(/jsonl:3: It is neither/);
    expect(stderr).not.toContain("jsonl:4");
    expect(stderr).not.toContain("the same command again");
    expect(await storedTraces()).toEqual([]);
  });
});

test("--dry-run sends nothing, needs no key, and counts", async () => {
  const file = await fileOf([...langfuse.scores, ...langfuse.traces, ...langfuse.observations]);
  const { code, stderr } = await runMain(["import", "--dry-run", file], {
    PANDAPROBE_ENDPOINT: server.url,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "Would import 1 trace, 4 spans and 7 scores.\n" });
  expect(await storedTraces()).toEqual([]);
});

test("gzip is recognized whatever the file's name, even if it was compressed in parts", async () => {
  const file = await fileOf(langfuse.enriched, (text) => {
    const middle = text.indexOf("\n") + 20;
    return Buffer.concat([gzipSync(text.slice(0, middle)), gzipSync(text.slice(middle))]);
  });
  expect(await importsOnce(file, "--from=langfuse")).toBe("Imported 1 trace, 4 spans and 0 scores.\n");
});

test("the fixtures name no folder of the machine that recorded them", async () => {
  const names = ["phoenix-spans", "phoenix-annotations", "phoenix-page", "phoenix-dataframe"];
  for (const name of names) expect(await readFile(recorded(name), "utf8")).not.toMatch(/\/(tmp|root|home)\//);
});
