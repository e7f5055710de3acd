import { afterAll, beforeAll, expect, test } from "vitest";
import { type LlmServer, startLlmServer } from "../support/llm-server.ts";
import {
  evaluateSessions,
  sessionScores,
  shows,
  signalsOf,
  storeSession,
} from "../support/session-helpers.ts";
import { startTestServer } from "../support/test-server.ts";

let llm: LlmServer;
let server: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  llm = await startLlmServer({
    latencyMs: 5,
    fault: (request) => {
      if (shows(request, "everything fails")) return { kind: "status", status: 400 };
      const refused = request.path === "/embeddings" && shows(request, "unembeddable");
      return refused ? { kind: "status", status: 400 } : undefined;
    },
  });
  server = await startTestServer({
    environment: {
      OPENAI_BASE_URL: llm.baseUrl,
      EVAL_LLM_MODEL: "openai/test",
      EVAL_MAX_ATTEMPTS: "1",
      EVAL_CONCURRENCY: "4",
    },
  });
});
afterAll(async () => {
  await server.close();
  await llm.stop();
});

/** The texts embedded since then, in the order of the calls. */
function embedded(since: number): string[][] {
  return llm.requests
    .slice(since)
    .flatMap((request) => (request.path === "/embeddings" ? [[...request.body.input]] : []));
}

test("loop_detection sees the three traces before, across pages", async () => {
  const api = server.api.as({ project: "loops" });
  // Every other answer repeats the one three traces before. There are more traces than slots, and more than a page holds.
  const repeats = (n: number) => n >= 3 && n % 2 === 1;
  const word = (n: number) => `word${n} thing${n}`;
  const turns = Array.from({ length: 37 }, (_, n) => ({ output: repeats(n) ? word(n - 3) : word(n) }));
  const outputs = turns.map(({ output }) => output);
  const ids = await storeSession(api, "long", turns);
  const run = await evaluateSessions(api);
  expect(run).toMatchObject({ status: "COMPLETED", failed_count: 0 });
  const loops = (await signalsOf(api, run.id)).filter((signal) => signal.name === "loop_detection");
  expect(loops).toHaveLength(37);
  for (const [n, id] of ids.entries()) {
    const { value, metadata } = loops.find((signal) => signal.trace_id === id) ?? {};
    const before = [n - 3, n - 2, n - 1].filter((index) => index >= 0);
    const compared = (metadata?.["comparisons"] ?? []) as { trace_index: number }[];
    expect(compared.map((one) => one.trace_index)).toEqual(before);
    expect(value).toBe(before.some((index) => outputs[index] === outputs[n]) ? "0" : "1");
  }
});

test("each distinct text of a run is embedded once across all its sessions, many per call", async () => {
  const api = server.api.as({ project: "embeddings" });
  for (const session of ["a", "b", "c"]) {
    await storeSession(
      api,
      session,
      Array.from({ length: 12 }, (_, n) => ({ input: "the same question", output: `answer ${n % 9}` })),
    );
  }
  const since = llm.requests.length;
  const run = await evaluateSessions(api);
  expect(run).toMatchObject({ total_traces: 3, failed_count: 0 });
  const calls = embedded(since);
  const texts = calls.flat();
  expect(texts.sort()).toEqual(
    ["the same question", ...Array.from({ length: 9 }, (_, n) => `answer ${n}`)].sort(),
  );
  expect(calls.length).toBeLessThanOrEqual(5);
  // Embeddings are kept for the project, unless a run is fresh.
  const again = llm.requests.length;
  await evaluateSessions(api);
  expect(embedded(again)).toEqual([]);
  await evaluateSessions(api, { fresh: true });
  expect(embedded(again).flat()).toHaveLength(10);
});

test("a text that cannot be embedded does not fail other traces' signals", async () => {
  const api = server.api.as({ project: "refused" });
  const ids = await storeSession(api, "s", [{}, { input: "unembeddable" }, {}, {}]);
  const run = await evaluateSessions(api);
  const failed = (await signalsOf(api, run.id)).filter((signal) => signal.status === "FAILED");
  expect(failed.map((signal) => [signal.trace_id, signal.name])).toEqual([[ids[1], "coherence"]]);
  const scores = await sessionScores(api, run.id);
  expect(scores.map((score) => score.metadata["failed_signals"])).toEqual(
    Array.from({ length: 2 }, () => [
      { trace_id: ids[1], signal: "coherence", reason: expect.stringContaining("400") },
    ]),
  );
});

test("if nothing could be judged, the items fail with a reason and the run completes", async () => {
  const api = server.api.as({ project: "failing" });
  // Neither a first trace without repetition nor a trace without output says anything about the agent.
  await storeSession(api, "bad", [
    { name: "everything fails", input: "everything fails", output: "everything fails" },
    { name: "everything fails", output: null },
  ]);
  await storeSession(api, "good", [{}]);
  const run = await evaluateSessions(api);
  expect(run).toMatchObject({ status: "COMPLETED", evaluated_count: 2, failed_count: 2 });
  const bad = (await sessionScores(api, run.id)).filter((score) => score.session_id === "bad");
  expect(bad.map((score) => score.name).sort()).toEqual(["agent_consistency", "agent_reliability"]);
  for (const score of bad) {
    expect(score).toMatchObject({
      status: "FAILED",
      value: null,
      reason: expect.stringMatching(/could be computed.*answered 400/s),
      metadata: { threshold: 0.5, success: false, model: "openai/test" },
    });
  }
});

test("weights of any size give scores from 0 to 1", async () => {
  const api = server.api.as({ project: "weights" });
  await storeSession(api, "s", [{}, {}, {}]);
  const most = Number.MAX_VALUE;
  for (const weights of [
    { confidence: most, loop_detection: most, tool_correctness: most, coherence: most },
    { confidence: 0, loop_detection: 0, tool_correctness: 0, coherence: 0 },
    { confidence: 0, loop_detection: most, tool_correctness: 5e-324, coherence: 1 },
  ]) {
    const run = await evaluateSessions(api, { session_ids: ["s"], signal_weights: weights });
    expect(run.failed_count).toBe(0);
    for (const { value, metadata } of await sessionScores(api, run.id)) {
      expect(value).toMatch(/^(?:0|1|0\.\d{1,4})$/);
      expect(metadata["signal_weights"]).toEqual(weights);
      expect(JSON.stringify(metadata)).not.toContain("null");
    }
  }
});
