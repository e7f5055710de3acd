/** @module-tag slow */
import { expect, onTestFinished, test } from "vitest";
import { type Fault, type LlmServerOptions, startLlmServer } from "../support/llm-server.ts";
import { createRun, endedRun, pairs, runScores } from "../support/run-helpers.ts";
import { useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";

async function useLlm(options: LlmServerOptions) {
  const llm = await startLlmServer(options);
  onTestFinished(() => llm.stop());
  return llm;
}

const environment = (baseUrl: string) => ({
  OPENAI_BASE_URL: baseUrl,
  EVAL_LLM_MODEL: "openai/test",
  EVAL_MAX_ATTEMPTS: "2",
  EVAL_CALL_TIMEOUT_SECONDS: "1",
});

/** Permanent faults, with what the reason of the score must say. */
const faults: Record<string, { fault: Fault; reason: RegExp }> = {
  "server errors": { fault: { kind: "status", status: 500 }, reason: /500/ },
  garbage: { fault: { kind: "body", text: "<html>oops</html>" }, reason: /not an answer of this API/ },
  "nothing at all": { fault: { kind: "body", text: "" }, reason: /empty|nothing|JSON/i },
  "JSON of the wrong shape": {
    fault: { kind: "says", text: '{"verdict":"splendid"}' },
    reason: /shape|schema|expected|form/i,
  },
  "a hang": { fault: { kind: "hang" }, reason: /time|answer/i },
  "a reset": { fault: { kind: "reset" }, reason: /connection|reset|closed|reach/i },
};

test.for(Object.entries(faults))(
  "%s fails that one score, with a reason, and nothing else",
  async ([, { fault, reason }]) => {
    let isBroken = true;
    // The provider recognizes the failing trace by its question.
    const llm = await useLlm({
      fault: (request) => (isBroken && JSON.stringify(request.body).includes("unlucky") ? fault : undefined),
    });
    const { api } = await useTestServer({ environment: environment(llm.baseUrl) });
    const [lucky] = await storeTraces(api, 1);
    const [unlucky] = await storeTraces(api, 1, { name: "unlucky" });
    const created = await createRun(api, { metrics: ["confidence"] });
    const run = await endedRun(api, created.id);
    expect(run).toMatchObject({ status: "COMPLETED", evaluated_count: 2, failed_count: 1 });
    const scores = await runScores(api, run.id);
    expect(scores.find((score) => score.trace_id === lucky)).toMatchObject({ status: "SUCCESS" });
    const failed = scores.find((score) => score.trace_id === unlucky);
    expect(failed).toMatchObject({
      status: "FAILED",
      value: null,
      metadata: { success: false, threshold: 0.5 },
    });
    expect(failed?.reason).toMatch(reason);
    expect(failed?.reason).toContain("openai/test");

    isBroken = false;
    const asked = llm.requests.length;
    const retried = await api.post<{ id: string }>(`/evaluations/trace-runs/${run.id}/retry`);
    expect(retried.status).toBe(202);
    expect(await endedRun(api, retried.body.id)).toMatchObject({
      status: "COMPLETED",
      total_traces: 1,
      failed_count: 0,
      filters: { retry_of: run.id, trace_ids: [unlucky] },
    });
    expect(llm.requests.length - asked).toBe(1);
    expect(pairs(await runScores(api, retried.body.id))).toEqual([`${unlucky} confidence`]);
  },
);

test("a temporary fault costs a retry and no score", async () => {
  const llm = await useLlm({ fault: ({ n }) => (n <= 2 ? { kind: "status", status: 503 } : undefined) });
  const { api } = await useTestServer({
    environment: { ...environment(llm.baseUrl), EVAL_MAX_ATTEMPTS: "4" },
  });
  await storeTraces(api, 2);
  const run = await createRun(api, { metrics: ["confidence"] });
  expect(await endedRun(api, run.id)).toMatchObject({ status: "COMPLETED", failed_count: 0 });
  expect(llm.requests).toHaveLength(4);
});

test("stages that metrics share are judged once for each trace", async () => {
  const llm = await useLlm({});
  const { api } = await useTestServer({ environment: environment(llm.baseUrl) });
  await storeTraces(api, 1);
  const run = await createRun(api, { metrics: ["step_efficiency", "plan_adherence", "plan_quality"] });
  expect(await endedRun(api, run.id)).toMatchObject({ failed_count: 0 });
  // The task and the plan once each, and a score for each metric.
  expect(llm.requests).toHaveLength(5);
});
