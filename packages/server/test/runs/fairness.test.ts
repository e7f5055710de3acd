/** @module-tag slow */
import { expect, onTestFinished, test } from "vitest";
import { ApiClient } from "../support/api-client.ts";
import { type LlmServer, type LlmServerOptions, startLlmServer } from "../support/llm-server.ts";
import { query } from "../support/query.ts";
import { createRun, endedRun, getRun } from "../support/run-helpers.ts";
import { useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";

const hugeCount = 200;
const smallCount = 10;
/** One call per target. */
const metrics = ["confidence"];
/** Long enough that the work of the server in between hardly counts. */
const latencyMs = 150;
/** Words that tell the provider whose question it is. */
const hugeOutput = "This belongs to the huge run.";

async function setUp(options: LlmServerOptions = { latencyMs }) {
  const llm = await startLlmServer(options);
  onTestFinished(() => llm.stop());
  const { api, url, apiKey, database } = await useTestServer({
    environment: { OPENAI_BASE_URL: llm.baseUrl, EVAL_LLM_MODEL: "openai/test", EVAL_CONCURRENCY: "2" },
  });
  const projectApi = (project: string) => new ApiClient({ url, apiKey, project });
  return { api, llm, database, projectApi };
}

/** A run that keeps the server busy for longer than the test takes. */
async function startHugeRun(api: ApiClient): Promise<string> {
  await storeTraces(api, hugeCount, { output: hugeOutput });
  const { id } = await createRun(api, { metrics });
  await waitUntil(async () => (await getRun(api, id)).evaluated_count > 4);
  return id;
}

/** Creates a small run and waits for its end. @returns the number of calls that the huge run made meanwhile. */
async function smallRun(api: ApiClient, llm: LlmServer): Promise<number> {
  const trace_ids = await storeTraces(api, smallCount);
  const before = hugeCalls(llm);
  const { body } = await api.post<{ id: string }>("/evaluations/trace-runs/batch", {
    metrics,
    trace_ids,
    fresh: true,
  });
  expect((await endedRun(api, body.id, 60_000)).failed_count).toBe(0);
  return hugeCalls(llm) - before;
}

function hugeCalls(llm: LlmServer): number {
  return llm.requests.filter(({ body }) => JSON.stringify(body).includes(hugeOutput)).length;
}

test("a small run does not wait for the queued targets of a huge run of another project", async () => {
  const { api, llm, projectApi } = await setUp();
  await startHugeRun(api);
  // With fair sharing, as many calls as the small run makes, plus those already started; first come, first served would give about 60.
  expect(await smallRun(projectApi("small"), llm)).toBeLessThan(3 * smallCount);
});

test("two runs of one project take turns", async () => {
  const { api, llm } = await setUp();
  await startHugeRun(api);
  // The queued targets of the huge run got their virtual start times while it was alone: two per target of the small run.
  expect(await smallRun(api, llm)).toBeLessThan(4 * smallCount);
});

test("a stream of small runs does not starve a huge one", async () => {
  const { api, llm, projectApi } = await setUp({ latencyMs: 40 });
  const id = await startHugeRun(api);
  const projects = ["a", "b", "c"].map(projectApi);
  const total = llm.requests.length;
  const before = hugeCalls(llm);
  await Promise.all(
    projects.map(async (project) => {
      for (let n = 0; n < 4; n += 1) await smallRun(project, llm);
    }),
  );
  const made = hugeCalls(llm) - before;
  const all = llm.requests.length - total;
  expect((await getRun(api, id)).evaluated_count).toBeLessThan(hugeCount);
  // Its share is a quarter, and it gets nearly all of it.
  expect(made / all).toBeGreaterThan(1 / 8);
});

test("a model that hangs does not delay other models, even in the same project", async () => {
  const { api, llm } = await setUp({ fault: () => ({ kind: "hang" }) });
  await storeTraces(api, 40);
  const { id } = await createRun(api, { metrics });
  await waitUntil(async () => llm.inFlight === 2);
  const other = await createRun(api, { metrics, model: "heuristic/v1" });
  expect(await endedRun(api, other.id)).toMatchObject({ failed_count: 0, evaluated_count: 40 });
  expect((await getRun(api, id)).evaluated_count).toBe(0);
});

test("a target that failed because of the server runs first once its retry is due", async () => {
  const { api, database } = await setUp();
  const failedJobs = async () =>
    (await query(database.url, "select from graphile_worker._private_jobs where last_error is not null"))
      .length;
  const id = await startHugeRun(api);
  await query(database.url, "alter table judge_calls rename to judge_calls_away");
  await waitUntil(async () => (await failedJobs()) > 0);
  await query(database.url, "alter table judge_calls_away rename to judge_calls");
  await waitUntil(async () => (await failedJobs()) === 0);
  expect(await getRun(api, id)).toMatchObject({ status: "RUNNING" });
});
