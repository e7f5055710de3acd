import type { BatchCreateResponse, TraceListItem, TracePage } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { readTrace, spanBody, storeTrace, storeTraces, traceBody } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createScore, unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const database = databaseBehind(server);
const json = { "content-type": "application/json" };
const numbered = (n: number) => `00000000-0000-0000-0000-${String(n).padStart(12, "0")}`;

async function storeBatch(api: ApiClient, traces: unknown[], headers = {}): Promise<BatchCreateResponse> {
  const answer = await api.post<BatchCreateResponse>("/traces/batch", { traces }, headers);
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  return answer.body;
}

async function allTraces(api: ApiClient): Promise<TraceListItem[]> {
  return (await api.get<TracePage>("/traces?limit=200")).body.items;
}

describe("POST /traces/batch", () => {
  test("stores each trace like POST /traces", async () => {
    const api = server.project();
    const sent = [
      traceBody({ name: "plain" }),
      traceBody({ name: "with a span", spans: [spanBody({ token_usage: { total_tokens: 7 } })] }),
      traceBody({
        name: "with all",
        status: "ERROR",
        tags: ["a", "a"],
        session_id: "s",
        input: { a: [null] },
      }),
    ];
    const { items, accepted, rejected } = await storeBatch(api, sent);
    expect({ accepted, rejected }).toEqual({ accepted: 3, rejected: 0 });
    expect(items.map(({ index }) => index)).toEqual([0, 1, 2]);
    for (const [index, { trace_id, status, error }] of items.entries()) {
      expect({ status, error }).toEqual({ status: "accepted", error: null });
      const { trace_id: _, spans, ...stored } = await readTrace(api, trace_id ?? "");
      const alone = await readTrace(api, await storeTrace(api, sent[index]));
      expect({ ...stored, spans: spans.length }).toEqual({
        ...stored,
        ...dropIds(alone),
        spans: alone.spans.length,
      });
    }
  });

  test("rejects invalid traces with a reason each, and stores the rest", async () => {
    const api = server.project();
    const traces = [
      traceBody({ name: "good" }),
      traceBody({ trace_id: unknownId.toUpperCase(), name: "" }),
      null,
      7,
      { trace_id: "x" },
      traceBody({ spans: [spanBody({ kind: "llm" })] }),
      traceBody({ name: "good too" }),
    ];
    const { items, accepted, rejected } = await storeBatch(api, traces);
    expect({ accepted, rejected }).toEqual({ accepted: 2, rejected: 5 });
    expect(items.map(({ status }) => status === "accepted")).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
    expect(items[1]).toEqual({
      index: 1,
      trace_id: unknownId,
      status: "rejected",
      error: {
        code: "validation_error",
        detail: "body.traces.1.name must have 1 to 512 characters.",
        errors: [
          { loc: ["body", "traces", 1, "name"], msg: "must have 1 to 512 characters", type: "custom" },
        ],
      },
    });
    expect(items[4]).toMatchObject({ trace_id: null });
    expect(items[5]?.error?.errors).toMatchObject([{ loc: ["body", "traces", 5, "spans", 0, "kind"] }]);
    expect((await allTraces(api)).map(({ name }) => name).sort()).toEqual(["good", "good too"]);
  });

  test("may reject all", async () => {
    const api = server.project();
    expect(await storeBatch(api, [{}])).toMatchObject({ accepted: 0, rejected: 1 });
    expect(await allTraces(api)).toEqual([]);
  });

  test.each([{}, { traces: [] }, { traces: {} }, { traces: null }, []])("refuses %j", async (body) => {
    expectProblem(await server.project().post("/traces/batch", body), "validation_error");
  });

  test("accepts at most 100", async () => {
    const api = server.project();
    const traces = Array.from({ length: 101 }, (_, n) => traceBody({ name: `${n}` }));
    expectProblem(await api.post("/traces/batch", { traces }), "validation_error", {
      loc: ["body", "traces"],
    });
    const tooMany = `{"traces":[${"{},".repeat(100_000)}0]}`;
    expectProblem(await api.sendRaw("POST", "/traces/batch", tooMany, json), "validation_error", {
      detail: /at most 100 items/,
    });
    expect(await storeBatch(api, traces.slice(1))).toMatchObject({ accepted: 100 });
    expect(await allTraces(api)).toHaveLength(100);
  });

  test("accepts more spans than fit into one statement", async () => {
    const api = server.project();
    const traces = Array.from({ length: 8 }, (_, n) =>
      traceBody({
        trace_id: numbered(n),
        spans: Array.from({ length: 500 }, (_, m) => spanBody({ name: `${m}`, span_id: numbered(m) })),
      }),
    );
    await storeBatch(api, traces);
    await storeBatch(api, traces);
    const { spans } = await readTrace(api, numbered(7));
    expect(spans.map(({ name }) => name)).toEqual(Array.from({ length: 500 }, (_, m) => `${m}`));
  });

  test("merges traces of one id in their order", async () => {
    const api = server.project();
    const trace_id = unknownId;
    const { items, accepted } = await storeBatch(api, [
      traceBody({
        trace_id,
        name: "first",
        status: "RUNNING",
        input: "kept",
        spans: [spanBody({ span_id: numbered(1), input: "kept" })],
      }),
      traceBody({ trace_id: numbered(2) }),
      traceBody({
        trace_id,
        name: "second",
        output: "new",
        spans: [spanBody({ span_id: numbered(1), output: "new" })],
      }),
    ]);
    expect(accepted).toBe(3);
    expect(items.map((item) => item.trace_id)).toEqual([trace_id, numbered(2), trace_id]);
    expect(await readTrace(api, trace_id)).toMatchObject({
      name: "second",
      status: "RUNNING",
      input: "kept",
      output: "new",
      spans: [{ input: "kept", output: "new" }],
    });
  });

  test("changes only the sent fields of each existing trace", async () => {
    const api = server.project();
    const ids = [numbered(1), numbered(2), numbered(3)];
    await storeTraces(
      api,
      ids.map((trace_id) => ({ trace_id, input: "old", output: "old", tags: ["old"], status: "ERROR" })),
    );
    await storeBatch(api, [
      traceBody({ trace_id: ids[0], input: "new" }),
      traceBody({ trace_id: ids[1], output: null, status: "RUNNING" }),
      traceBody({ trace_id: ids[2] }),
      traceBody({ trace_id: numbered(4), output: "fresh" }),
    ]);
    expect(await readTrace(api, numbered(1))).toMatchObject({
      input: "new",
      output: "old",
      tags: ["old"],
      status: "ERROR",
    });
    expect(await readTrace(api, numbered(2))).toMatchObject({
      input: "old",
      output: null,
      tags: ["old"],
      status: "RUNNING",
    });
    expect(await readTrace(api, numbered(3))).toMatchObject({
      input: "old",
      output: "old",
      tags: ["old"],
      status: "ERROR",
    });
    expect(await readTrace(api, numbered(4))).toMatchObject({
      input: null,
      output: "fresh",
      tags: [],
      status: "COMPLETED",
    });
  });

  test("has one effect per idempotency key", async () => {
    const api = server.project();
    const first = await storeBatch(api, [traceBody(), {}], { "idempotency-key": "k" });
    expect(await storeBatch(api, [traceBody(), {}], { "idempotency-key": "k" })).toEqual(first);
    expect(await allTraces(api)).toHaveLength(1);
  });

  test("stores hostile values like other routes", async () => {
    const api = server.project();
    const text = `{"traces":[{"name":"a\\u0000","started_at":"2026-03-01","__proto__":{"status":"ERROR"},"metadata":{"__proto__":1},
      "spans":[{"name":"s","started_at":"2026-03-01","cost":{"total":1e300},"token_usage":{"input_tokens":1e300}}]},
      {"name":"b","started_at":"2026-03-01","spans":[{"name":"s","started_at":"2026-03-01","cost":{"total":1e400}}]},
      {"__proto__":{"name":"c","started_at":"2026-03-01"}}]}`;
    const { body } = await api.sendRaw<BatchCreateResponse>("POST", "/traces/batch", text, json);
    expect(body).toMatchObject({ accepted: 1, rejected: 2 });
    const trace = await readTrace(api, body.items[0]?.trace_id ?? "");
    expect(trace).toMatchObject({
      name: "a\ufffd",
      status: "COMPLETED",
      total_tokens: Number.MAX_SAFE_INTEGER,
    });
    expect(JSON.stringify(trace.metadata)).toBe('{"__proto__":1}');
  });

  test("in concurrent requests, with the same ids in different orders, loses nothing and does not deadlock", async () => {
    const api = server.project();
    const ids = Array.from({ length: 30 }, (_, n) => numbered(n));
    await storeTraces(
      api,
      ids.slice(0, 10).map((trace_id) => ({ trace_id })),
    );
    const writers = Array.from({ length: 10 }, (_, n) => {
      const shuffled = ids.map((id) => ({ id, key: Math.random() })).sort((a, b) => a.key - b.key);
      return storeBatch(
        api,
        shuffled.map(({ id }) => traceBody({ trace_id: id, spans: [spanBody({ name: `${n}` })] })),
      );
    });
    const taggers = Array.from({ length: 5 }, (_, n) =>
      api.post("/traces/batch/tags", { trace_ids: ids.toReversed().slice(20), add_tags: [`tag ${n}`] }),
    );
    const answers = await Promise.all([...writers, ...taggers]);
    expect(answers).toHaveLength(15);
    for (const tagged of await Promise.all(taggers)) expect(tagged.status).toBe(200);
    for (const id of ids) {
      const { spans, tags } = await readTrace(api, id);
      expect(spans.map(({ name }) => Number(name)).sort((a, b) => a - b)).toEqual([
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
      ]);
      if (ids.indexOf(id) < 10) expect(tags.toSorted()).toEqual([0, 1, 2, 3, 4].map((n) => `tag ${n}`));
    }
  });
});

