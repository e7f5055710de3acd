import { afterAll, beforeAll, expect, test } from "vitest";
import { type LlmServer, startLlmServer } from "../support/llm-server.ts";
import {
  askedSignal,
  evaluateSessions,
  sessionScores,
  shows,
  signalsOf,
  storeSession,
} from "../support/session-helpers.ts";
import { startTestServer } from "../support/test-server.ts";

/** The worked example of the documentation: the answers of the judge for each trace, and the embeddings of its texts. */
const worked = [
  { name: "turn-one", input: "first ask", output: "apple banana cherry", confidence: 0.9, tools: 1 },
  { name: "turn-two", input: "second ask", output: "apple banana damson", confidence: 0.4, tools: 0.75 },
  { name: "turn-three", input: "third ask", output: "entirely other words", confidence: null, tools: 0.5 },
];
const vectors: Readonly<Record<string, number[]>> = {
  "first ask": [0.8, 0.6],
  "second ask": [0.9, Math.sqrt(0.19)],
  "third ask": [0.7, Math.sqrt(0.51)],
  "apple banana cherry": [1, 0],
  "apple banana damson": [1, 0],
  "entirely other words": [1, 0],
};

let llm: LlmServer;
let server: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  llm = await startLlmServer({
    embedding: (text) => vectors[text] ?? [1, 1],
    answer: (request) => {
      const turn = worked.find(({ name }) => shows(request, name));
      const asked = askedSignal(request);
      const score = asked === "confidence" ? turn?.confidence : turn?.tools;
      return asked === "tools of a trace" ? undefined : { score, reason: "scripted" };
    },
    fault: (request) => {
      const isMissing = askedSignal(request) === "confidence" && shows(request, "turn-three");
      return isMissing ? { kind: "status", status: 400 } : undefined;
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

const storeWorked = (project: string) => {
  const api = server.api.as({ project });
  const turns = worked.map(({ name, input, output }) => ({ name, input, output }));
  return storeSession(api, "worked/session", turns).then((ids) => ({ api, ids }));
};

test("the worked example gives its documented scores, with the failed signal left out and listed", async () => {
  const { api, ids } = await storeWorked("worked");
  const run = await evaluateSessions(api, { name: "worked" });
  expect(run).toMatchObject({
    status: "COMPLETED",
    target_type: "SESSION",
    total_traces: 1,
    failed_count: 0,
  });

  const signals = await signalsOf(api, run.id);
  const values = ids.map((id) =>
    Object.fromEntries(signals.filter((one) => one.trace_id === id).map((one) => [one.name, one.value])),
  );
  expect(values).toEqual([
    { confidence: "0.9", loop_detection: "1", tool_correctness: "1", coherence: "0.8" },
    { confidence: "0.4", loop_detection: "0.5", tool_correctness: "0.75", coherence: "0.9" },
    { confidence: null, loop_detection: "1", tool_correctness: "0.5", coherence: "0.7" },
  ]);
  expect(signals.every((one) => one.source === "AUTOMATED")).toBe(true);

  const scores = await sessionScores(api, run.id);
  const of = (name: string) => scores.find((score) => score.name === name);
  const failed = [{ trace_id: ids[2], signal: "confidence", reason: expect.stringContaining("400") }];
  const weights = { confidence: 1, loop_detection: 1, tool_correctness: 0.8, coherence: 1 };
  expect(of("agent_reliability")).toMatchObject({
    session_id: "worked/session",
    value: "0.4",
    status: "SUCCESS",
    source: "AUTOMATED",
    data_type: "NUMERIC",
    eval_run_id: run.id,
    metadata: {
      total_traces_in_session: 3,
      traces_evaluated: 3,
      raw_risk: 0.6,
      signal_weights: weights,
      flagged_traces: [ids[1]],
      aggregation: { method: "max_compose_top_k", mean_top_k_risk: 0.6, max_risk: 0.6 },
      failed_signals: failed,
      threshold: 0.5,
      success: false,
      model: "openai/test",
    },
  });
  expect(of("agent_reliability")?.metadata["per_trace_signals"]).toMatchObject({
    [ids[0] ?? ""]: { confidence_risk: 0.1, loop_risk: 0, tool_risk: 0, coherence_risk: 0.2, step_risk: 0.2 },
    [ids[1] ?? ""]: { step_risk: 0.6 },
    [ids[2] ?? ""]: { loop_risk: 0, tool_risk: 0.5, coherence_risk: 0.3, step_risk: 0.4 },
  });
  expect(of("agent_consistency")).toMatchObject({
    value: "0.2316",
    metadata: {
      traces_evaluated: 2,
      raw_instability: 0.7684,
      aggregation: { method: "weighted_rms", rms_value: 0.7684 },
      failed_signals: failed,
    },
  });
});

test("weights and thresholds of the run are used, and shown", async () => {
  const { api } = await storeWorked("weighted");
  const signalWeights = { loop_detection: 2, tool_correctness: 0 };
  const run = await evaluateSessions(api, {
    metrics: ["agent_reliability", "agent_reliability"],
    filters: { min_trace_count: 3 },
    signal_weights: signalWeights,
    thresholds: { agent_reliability: 0, coherence: 0.85 },
  });
  expect(run.metric_names).toEqual(["agent_reliability"]);
  expect(run.filters).toEqual({ min_trace_count: 3, signal_weights: signalWeights });
  const [score, ...others] = await sessionScores(api, run.id);
  expect(others).toEqual([]);
  // The second trace's loop risk of 0.5 has a double weight.
  expect(score).toMatchObject({
    value: "0",
    metadata: {
      raw_risk: 1,
      signal_weights: { confidence: 1, loop_detection: 2, tool_correctness: 0, coherence: 1 },
      threshold: 0,
      success: true,
    },
  });
  const coherence = (await signalsOf(api, run.id)).filter((signal) => signal.name === "coherence");
  expect(coherence.map(({ value, metadata }) => [value, metadata["success"]]).sort()).toEqual([
    ["0.7", false],
    ["0.8", false],
    ["0.9", true],
  ]);
});
