/** @module-tag slow */
import { readFile } from "node:fs/promises";
import { PandaProbe } from "@pandaprobe/sdk";
import { type DroppedTrace, PandaProbe as SendingClient } from "@pandaprobe/sdk/traces";
import { validateResponses } from "@pandaprobe/sdk/validate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLlmServer } from "../../packages/server/test/support/llm-server.ts";
import { startTestServer } from "../../packages/server/test/support/test-server.ts";
import { loadSampleTraces } from "../load-traces.ts";
import { runProgram } from "./run-program.ts";

let server: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

function clientOf(projectName: string): PandaProbe {
  return new PandaProbe({ endpoint: server.url, apiKey: server.apiKey, projectName });
}

function run(program: string, projectName: string, args: readonly string[] = []) {
  return runProgram(`examples/${program}`, args, {
    PANDAPROBE_ENDPOINT: server.url,
    PANDAPROBE_API_KEY: server.apiKey,
    PANDAPROBE_PROJECT_NAME: projectName,
  });
}

test("quickstart.ts prints the judge, and each score with its reason", async () => {
  const { code, output, errors } = await run("quickstart.ts", "unused");
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  expect(output).toMatch(/^Judged by heuristic\/v1:\n/);
  expect(output).toMatch(/^task_completion \d(\.\d+)?: Heuristic judge: .+$/m);
  expect(output).toMatch(/^confidence \d(\.\d+)?: Heuristic judge: .+$/m);
});

test("own-metric.ts tries and defines metrics, evaluates a sample trace with them, and prints the guide's output", async () => {
  const { code, output, errors } = await run("own-metric.ts", "unused");
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  const page = await readFile(new URL("../../docs/own-metrics.md", import.meta.url), "utf8");
  const [, shown] = /prints:\n\n((?: {4}.*\n)+)/.exec(page) ?? [];
  expect(output).toBe(shown?.replaceAll(/^ {4}/gm, ""));
});

test("review-session.ts has a person score a session, a trace and a span, and prints the guide's output", async () => {
  const { code, output, errors } = await run("review-session.ts", "unused");
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  const page = await readFile(new URL("../../docs/scores.md", import.meta.url), "utf8");
  const [, shown] = /prints:\n\n((?: {4}.*\n)+)/.exec(page) ?? [];
  expect(output).toBe(shown?.replaceAll(/^ {4}/gm, ""));
});

test.each([
  ["is-my-judge-right.ts", "agreement.md"],
  ["did-it-get-worse.ts", "comparing.md"],
  ["review-queue.ts", "review.md"],
])("%s prints what docs/%s shows", async (program, page) => {
  const { code, output, errors } = await run(program, "unused");
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  const guide = await readFile(new URL(`../../docs/${page}`, import.meta.url), "utf8");
  const [, shown = ""] = /prints:\n\n((?: {4}.*\n)+)/.exec(guide) ?? [];
  // The guide breaks long lines.
  const words = (text: string) => text.trim().split(/\s+/);
  expect(words(output)).toEqual(words(shown));
});

test("opentelemetry.ts stores what OpenTelemetry traced, and has it judged", async () => {
  const { code, output, errors } = await run("opentelemetry.ts", "unused");
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  expect(output).toMatch(/^task_completion \d(\.\d+)?: Heuristic judge: .+$/m);
  const client = clientOf("opentelemetry");
  const [stored] = (await client.listTraces()).items;
  expect(stored).toMatchObject({
    name: "invoke_agent weather-agent",
    session_id: "weather/1",
    total_tokens: 97,
  });
  const { status, input, spans } = await client.getTrace(stored?.trace_id ?? "");
  expect({ status, input }).toEqual({
    status: "COMPLETED",
    input: { messages: [{ role: "user", content: "Do I need an umbrella in Paris today?" }] },
  });
  expect(spans.map(({ kind, name }) => [kind, name]).sort()).toEqual([
    ["AGENT", "invoke_agent weather-agent"],
    ["LLM", "chat gpt-5.4"],
    ["TOOL", "get_weather"],
  ]);
});

test("trace-by-hand.ts traces an agent, hides secrets, and prints what the guide shows", async () => {
  const { code, output, errors } = await run("trace-by-hand.ts", "unused");
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  const page = await readFile(new URL("../../docs/tracing.md", import.meta.url), "utf8");
  const [, shown] = /prints:\n\n((?: {4}.*\n)+)/.exec(page) ?? [];
  expect(output).toBe(shown?.replaceAll(/^ {4}/gm, ""));
});