describe("POST /traces/batch/delete", () => {
  test("deletes the existing traces with their spans and scores, and counts them", async () => {
    const api = server.project();
    const [a = "", b = "", kept = ""] = await storeTraces(api, [
      { spans: [spanBody()] },
      {},
      { spans: [spanBody()] },
    ]);
    for (const id of [a, kept]) await createScore(api, id);
    const answer = await api.post("/traces/batch/delete", { trace_ids: [a, b, a.toUpperCase(), unknownId] });
    expect(answer).toMatchObject({ status: 200, body: { deleted: 2 } });
    expect((await allTraces(api)).map(({ trace_id }) => trace_id)).toEqual([kept]);
    expect((await api.get("/evaluations/trace-scores")).body).toMatchObject({ total: 1 });
    expect(await database.run("select 1 from spans where trace_id in ($1, $2)", [a, kept])).toHaveLength(1);
    expect((await api.post("/traces/batch/delete", { trace_ids: [a] })).body).toEqual({ deleted: 0 });
  });

  test("accepts 1 to 500 ids", async () => {
    const api = server.project();
    const ids = Array.from({ length: 501 }, (_, n) => numbered(n));
    for (const trace_ids of [[], ids, ["1"], "x", undefined])
      expectProblem(await api.post("/traces/batch/delete", { trace_ids }), "validation_error");
    expect((await api.post("/traces/batch/delete", { trace_ids: ids.slice(1) })).status).toBe(200);
  });

  test("replays its answer for its idempotency key", async () => {
    const api = server.project();
    const body = { trace_ids: [await storeTrace(api)] };
    const key = { "idempotency-key": "k" };
    for (const _ of [1, 2])
      expect((await api.post("/traces/batch/delete", body, key)).body).toEqual({ deleted: 1 });
  });

  test("in concurrent requests, in different orders, deletes each once", async () => {
    const api = server.project();
    const ids = await storeTraces(
      api,
      Array.from({ length: 20 }, () => ({ spans: [spanBody()] })),
    );
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        api.post<{ deleted: number }>("/traces/batch/delete", {
          trace_ids: n % 2 === 0 ? ids : ids.toReversed(),
        }),
      ),
    );
    expect(answers.reduce((sum, { body }) => sum + body.deleted, 0)).toBe(20);
  });
});

