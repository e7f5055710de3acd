import type { EvalRunResponse } from "@pandaprobe/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import type { ApiClient } from "../support/api-client.ts";
import { startTestServer } from "../support/test-server.ts";
import { storeTrace } from "../support/traces.ts";
import { addKey } from "./support/add-key.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { limitHeaders as limits } from "./support/limit-headers.ts";
import { createMonitor } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const limit = 5;
const triggerLimit = 2;
const environment = {
  RATE_LIMIT_RUNS_PER_MINUTE: String(limit),
  RATE_LIMIT_TRIGGERS_PER_MINUTE: String(triggerLimit),
};
const server = useHttpServer({ environment });
const database = databaseBehind(server);
/** A second process on the same database. */
let other: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  other = await startTestServer({ role: "api", environment, database: server.current.database });
});
afterAll(() => other.close());

const runs = "/evaluations/trace-runs";
const body = { metrics: ["coherence"] };

/** An unused key, with a trace to evaluate. */
async function newcomer(): Promise<{ api: ApiClient; apiKey: string; trace: string }> {
  const apiKey = await addKey(server.current.database.url);
  const api = server.project().as({ apiKey });
  return { api, apiKey, trace: await storeTrace(api) };
}

/** Moves the past requests of a key back in time. */
async function pass(seconds: number): Promise<void> {
  await database.run(
    "update rate_limits set hits = array(select hit - $1 * interval '1 second' from unnest(hits) with ordinality h(hit, n) order by n)",
    [seconds],
  );
}

describe("creating runs", () => {
  test("is limited per minute, and every answer says how many requests remain", async () => {
    const { api } = await newcomer();
    for (let n = 1; n <= limit; n += 1) {
      const answer = await api.post(runs, body);
      expect(answer.status).toBe(202);
      const [allowed, remaining, reset, retryAfter] = limits(answer);
      expect([allowed, remaining, retryAfter]).toEqual([limit, limit - n, null]);
      expect(reset).toBeGreaterThan(0);
      expect(reset).toBeLessThanOrEqual(60);
    }
    const refused = await api.post(runs, body);
    expectProblem(refused, "rate_limited", { detail: /5 of these requests/ });
    const [allowed, remaining, reset, retryAfter] = limits(refused);
    expect([allowed, remaining]).toEqual([limit, 0]);
    expect(retryAfter).toBe(reset);
    expect(retryAfter).toBeGreaterThan(50);
    expect((await api.get(runs)).body).toMatchObject({ total: limit });
  });

  test("counts a rolling minute, including refused requests", async () => {
    const { api } = await newcomer();
    for (let n = 0; n < 3; n += 1) expect((await api.post(runs, body)).status).toBe(202);
    await pass(30);
    for (let n = 0; n < 2; n += 1) expect((await api.post(runs, body)).status).toBe(202);
    expectProblem(await api.post(runs, body), "rate_limited");
    await pass(29);
    expectProblem(await api.post(runs, body), "rate_limited");
    // The first three are over a minute old; the refused ones still count.
    await pass(2);
    expect((await api.post(runs, body)).status).toBe(202);
    expectProblem(await api.post(runs, body), "rate_limited");
    await pass(61);
    for (let n = 0; n < limit; n += 1) expect((await api.post(runs, body)).status).toBe(202);
  });

  test("says when another request is allowed", async () => {
    const { api } = await newcomer();
    for (let n = 0; n < limit; n += 1) {
      await api.post(runs, body);
      await pass(5);
    }
    const refused = await api.post(runs, body);
    expectProblem(refused, "rate_limited");
    const [, , , retryAfter = 0] = limits(refused);
    await pass((retryAfter ?? 0) - 3);
    // A request that is too early would count as well, so the test does not send one.
    await pass(3);
    expect((await api.post(runs, body)).status).toBe(202);
  });

  test("counts each route separately", async () => {
    const { api, trace } = await newcomer();
    const batch = { ...body, trace_ids: [trace] };
    for (let n = 0; n < limit; n += 1) expect((await api.post(runs, body)).status).toBe(202);
    expectProblem(await api.post(runs, body), "rate_limited");
    const run = await api.post<EvalRunResponse>(`${runs}/batch`, batch);
    expect(limits(run).slice(0, 2)).toEqual([limit, limit - 1]);
    await database.run("update eval_runs set status = 'FAILED' where id = $1", [run.body.id]);
    // Retrying any run is the same route.
    for (let n = 0; n < limit; n += 1) {
      const retried = await api.post<EvalRunResponse>(`${runs}/${run.body.id}/retry`);
      expect(limits(retried).slice(0, 2)).toEqual([limit, limit - 1 - n]);
    }
    expectProblem(await api.post(`${runs}/${trace}/retry`), "rate_limited");
  });

  test("counts each key separately, across projects", async () => {
    const [one, two] = [await newcomer(), await newcomer()];
    for (let n = 0; n < limit; n += 1) await one.api.post(runs, body);
    expectProblem(await one.api.post(runs, body), "rate_limited");
    expect((await two.api.post(runs, body)).status).toBe(202);
    const elsewhere = server.project().as({ apiKey: one.apiKey });
    expectProblem(await elsewhere.post(runs, body), "rate_limited");
  });

  test("counts requests that are refused for another reason", async () => {
    const { api } = await newcomer();
    for (const wrong of [{}, { metrics: ["none"] }, { ...body, filters: { name: "none" } }]) {
      const answer = await api.post(runs, wrong);
      expect(answer.status).toBeLessThan(429);
    }
    expect(limits(await api.post(runs, body)).slice(0, 2)).toEqual([limit, 1]);
  });

  test("does not count replays", async () => {
    const { api } = await newcomer();
    const first = await api.post(runs, body, { "idempotency-key": "k" });
    for (let n = 0; n < 2 * limit; n += 1) {
      const replay = await api.post(runs, body, { "idempotency-key": "k" });
      expect([replay.status, replay.body]).toEqual([202, first.body]);
    }
    expect(limits(await api.post(runs, body)).slice(0, 2)).toEqual([limit, limit - 2]);
    // Replays are answered even above the limit.
    for (let n = 0; n < limit; n += 1) await api.post(runs, body);
    expectProblem(await api.post(runs, body), "rate_limited");
    expect((await api.post(runs, body, { "idempotency-key": "k" })).body).toEqual(first.body);
    // The same key with another body is not a replay.
    expectProblem(
      await api.post(runs, { metrics: ["confidence"] }, { "idempotency-key": "k" }),
      "rate_limited",
    );
  });

  test("counts concurrent requests with one Idempotency-Key once", async () => {
    const { api } = await newcomer();
    const twins = await Promise.all(
      Array.from({ length: limit }, () => api.post(runs, body, { "idempotency-key": "twin" })),
    );
    expect(twins.map(({ status }) => status)).toEqual(Array(limit).fill(202));
    expect(limits(await api.post(runs, body)).slice(0, 2)).toEqual([limit, limit - 2]);
  });

  test("leaves the Idempotency-Key of a refused request free", async () => {
    const { api } = await newcomer();
    for (let n = 0; n < limit; n += 1) await api.post(runs, body);
    expectProblem(await api.post(runs, body, { "idempotency-key": "later" }), "rate_limited");
    await pass(61);
    expect((await api.post(runs, body, { "idempotency-key": "later" })).status).toBe(202);
  });
});