test("a sender's batch is stored except for the traces that are invalid", async () => {
  const drops: DroppedTrace[] = [];
  const client = new SendingClient({
    endpoint: server.url,
    apiKey: server.apiKey,
    projectName: "sending",
    traces: { onDrop: (dropped) => drops.push(dropped) },
    fetch: validateResponses(),
  });
  const started_at = new Date().toISOString();
  const ids = ["a", "", "c"].map((name) =>
    client.traces.send({ name, started_at, spans: [{ name: "s", started_at }] }),
  );
  await expect(client.traces.close()).resolves.toBe(true);
  expect(client.traces.stats()).toMatchObject({ sent: 2, dropped: 1 });
  expect(drops).toMatchObject([{ traceId: ids[1], reason: "refused" }]);
  expect((await client.listTraces()).items.map(({ name }) => name).sort()).toEqual(["a", "c"]);
});

describe("evaluate-and-gate.ts", () => {
  const good = "travel-desk.book-hotel-lisbon";
  const bad = "runbook-agent.roll-back-checkout";

  async function sendAs(release: string, name: string): Promise<void> {
    const sample = (await loadSampleTraces()).find(({ trace }) => trace.name === name);
    if (sample === undefined) throw new Error(`There is no sample ${name}`);
    await clientOf("gate").createTrace({ ...sample.trace, release });
  }

  test("lets a release pass whose traces are good", async () => {
    await sendAs("v1", good);
    const { code, output, errors } = await run("evaluate-and-gate.ts", "gate", ["v1"]);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(output.match(/^pass /gm)).toHaveLength(3);
  });

  test("fails a release that is below a threshold", async () => {
    await sendAs("v2", bad);
    const { code, output } = await run("evaluate-and-gate.ts", "gate", ["v2"]);
    expect(code).toBe(1);
    expect(output).toMatch(/^FAIL {2}task_completion 0\.00, the threshold is 0\.8$/m);
  });

  test("says which release it needs", async () => {
    const { code, errors } = await run("evaluate-and-gate.ts", "gate");
    expect(code).not.toBe(0);
    expect(errors).toContain("Which release?");
  });
});

test("annotate.ts adds a review and corrects the judge", async () => {
  const client = clientOf("annotate");
  const { trace_id } = await client.createTrace({
    name: "a",
    started_at: "2026-03-01T00:00:00Z",
    input: "?",
  });
  await client.evaluateTraces({ trace_ids: [trace_id], metrics: ["task_completion"] });
  const { code, output, errors } = await run("annotate.ts", "annotate");
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  expect(output).toMatch(/^helpful true \(ANNOTATION\): The customer wrote back/m);
  expect(output).toMatch(/^task_completion 1 \(ANNOTATION\): .*Reviewed: /m);
});

describe("retry-failed.ts", () => {
  test("judges only the failed items again", async () => {
    let isBroken = true;
    const llm = await startLlmServer({
      fault: () => (isBroken ? { kind: "status", status: 400 } : undefined),
    });
    const own = await startTestServer({ environment: { OPENAI_BASE_URL: llm.baseUrl } });
    try {
      const client = new PandaProbe({ endpoint: own.url, apiKey: own.apiKey, projectName: "retry" });
      const { trace_id } = await client.createTrace({ name: "a", started_at: "2026-03-01T00:00:00Z" });
      await client.evaluateTraces({ trace_ids: [trace_id], metrics: ["confidence", "argument_correctness"] });
      isBroken = false;
      const { code, output, errors } = await runProgram("examples/retry-failed.ts", [], {
        PANDAPROBE_ENDPOINT: own.url,
        PANDAPROBE_API_KEY: own.apiKey,
        PANDAPROBE_PROJECT_NAME: "retry",
      });
      expect({ code, errors }).toEqual({ code: 0, errors: "" });
      expect(output).toMatch(/^Retry: .*: 1 traces, .*confidence.*, by openai\//);
      expect(output).toMatch(/^All scores succeeded\.$/m);
    } finally {
      await own.close();
      await llm.stop();
    }
  });

  test("says so if nothing failed", async () => {
    const client = clientOf("complete");
    const { trace_id } = await client.createTrace({ name: "a", started_at: "2026-03-01T00:00:00Z" });
    await client.evaluateTraces({ trace_ids: [trace_id], metrics: ["confidence"] });
    const { code, output } = await run("retry-failed.ts", "complete");
    expect({ code, output }).toEqual({
      code: 0,
      output: "Nothing to retry: every score of the newest run succeeded.\n",
    });
  });
});
