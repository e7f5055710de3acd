import { expect, onTestFinished, test } from "vitest";
import { startLlmServer } from "../support/llm-server.ts";
import { createRun, endedRun, getRun, runScores } from "../support/run-helpers.ts";
import { askedSignal } from "../support/session-helpers.ts";
import { startTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";

/** A judge that answers the questions of task completion at once, and others when it may. */
async function setUp() {
  const held = Promise.withResolvers<void>();
  const llm = await startLlmServer({
    until: (request) => (askedSignal(request) === "confidence" ? held.promise : Promise.resolve()),
  });
  onTestFinished(() => llm.stop());
  const environment = {
    OPENAI_BASE_URL: llm.baseUrl,
    EVAL_LLM_MODEL: "openai/test",
    SHUTDOWN_TIMEOUT_SECONDS: "1",
  };
  const server = await startTestServer({ environment });
  const other = {
    environment: { ...environment, PANDAPROBE_API_KEY: server.apiKey },
    database: server.database,
  };
  return { llm, server, answer: held.resolve, startOther: () => startTestServer(other) };
}

test("the scores of a trace in a run become visible together, when its target counts", async () => {
  const { server, answer } = await setUp();
  onTestFinished(() => server.close());
  const { api } = server;
  await storeTraces(api, 1);
  await api.send("PUT", "/evaluations/metrics/fast", { kind: "latency", max_ms: 1000 });
  const metrics = ["fast", "task_completion", "confidence"];
  const { id } = await createRun(api, { metrics });
  await waitUntil(async () => (await getRun(api, id)).status === "RUNNING");
  // Items that need no answer of this judge have ended once a later run has ended.
  await endedRun(api, (await createRun(api, { metrics: ["fast", "task_completion"] })).id);
  expect(await runScores(api, id)).toEqual([]);
  expect(await getRun(api, id)).toMatchObject({ evaluated_count: 0 });
  answer();
  expect(await endedRun(api, id)).toMatchObject({ evaluated_count: 1, failed_count: 0 });
  expect((await runScores(api, id)).map(({ name }) => name).sort()).toEqual(metrics.toSorted());
});

test("after a stop in the middle of a target, answered questions are not asked again", async () => {
  const { llm, server, answer, startOther } = await setUp();
  onTestFinished(() => server.database.drop());
  const { api } = server;
  await storeTraces(api, 1);
  const { id } = await createRun(api, { metrics: ["task_completion", "confidence"] });
  await waitUntil(async () => llm.answered >= 2 && llm.inFlight === 1);
  const asked = llm.requests.length;
  await server.server.stop();
  answer();
  const other = await startOther();
  onTestFinished(() => other.close());
  expect(await endedRun(other.api, id)).toMatchObject({ evaluated_count: 1, failed_count: 0 });
  expect(await runScores(other.api, id)).toHaveLength(2);
  // Only the question that had no answer.
  expect(llm.requests.length - asked).toBe(1);
});
