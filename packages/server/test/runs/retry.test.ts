import type { EvalRunResponse } from "@pandaprobe/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LlmServer, startLlmServer } from "../support/llm-server.ts";
import { createRun, endedRun, pairs, runScores } from "../support/run-helpers.ts";
import { startTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";

let isBroken = true;
let llm: LlmServer;
let server: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  llm = await startLlmServer({
    fault: ({ body }) =>
      isBroken && JSON.stringify(body).includes("trace 0") ? { kind: "status", status: 400 } : undefined,
  });
  server = await startTestServer({
    environment: { OPENAI_BASE_URL: llm.baseUrl, EVAL_LLM_MODEL: "openai/test", EVAL_MAX_ATTEMPTS: "1" },
  });
});
afterAll(async () => {
  await server.close();
  await llm.stop();
});

const retry = (id: string, body?: object) =>
  server.api.post<EvalRunResponse & { code: string }>(`/evaluations/trace-runs/${id}/retry`, body);

test("a retry judges exactly the items without a successful score", async () => {
  const ids = await storeTraces(server.api, 4);
  const created = await createRun(server.api, {
    name: "first",
    metrics: ["confidence", "coherence"],
    thresholds: { coherence: 0.99 },
  });
  const first = await endedRun(server.api, created.id);
  const failed = (await runScores(server.api, first.id)).filter((score) => score.status === "FAILED");
  const gone = (await runScores(server.api, first.id)).find(
    (score) => score.trace_id === ids[3] && score.name === "coherence",
  );
  expect(failed.map((score) => score.trace_id)).toEqual([ids[0]]);
  await server.api.delete(`/evaluations/trace-scores/${gone?.id}`);

  isBroken = false;
  const answer = await retry(first.id);
  expect(answer.body).toMatchObject({ name: "Retry: first", model: first.model, status: "PENDING" });
  const second = await endedRun(server.api, answer.body.id);
  expect(second).toMatchObject({ status: "COMPLETED", failed_count: 0 });
  const expected = [
    ...failed.map((score) => `${score.trace_id} ${score.name}`),
    `${ids[3]} coherence`,
  ].sort();
  expect(pairs(await runScores(server.api, second.id))).toEqual(expected);
  const coherence = (await runScores(server.api, second.id)).find((score) => score.name === "coherence");
  expect(coherence?.metadata).toMatchObject({ threshold: 0.99 });

  const again = await retry(second.id);
  expect(again).toMatchObject({ status: 422, body: { code: "nothing_to_retry" } });
});

test("a retry may set a different name and model", async () => {
  isBroken = true;
  const api = server.api.as({ project: "named" });
  await storeTraces(api, 1);
  const first = await endedRun(api, (await createRun(api, { metrics: ["confidence"] })).id);
  expect(first.failed_count).toBe(1);
  const answer = await api.post<EvalRunResponse>(`/evaluations/trace-runs/${first.id}/retry`, {
    name: "second opinion",
    model: "heuristic/v1",
  });
  expect(answer.body).toMatchObject({ name: "second opinion", model: "heuristic/v1" });
  expect(await endedRun(api, answer.body.id)).toMatchObject({ failed_count: 0 });
});

test("neither an open run nor a run of another project can be retried", async () => {
  isBroken = false;
  const api = server.api.as({ project: "slow" });
  await storeTraces(api, 30);
  const run = await createRun(api, { metrics: ["confidence"] });
  const answer = await api.post<{ code: string }>(`/evaluations/trace-runs/${run.id}/retry`);
  expect(answer).toMatchObject({ status: 422, body: { code: "run_in_progress" } });
  await endedRun(api, run.id);
  expect(await retry(run.id)).toMatchObject({ status: 404, body: { code: "not_found" } });
});
