import type { EvalRunPage, Problem } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import { ApiClient } from "../support/api-client.ts";
import { storeTrace, traceBody } from "../support/traces.ts";
import { addKey } from "./support/add-key.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { limitHeaders } from "./support/limit-headers.ts";
import { createScore, unknownId } from "./support/samples.ts";
import { newProject, useHttpServer } from "./support/use-http-server.ts";

const limit = 10;
const server = useHttpServer({
  environment: { RATE_LIMIT_REQUESTS_PER_MINUTE: String(limit), RATE_LIMIT_RUNS_PER_MINUTE: "3" },
});
const unlimited = useHttpServer({ environment: { RATE_LIMIT_REQUESTS_PER_MINUTE: "0" } });
const database = databaseBehind(server);

/** A client with an unused key, in a project of its own. */
async function newcomer(): Promise<ApiClient> {
  const apiKey = await addKey(server.current.database.url);
  return new ApiClient({ url: server.current.url, apiKey, project: newProject() });
}

/** Moves the past requests of all keys back in time. */
async function pass(seconds: number): Promise<void> {
  await database.run("update request_counts set second = second - $1", [seconds]);
}

async function use(api: ApiClient, times: number): Promise<void> {
  await Promise.all(Array.from({ length: times }, () => api.get("/traces")));
}

describe("all requests of a key together", () => {
  test("are limited per minute, and every answer says how many remain", async () => {
    const api = await newcomer();
    for (let n = 1; n <= limit; n += 1) {
      const answer = await api.get(n % 2 === 0 ? "/traces" : "/sessions");
      const [allowed, remaining, reset, retryAfter] = limitHeaders(answer);
      expect([answer.status, allowed, remaining, retryAfter]).toEqual([200, limit, limit - n, null]);
      expect(reset).toBeGreaterThan(20);
      expect(reset).toBeLessThanOrEqual(61);
    }
    const refused = await api.post("/traces", traceBody());
    expectProblem(refused, "rate_limited", { detail: /10 of these requests/ });
    const [allowed, remaining, reset, retryAfter] = limitHeaders(refused);
    expect([allowed, remaining, retryAfter]).toEqual([limit, 0, reset]);
    // Across projects.
    expectProblem(await api.as({ project: newProject() }).get("/traces"), "rate_limited");
    expect(await database.run("select from traces")).toEqual([]);
  });

  test("count in a rolling minute, including refused ones", async () => {
    const api = await newcomer();
    await use(api, 6);
    await pass(30);
    await use(api, 4);
    expectProblem(await api.get("/traces"), "rate_limited");
    // The test itself takes some seconds as well.
    await pass(15);
    expectProblem(await api.get("/traces"), "rate_limited");
    await pass(17);
    // The first six are gone; left are four, the two refused ones, and this one.
    expect(limitHeaders(await api.get("/traces")).slice(0, 2)).toEqual([limit, limit - 7]);
    await pass(62);
    expect(limitHeaders(await api.get("/traces")).slice(0, 2)).toEqual([limit, limit - 1]);
  });

  test("say when another request is allowed", async () => {
    const api = await newcomer();
    for (let n = 0; n < limit; n += 1) {
      await use(api, 1);
      await pass(2);
    }
    const [, , , retryAfter] = limitHeaders(await api.get("/traces"));
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(43);
    await pass(retryAfter ?? 0);
    expect((await api.get("/traces")).status).toBe(200);
  });

  test("count for any route and method, successful or not", async () => {
    const api = await newcomer();
    const trace = await storeTrace(api);
    const { id } = await createScore(api, trace);
    await api.patch(`/evaluations/trace-scores/${id}`, { value: "2" });
    await api.delete(`/evaluations/trace-scores/${unknownId}`);
    await api.get("/traces?limit=x");
    await api.get("/evaluations/providers");
    expect(limitHeaders(await api.get("/traces")).slice(0, 2)).toEqual([limit, limit - 7]);
  });

  test("exclude routes with a limit of their own, or without a key", async () => {
    const api = await newcomer();
    await storeTrace(api);
    const run = await api.post("/evaluations/trace-runs", { metrics: ["coherence"] });
    expect(limitHeaders(run).slice(0, 2)).toEqual([3, 2]);
    expect(limitHeaders(await api.get("/health"))).toEqual([null, null, null, null]);
    expect(limitHeaders(await api.get("/openapi.json"))).toEqual([null, null, null, null]);
    await use(api, limit - 1);
    expectProblem(await api.get("/traces"), "rate_limited");
    expect((await api.get("/health")).status).toBe(200);
    expect((await api.post("/evaluations/trace-runs", { metrics: ["coherence"] })).status).toBe(202);
  });

  test("are counted per key", async () => {
    const [one, two] = [await newcomer(), await newcomer()];
    await use(one, limit);
    expectProblem(await one.get("/traces"), "rate_limited");
    expect((await two.get("/traces")).status).toBe(200);
  });

  test("exclude replays, which are answered even above the limit", async () => {
    const api = await newcomer();
    const key = { "idempotency-key": "k" };
    const first = await api.post("/traces", traceBody(), key);
    for (let n = 0; n < 2 * limit; n += 1)
      expect((await api.post("/traces", traceBody(), key)).body).toEqual(first.body);
    expect(limitHeaders(await api.get("/traces")).slice(0, 2)).toEqual([limit, limit - 2]);
    await use(api, limit);
    expect((await api.post("/traces", traceBody(), key)).body).toEqual(first.body);
    expectProblem(await api.post("/traces", traceBody({ name: "other" }), key), "rate_limited");
  });

  test("keep counting from the newest second if the database's clock steps back", async () => {
    const api = await newcomer();
    await use(api, 4);
    await pass(-20);
    expect(limitHeaders(await api.get("/traces")).slice(0, 2)).toEqual([limit, limit - 5]);
  });

  test("have no limit if it is disabled", async () => {
    const api = unlimited.project();
    for (let n = 0; n < 2 * limit; n += 1) {
      const answer = await api.get<EvalRunPage>("/evaluations/trace-runs");
      expect([answer.status, ...limitHeaders(answer)]).toEqual([200, null, null, null, null]);
    }
  });
});

test("concurrent requests each get a rank of their own, within any second", async () => {
  const api = await newcomer();
  const answers = await Promise.all(Array.from({ length: 5 * limit }, () => api.get("/traces")));
  const allowed = answers.filter(({ status }) => status === 200);
  expect(allowed.map((answer) => limitHeaders(answer)[1]).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(4 * limit);
});

test("a count that could not be written does not block the next one", async () => {
  await database.run("alter table request_counts rename to request_counts_away");
  const headers = { "x-api-key": server.current.apiKey, "x-project-name": "test" };
  const broken = await fetch(`${server.current.url}/traces`, { headers });
  expect([broken.status, ((await broken.json()) as Problem).code]).toEqual([500, "internal_error"]);
  await database.run("alter table request_counts_away rename to request_counts");
  expect((await server.current.api.get("/traces")).status).toBe(200);
});