describe("triggering monitors", () => {
  test("has a limit of its own, for all monitors together", async () => {
    const { api } = await newcomer();
    const ids = [(await createMonitor(api)).id, (await createMonitor(api)).id];
    const trigger = (n: number) => api.post(`/evaluations/monitors/${ids[n % 2]}/trigger`);
    for (let n = 0; n < triggerLimit; n += 1) {
      const answer = await trigger(n);
      expect(answer.status).toBe(202);
      expect(limits(answer).slice(0, 2)).toEqual([triggerLimit, triggerLimit - 1 - n]);
    }
    expectProblem(await trigger(0), "rate_limited", { detail: /At most 2 / });
    expect((await api.post(runs, body)).status).toBe(202);
    await pass(61);
    expect((await trigger(1)).status).toBe(202);
  });

  test("is limited to 10 a minute by default", () => {
    expect(readConfig({}).rateLimits.triggers).toBe(10);
  });
});

describe("two server processes", () => {
  test("enforce one limit exactly, for any number of concurrent requests", async () => {
    const { api } = await newcomer();
    const there = api.as({ url: other.url });
    const answers = await Promise.all(
      Array.from({ length: 6 * limit }, (_, n) => (n % 2 === 0 ? api : there).post(runs, body)),
    );
    const made = answers.filter(({ status }) => status === 202);
    expect(made).toHaveLength(limit);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(5 * limit);
    expect(made.map((answer) => limits(answer)[1]).sort()).toEqual([0, 1, 2, 3, 4]);
    expect((await api.get(runs)).body).toMatchObject({ total: limit });
  });
});