describe("POST /traces/batch/tags", () => {
  const tag = async (api: ApiClient, body: object, headers = {}) => {
    const answer = await api.post<{ updated: number }>("/traces/batch/tags", body, headers);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body.updated;
  };

  test.each([
    [["a", "b"], { add_tags: ["c", "a", "c"] }, ["a", "b", "c"]],
    [["a", "b", "c"], { remove_tags: ["b", "x"] }, ["a", "c"]],
    [["a"], { add_tags: ["b"], remove_tags: ["a"] }, ["b"]],
    [["b", "a"], { add_tags: ["c", "b"], remove_tags: ["b", "c", "a"] }, ["b", "c"]],
    [["b", "a", "b"], { remove_tags: ["x"] }, ["b", "a"]],
    [[], { add_tags: ["z", "", "a,b", "{}", "NULL"] }, ["z", "", "a,b", "{}", "NULL"]],
    [["a"], { remove_tags: ["a"] }, []],
  ])("turns %j with %j into %j", async (tags, change, expected) => {
    const api = server.project();
    const id = await storeTrace(api, { tags });
    expect(await tag(api, { trace_ids: [id], ...change })).toBe(1);
    expect((await readTrace(api, id)).tags).toEqual(expected);
  });

  test.each([{}, { add_tags: [] }, { add_tags: [], remove_tags: [] }])(
    "with %j updates nothing",
    async (none) => {
      const api = server.project();
      const id = await storeTrace(api, { tags: ["b", "a", "b"] });
      const before = await readTrace(api, id);
      expect(await tag(api, { trace_ids: [id], ...none })).toBe(0);
      expect(await readTrace(api, id)).toEqual(before);
    },
  );

  test("counts the existing traces, and touches only those that change", async () => {
    const api = server.project();
    const [a = "", b = ""] = await storeTraces(api, [{ tags: ["a"] }, {}]);
    await database.run("update traces set updated_at = '2020-01-01' where trace_id in ($1, $2)", [a, b]);
    expect(await tag(api, { trace_ids: [a, b, b, unknownId], add_tags: ["a"] })).toBe(2);
    expect(
      await database.run(
        "select trace_id from traces where trace_id in ($1, $2) and updated_at > '2021-01-01'",
        [a, b],
      ),
    ).toEqual([{ trace_id: b }]);
  });

  test.each([
    { trace_ids: [] },
    { trace_ids: ["1"] },
    { add_tags: ["a"] },
    { trace_ids: [unknownId], add_tags: "a" },
    { trace_ids: [unknownId], add_tags: [1] },
    { trace_ids: [unknownId], add_tags: ["x".repeat(256)] },
    { trace_ids: [unknownId], add_tags: Array.from({ length: 101 }, (_, n) => `${n}`) },
    { trace_ids: [unknownId], remove_tags: [null] },
    { trace_ids: Array.from({ length: 501 }, (_, n) => numbered(n)), add_tags: ["a"] },
  ])("refuses invalid bodies (%#)", async (body) => {
    expectProblem(await server.project().post("/traces/batch/tags", body), "validation_error");
  });

  test("in concurrent requests all take effect", async () => {
    const api = server.project();
    const ids = await storeTraces(
      api,
      Array.from({ length: 5 }, () => ({ tags: ["old"] })),
    );
    await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        tag(api, {
          trace_ids: n % 2 === 0 ? ids : ids.toReversed(),
          add_tags: [`${n}`],
          remove_tags: ["old"],
        }),
      ),
    );
    for (const id of ids)
      expect((await readTrace(api, id)).tags.map(Number).sort((a, b) => a - b)).toEqual([
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
      ]);
  });

  test("stores U+0000 as U+FFFD, and has one effect per idempotency key", async () => {
    const api = server.project();
    const id = await storeTrace(api);
    const key = { "idempotency-key": "k" };
    await tag(api, { trace_ids: [id], add_tags: ["a\0"] }, key);
    await tag(api, { trace_ids: [id], remove_tags: ["a\0"] });
    await tag(api, { trace_ids: [id], add_tags: ["a\0"] }, key);
    expect((await readTrace(api, id)).tags).toEqual([]);
  });
});

function dropIds(trace: object): object {
  return Object.fromEntries(
    Object.entries(trace).filter(([name]) => name !== "trace_id" && name !== "spans"),
  );
}
