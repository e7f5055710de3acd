import type { EvalRunResponse } from "@pandaprobe/contract";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type LlmServer, startLlmServer } from "../support/llm-server.ts";
import { createRun } from "../support/run-helpers.ts";
import {
  askedSignal,
  bothMetrics,
  endedSessionRun,
  evaluateSessions,
  sessionScores,
  shows,
  signalsOf,
  storeSession,
} from "../support/session-helpers.ts";
import { startTestServer } from "../support/test-server.ts";

let llm: LlmServer;
let server: Awaited<ReturnType<typeof startTestServer>>;
let isBroken = true;
beforeAll(async () => {
  llm = await startLlmServer({
    fault: (request) => {
      if (!isBroken) return undefined;
      const isAbout = askedSignal(request) === "confidence" && shows(request, "unjudged");
      return isAbout || shows(request, "hopeless") ? { kind: "status", status: 400 } : undefined;
    },
  });
  server = await startTestServer({
    environment: { OPENAI_BASE_URL: llm.baseUrl, EVAL_LLM_MODEL: "openai/test", EVAL_MAX_ATTEMPTS: "1" },
  });
});
afterAll(async () => {
  await server.close();
  await llm.stop();
});
beforeEach(() => {
  isBroken = true;
});

const project = (name: string) => server.api.as({ project: name });
const retry = (api: typeof server.api, id: string, body?: object) =>
  api.post<EvalRunResponse & { code: string }>(`/evaluations/session-runs/${id}/retry`, body);

test("a retry evaluates the sessions that lack a score or a signal, and computes only what is missing", async () => {
  const api = project("retry");
  await storeSession(api, "whole", [{}, {}]);
  const ids = await storeSession(api, "part", [{}, { name: "unjudged" }, {}]);
  await storeSession(api, "none", [{ name: "hopeless", output: "hopeless" }]);
  const first = await evaluateSessions(api, {
    name: "first",
    signal_weights: { coherence: 0.5 },
    thresholds: { agent_reliability: 0.9 },
  });
  expect(first).toMatchObject({ status: "COMPLETED", evaluated_count: 3, failed_count: 2 });

  isBroken = false;
  const asked = llm.requests.length;
  const answer = await retry(api, first.id);
  expect(answer.status).toBe(202);
  const second = await endedSessionRun(api, answer.body.id);
  expect(second).toMatchObject({
    name: "Retry: first",
    status: "COMPLETED",
    total_traces: 2,
    failed_count: 0,
    filters: { retry_of: first.id, signal_weights: { coherence: 0.5 } },
    metric_names: bothMetrics,
    model: first.model,
  });
  const retried = (second.filters["session_ids"] as string[]).sort();
  expect(retried).toEqual(["none", "part"]);

  // One confidence for the trace that lacked it, and all questions and texts of the session that had nothing.
  const calls = llm.requests.slice(asked);
  const about = (text: string) =>
    calls
      .filter((request) => shows(request, text))
      .map(askedSignal)
      .sort();
  expect(about("unjudged")).toEqual(["confidence"]);
  expect(about("hopeless")).toEqual(["confidence", "embedding", "tool_correctness", "tools of a trace"]);
  expect(calls).toHaveLength(5);

  const scores = await sessionScores(api, second.id);
  expect(scores.map((score) => `${score.session_id} ${score.name}`).sort()).toEqual(
    ["none", "part"].flatMap((id) => [`${id} agent_consistency`, `${id} agent_reliability`]),
  );
  for (const { status, metadata } of scores) {
    expect(status).toBe("SUCCESS");
    expect(metadata["failed_signals"]).toBeUndefined();
    expect(metadata["signal_weights"]).toMatchObject({ coherence: 0.5 });
  }
  expect(scores.find((score) => score.name === "agent_reliability")?.metadata["threshold"]).toBe(0.9);
  // The copies are signals of the new run; the original run keeps its own.
  const signals = await signalsOf(api, second.id);
  expect(signals).toHaveLength(4 * 4);
  expect(signals.filter((signal) => ids.includes(signal.trace_id))).toHaveLength(3 * 4);
  expect(await signalsOf(api, first.id)).toHaveLength(6 * 4);

  expect(await retry(api, second.id)).toMatchObject({ status: 422, body: { code: "nothing_to_retry" } });
});

test("another judge judges again, but does not embed again", async () => {
  const api = project("another judge");
  await storeSession(api, "s", [{}, { name: "unjudged" }]);
  const first = await evaluateSessions(api);
  isBroken = false;
  const asked = llm.requests.length;
  const { body } = await retry(api, first.id, { model: "openai/other", name: "other" });
  const second = await endedSessionRun(api, body.id);
  expect(second).toMatchObject({ name: "other", model: "openai/other", failed_count: 0 });
  const calls = llm.requests.slice(asked);
  expect(calls.map(askedSignal).sort()).toEqual([
    "confidence",
    "confidence",
    "tool_correctness",
    "tool_correctness",
    "tools of a trace",
    "tools of a trace",
  ]);
  const models = new Set((await signalsOf(api, second.id)).map((signal) => signal.metadata["model"]));
  expect([...models].sort()).toEqual(["openai/other", "openai/text-embedding-3-small"]);
});

test("a deleted session is not retried, and an open run cannot be retried retried", async () => {
  const api = project("gone");
  const [trace] = await storeSession(api, "s", [{ name: "unjudged" }]);
  const first = await evaluateSessions(api);
  await api.delete(`/traces/${trace}`);
  expect(await retry(api, first.id)).toMatchObject({ status: 422, body: { code: "nothing_to_retry" } });
  await storeSession(api, "t", [{}, {}, {}]);
  const running = await createRun(api, { metrics: bothMetrics }, "session-runs");
  expect(await retry(api, running.id)).toMatchObject({ status: 422, body: { code: "run_in_progress" } });
  await endedSessionRun(api, running.id);
});
