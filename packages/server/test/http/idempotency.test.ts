import type { BatchCreateResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { Answer, ApiClient } from "../support/api-client.ts";
import { createRun } from "../support/run-helpers.ts";
import { startTestServer } from "../support/test-server.ts";
import { storeTrace, traceBody } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createScore, unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const database = databaseBehind(server);
const scores = "/evaluations/trace-scores";
const runs = "/evaluations/trace-runs";

const withKey = (key: string) => ({ "idempotency-key": key });

/** The total of a list. */
async function count(api: ApiClient, path: string): Promise<number> {
  return (await api.get<{ total: number }>(path)).body.total;
}

function expectReplay(second: Answer<unknown>, first: Answer<unknown>): void {
  expect(second).toMatchObject({ status: first.status, body: first.body });
  expect(first.headers.get("idempotency-replayed")).toBeNull();
  expect(second.headers.get("idempotency-replayed")).toBe("true");
  expect(second.headers.get("content-type")).toBe(first.headers.get("content-type"));
  expect(second.headers.get("x-request-id")).not.toBe(first.headers.get("x-request-id"));
}

describe("a POST that is repeated with its key", () => {
  test("gets the first answer, and has no further effect: a score", async () => {
    const api = server.project();
    const body = {
      trace_id: await storeTrace(api),
      name: "quality",
      value: "0.50",
      metadata: { b: 1, a: [null, 0.1] },
    };
    const first = await api.post(scores, body, withKey("k"));
    expect(first.status).toBe(201);
    expectReplay(await api.post(scores, body, withKey("k")), first);
    expectReplay(await api.post(scores, body, withKey("k")), first);
    expect(await count(api, scores)).toBe(1);
  });

  test("a trace", async () => {
    const api = server.project();
    const first = await api.post("/traces", traceBody(), withKey("k"));
    expectReplay(await api.post("/traces", traceBody(), withKey("k")), first);
    expect(await count(api, "/traces")).toBe(1);
  });

  test("a run, a batch and a retry", async () => {
    const api = server.project();
    const trace = await storeTrace(api);
    const created = await api.post(runs, { metrics: ["coherence"] }, withKey("a"));
    expectReplay(await api.post(runs, { metrics: ["coherence"] }, withKey("a")), created);
    const batch = { metrics: ["coherence"], trace_ids: [trace] };
    const batched = await api.post<{ id: string }>(`${runs}/batch`, batch, withKey("b"));
    expectReplay(await api.post(`${runs}/batch`, batch, withKey("b")), batched);
    await database.run("update eval_runs set status = 'FAILED' where id = $1", [batched.body.id]);
    const retried = await api.post(`${runs}/${batched.body.id}/retry`, undefined, withKey("c"));
    expect(retried.status).toBe(202);
    expectReplay(await api.post(`${runs}/${batched.body.id}/retry`, undefined, withKey("c")), retried);
    expect(await count(api, runs)).toBe(3);
  });

  test("gets the first answer even if that is out of date", async () => {
    const api = server.project();
    const body = { trace_id: await storeTrace(api), name: "quality", value: "0.5" };
    const first = await api.post<{ id: string }>(scores, body, withKey("k"));
    await api.delete(`${scores}/${first.body.id}`);
    expectReplay(await api.post(scores, body, withKey("k")), first);
    expect(await count(api, scores)).toBe(0);
  });

  test("without a key takes effect each time", async () => {
    const api = server.project();
    const body = { trace_id: await storeTrace(api), name: "quality", value: "0.5" };
    await api.post(scores, body);
    await api.post(scores, body);
    await api.post(scores, body, withKey("one"));
    await api.post(scores, body, withKey("two"));
    expect(await count(api, scores)).toBe(4);
  });

  test("is a replay for a day, and a new request after that", async () => {
    const api = server.project();
    const first = await api.post<{ trace_id: string }>("/traces", traceBody(), withKey("day"));
    const [{ project_id }] = (await database.run("select project_id from traces where trace_id = $1", [
      first.body.trace_id,
    ])) as [{ project_id: string }];
    const age = (time: string) =>
      database.run("update idempotency_keys set created_at = now() - $2::interval where project_id = $1", [
        project_id,
        time,
      ]);
    await age("23 hours 59 minutes");
    expectReplay(await api.post("/traces", traceBody(), withKey("day")), first);
    await age("24 hours 1 minute");
    const second = await api.post("/traces", traceBody({ name: "another body, then" }), withKey("day"));
    expect(second.status).toBe(202);
    expect(second.body).not.toEqual(first.body);
    expect(await count(api, "/traces")).toBe(2);
  });

  test("gets the first answer from another server process too", async () => {
    const api = server.project();
    const first = await api.post("/traces", traceBody(), withKey("k"));
    const other = await startTestServer({
      role: "api",
      database: server.current.database,
      environment: { PANDAPROBE_API_KEY: server.current.apiKey },
    });
    expectReplay(await api.as({ url: other.url }).post("/traces", traceBody(), withKey("k")), first);
    await other.close();
  });
});

describe("an answer that is too large to store", () => {
  const storedBytes = async () => {
    const [row] = (await database.run(
      "select max(octet_length(body::text)) as bytes from idempotency_keys",
    )) as [{ bytes: number }];
    return row.bytes;
  };

  test("is replaced by the current state: of a run, a score and a monitor", async () => {
    const api = server.project();
    const trace_id = await storeTrace(api);
    const reason = "r".repeat(90_000);
    const score = await api.post<{ id: string }>(
      scores,
      { trace_id, name: "a", value: "1", reason },
      withKey("s"),
    );
    await api.patch(`${scores}/${score.body.id}`, { value: "0.5" });
    const scoreAgain = await api.post(scores, { trace_id, name: "a", value: "1", reason }, withKey("s"));
    expect(scoreAgain.headers.get("idempotency-replayed")).toBe("true");
    expect(scoreAgain.body).toMatchObject({
      ...score.body,
      value: "0.5",
      source: "ANNOTATION",
      updated_at: expect.any(String),
    });

    const run = await createRun(api);
    await database.run("update eval_runs set filters = $1 where id = $2", [
      JSON.stringify({ trace_ids: Array(5000).fill(unknownId) }),
      run.id,
    ]);
    const cancel = () => api.post(`${runs}/${run.id}/cancel`, undefined, withKey("c"));
    const cancelled = await cancel();
    expectReplay(await cancel(), cancelled);
    expect(await storedBytes()).toBeLessThan(70_000);
  });

  test("is shortened: the results of a batch of traces", async () => {
    const api = server.project();
    const traces = Array.from({ length: 100 }, (_, n) => ({
      name: "x".repeat(600),
      tags: Array(20).fill(n),
    }));
    const first = await api.post<BatchCreateResponse>("/traces/batch", { traces }, withKey("b"));
    const second = await api.post<BatchCreateResponse>("/traces/batch", { traces }, withKey("b"));
    expect(second.body.rejected).toBe(100);
    const results = ({ items }: BatchCreateResponse) => items.map(({ index, error }) => [index, error?.code]);
    expect(results(second.body)).toEqual(results(first.body));
    expect(await storedBytes()).toBeLessThan(70_000);
  });
});

describe("a key", () => {
  test("is refused with a body that differs in any byte", async () => {
    const api = server.project();
    await api.post("/traces", traceBody(), withKey("k"));
    expectProblem(
      await api.post("/traces", traceBody({ name: "other" }), withKey("k")),
      "idempotency_key_reused",
    );
    const spaced = await api.sendRaw("POST", "/traces", ` ${JSON.stringify(traceBody())}`, {
      "content-type": "application/json",
      ...withKey("k"),
    });
    expectProblem(spaced, "idempotency_key_reused");
    expect(await count(api, "/traces")).toBe(1);
  });

  test("is refused on another route, or with other parameters", async () => {
    const api = server.project();
    const trace = await storeTrace(api);
    const first = await createRun(api);
    const second = await createRun(api);
    await database.run("update eval_runs set status = 'FAILED' where id = any($1)", [[first.id, second.id]]);
    expect((await api.post(`${runs}/${first.id}/retry`, undefined, withKey("k"))).status).toBe(202);
    expectProblem(
      await api.post(`${runs}/${second.id}/retry`, undefined, withKey("k")),
      "idempotency_key_reused",
    );
    const score = { trace_id: trace, name: "quality", value: "1" };
    expectProblem(await api.post(scores, score, withKey("k")), "idempotency_key_reused");
    expect(await count(api, scores)).toBe(0);
  });

  test("belongs to its project", async () => {
    const [mine, yours] = [server.project(), server.project()];
    const body = traceBody();
    const answers = [
      await mine.post("/traces", body, withKey("k")),
      await yours.post("/traces", body, withKey("k")),
    ];
    expect(answers.map(({ headers }) => headers.get("idempotency-replayed"))).toEqual([null, null]);
    expect(await count(mine, "/traces")).toBe(1);
    expect(await count(yours, "/traces")).toBe(1);
  });

  test.each([
    "a",
    "x".repeat(255),
    "key with spaces",
    "ÿ".repeat(255),
    "'; drop table idempotency_keys; --",
    "__proto__",
  ])("may be %j", async (key) => {
    const api = server.project();
    const first = await api.post("/traces", traceBody(), withKey(key));
    expectReplay(await api.post("/traces", traceBody(), withKey(key)), first);
  });

  test.each(["", " ", "x".repeat(256)])("may not be %j", async (key) => {
    const api = server.project();
    for (const [path, body] of [
      ["/traces", traceBody()],
      [scores, { trace_id: unknownId, name: "x", value: "1" }],
      [runs, { metrics: ["coherence"] }],
    ] as const)
      expectProblem(await api.post(path, body, withKey(key)), "validation_error", {
        loc: ["header", "Idempotency-Key"],
      });
    expect(await count(api, "/traces")).toBe(0);
  });

  test("is ignored by other methods", async () => {
    const api = server.project();
    const score = await createScore(api, await storeTrace(api));
    const path = `${scores}/${score.id}`;
    for (const value of ["0.1", "0.2"]) {
      const { body } = await api.send("PATCH", path, { value }, withKey("k"));
      expect(body).toMatchObject({ value });
    }
    expect((await api.delete(path, withKey("k"))).status).toBe(204);
    expectProblem(await api.delete(path, withKey("k")), "not_found");
  });
});

describe("a first request that failed", () => {
  test("leaves its key free, whatever the error", async () => {
    const api = server.project();
    const body = { trace_id: unknownId, name: "quality", value: "0.5" };
    expectProblem(await api.post(scores, body, withKey("k")), "not_found");
    expectProblem(await api.post(scores, { ...body, value: "5" }, withKey("k")), "validation_error");
    expectProblem(await api.post(runs, { metrics: ["coherence"] }, withKey("k")), "nothing_matches");
    await storeTrace(api, { trace_id: unknownId });
    // The request that failed takes effect now.
    const answer = await api.post(scores, body, withKey("k"));
    expect(answer.status).toBe(201);
    expectReplay(await api.post(scores, body, withKey("k")), answer);
  });
});

describe("concurrent requests with one key", () => {
  test.each([2, 12])("%i of them have one effect and one answer", async (twins) => {
    const api = server.project();
    const trace_id = await storeTrace(api);
    const body = { trace_id, name: "quality", value: "0.5" };
    const answers = await Promise.all(
      Array.from({ length: twins }, () => api.post(scores, body, withKey("twin"))),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(twins).fill(201));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    const replays = answers.filter(({ headers }) => headers.get("idempotency-replayed") === "true");
    expect(replays).toHaveLength(twins - 1);
    expect(await count(api, scores)).toBe(1);
  });

  test("create one run", async () => {
    const api = server.project();
    await storeTrace(api);
    const body = { metrics: ["coherence"] };
    const answers = await Promise.all(Array.from({ length: 6 }, () => api.post(runs, body, withKey("twin"))));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(await count(api, runs)).toBe(1);
  });

  test("with different bodies: one succeeds, the other is refused", async () => {
    const api = server.project();
    const answers = await Promise.all(
      ["a", "b"].map((name) => api.post("/traces", traceBody({ name }), withKey("twin"))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    expect(await count(api, "/traces")).toBe(1);
  });

  test("whose first request takes too long: the second gets Retry-After", { tags: ["slow"] }, async () => {
    const api = server.project();
    await storeTrace(api);
    const [{ id: project }] = (await database.run(
      "select id from projects where id in (select project_id from traces) order by created_at desc limit 1",
    )) as [{ id: string }];
    // A first request that holds the key and does not end.
    const first = await database.hold(
      "insert into idempotency_keys (project_id, key, request_hash) values ($1, 'slow', '\\x00')",
      [project],
    );
    const answer = await api.post("/traces", traceBody(), withKey("slow"));
    expectProblem(answer, "idempotency_in_progress");
    await first.rollback();
    expect((await api.post("/traces", traceBody(), withKey("slow"))).status).toBe(202);
  });
});
