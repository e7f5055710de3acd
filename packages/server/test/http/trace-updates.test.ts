import type { SpanResponse, TraceResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { readTrace, spanBody, storeTrace } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const database = databaseBehind(server);
const spanId = "00000000-0000-0000-0000-000000000001";

const fullSpan = spanBody({
  span_id: spanId,
  parent_span_id: unknownId,
  kind: "LLM",
  status: "ERROR",
  input: "in",
  output: { text: "out" },
  model: "gpt-5.4",
  token_usage: { prompt_tokens: 100, completion_tokens: 20 },
  metadata: { attempt: 1 },
  ended_at: "2026-03-01T09:00:02Z",
  error: "timeout",
  completion_start_time: "2026-03-01T09:00:01.500Z",
  model_parameters: { temperature: 0 },
  cost: { total: 0.75 },
});

const fullTrace = {
  status: "ERROR",
  input: { question: "?" },
  output: ["!"],
  metadata: { plan: "b" },
  ended_at: "2026-03-01T09:00:02.500Z",
  session_id: "session-1",
  user_id: "user-1",
  tags: ["a", "b"],
  environment: "production",
  release: "v1",
  spans: [fullSpan],
};

/** The time of the last write to a trace's row. */
async function updatedAt(traceId: string): Promise<string> {
  const [row] = await database.run("select updated_at::text from traces where trace_id = $1", [traceId]);
  return (row as { updated_at: string }).updated_at;
}

/** Expects that `change` writes the trace's row, so that monitors see that the trace has changed. */
async function expectTouched(traceId: string, change: () => Promise<unknown>, isTouched = true) {
  await database.run("update traces set updated_at = '2020-01-01' where trace_id = $1", [traceId]);
  const before = await updatedAt(traceId);
  await change();
  expect((await updatedAt(traceId)) !== before).toBe(isTouched);
}

const patchTrace = async (api: ApiClient, id: string, body: unknown) => {
  const answer = await api.patch<TraceResponse>(`/traces/${id}`, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};
const patchSpan = async (api: ApiClient, id: string, body: unknown) => {
  const answer = await api.patch<SpanResponse>(`/traces/${id}/spans/${spanId}`, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};

describe("PATCH /traces/{trace_id}", () => {
  test.each([
    ["name", "renamed"],
    ["name", ""],
    ["status", "RUNNING"],
    ["input", 0],
    ["input", null],
    ["output", null],
    ["metadata", { ...fullTrace.metadata, plan: "c" }],
    ["ended_at", null],
    ["ended_at", "2026-03-02T00:00:00.000Z"],
    ["session_id", null],
    ["user_id", "user-2"],
    ["user_id", null],
    ["tags", []],
    ["tags", ["c", "a"]],
    ["environment", null],
    ["release", null],
  ])("changes only the %s, to %j", async (field, value) => {
    const api = server.project();
    const id = await storeTrace(api, fullTrace);
    const before = await readTrace(api, id);
    await expectTouched(id, async () => {
      expect(await patchTrace(api, id, { [field]: value })).toEqual({ ...before, [field]: value });
    });
    expect(await readTrace(api, id)).toEqual({ ...before, [field]: value });
  });

  test.each([
    {},
    { color: "red", trace_id: unknownId, started_at: "1999-01-01", spans: [] },
    { name: null, status: null, metadata: null, tags: null },
  ])("changes nothing for %j, and returns the trace", async (body) => {
    const api = server.project();
    const id = await storeTrace(api, fullTrace);
    const before = await readTrace(api, id);
    await expectTouched(id, async () => expect(await patchTrace(api, id, body)).toEqual(before), false);
    expect(await readTrace(api, id)).toEqual(before);
  });

  test.each([
    [{ name: "x".repeat(513) }, ["body", "name"]],
    [{ status: "DONE" }, ["body", "status"]],
    [{ metadata: [] }, ["body", "metadata"]],
    [{ tags: "a" }, ["body", "tags"]],
    [{ tags: [1] }, ["body", "tags", 0]],
    [{ ended_at: "soon" }, ["body", "ended_at"]],
    [{ session_id: "x".repeat(256) }, ["body", "session_id"]],
    [[], ["body"]],
  ])("refuses %j, and changes nothing", async (body, loc) => {
    const api = server.project();
    const id = await storeTrace(api, fullTrace);
    const before = await readTrace(api, id);
    expectProblem(await api.patch(`/traces/${id}`, body), "validation_error", { loc });
    expect(await readTrace(api, id)).toEqual(before);
  });

  test("answers 404 for unknown ids", async () => {
    const api = server.project();
    await storeTrace(api);
    expectProblem(await api.patch(`/traces/${unknownId}`, { name: "x" }), "not_found");
    expectProblem(await api.patch(`/traces/${unknownId}`, {}), "not_found");
    expectProblem(await server.project().patch(`/traces/${unknownId}`, { name: "x" }), "not_found");
    expectProblem(await api.patch("/traces/batch", { name: "x" }), "validation_error");
  });

  test("of different fields concurrently all survive", async () => {
    const api = server.project();
    const id = await storeTrace(api);
    const changes = { name: "n", input: "i", output: "o", user_id: "u", session_id: "s", release: "r" };
    await Promise.all(
      Object.entries(changes).map(([field, value]) => patchTrace(api, id, { [field]: value })),
    );
    expect(await readTrace(api, id)).toMatchObject(changes);
  });

  test("stores hostile values like other routes", async () => {
    const api = server.project();
    const id = await storeTrace(api);
    const text =
      '{"name":"a\\u0000","tags":["\\ud800"],"input":{"__proto__":{"status":1}},"__proto__":{"name":"x"}}';
    const answer = await api.sendRaw<TraceResponse>("PATCH", `/traces/${id}`, text, {
      "content-type": "application/json",
    });
    expect(answer.body).toMatchObject({ name: "a\ufffd", tags: ["\ufffd"], status: "COMPLETED" });
    expect(JSON.stringify(answer.body.input)).toBe('{"__proto__":{"status":1}}');
    const deep = `{"input":${"[".repeat(600)}${"]".repeat(600)}}`;
    expectProblem(
      await api.sendRaw("PATCH", `/traces/${id}`, deep, { "content-type": "application/json" }),
      "validation_error",
    );
  });
});

describe("PATCH /traces/{trace_id}/spans/{span_id}", () => {
  test.each([
    ["name", "renamed"],
    ["kind", "TOOL"],
    ["status", "OK"],
    ["input", null],
    ["output", [1]],
    ["model", null],
    ["model", "other"],
    ["metadata", { attempt: 2 }],
    ["error", null],
    ["model_parameters", null],
    ["model_parameters", { top_p: 1 }],
  ])("changes only the %s, to %j", async (field, value) => {
    const api = server.project();
    const id = await storeTrace(api, fullTrace);
    const before = await readTrace(api, id);
    const changed = { ...before.spans[0], [field]: value };
    await expectTouched(id, async () =>
      expect(await patchSpan(api, id, { [field]: value })).toEqual(changed),
    );
    expect(await readTrace(api, id)).toEqual({ ...before, spans: [changed] });
  });

  test("returns latencies computed from the changed times", async () => {
    const api = server.project();
    const id = await storeTrace(api, fullTrace);
    expect(await patchSpan(api, id, { ended_at: "2026-03-01T09:00:03Z" })).toMatchObject({
      latency_ms: 2000,
    });
    expect(await patchSpan(api, id, { ended_at: null, completion_start_time: null })).toMatchObject({
      latency_ms: null,
      time_to_first_token_ms: null,
    });
  });

  test("recounts tokens and costs", async () => {
    const api = server.project();
    const id = await storeTrace(api, fullTrace);
    await patchSpan(api, id, { token_usage: { input_tokens: 1, output_tokens: 2 } });
    expect(await readTrace(api, id)).toMatchObject({ total_tokens: 3, total_cost: 0.75 });
    await patchSpan(api, id, { cost: { input: 1, output: 2 } });
    expect(await readTrace(api, id)).toMatchObject({ total_tokens: 3, total_cost: 3 });
    await patchSpan(api, id, { name: "x" });
    expect(await readTrace(api, id)).toMatchObject({ total_tokens: 3, total_cost: 3 });
    await patchSpan(api, id, { token_usage: null, cost: null });
    expect(await readTrace(api, id)).toMatchObject({ total_tokens: 0, total_cost: 0 });
  });

  test.each([
    {},
    { span_id: unknownId, started_at: "1999-01-01" },
    { name: null, kind: null, status: null, metadata: null },
  ])("changes nothing for %j, and returns the span", async (body) => {
    const api = server.project();
    const id = await storeTrace(api, fullTrace);
    const { spans } = await readTrace(api, id);
    await expectTouched(id, async () => expect(await patchSpan(api, id, body)).toEqual(spans[0]), false);
  });

  test.each([
    [{ kind: "llm" }, ["body", "kind"]],
    [{ status: "DONE" }, ["body", "status"]],
    [{ token_usage: 1 }, ["body", "token_usage"]],
    [{ cost: { total: "free" } }, ["body", "cost"]],
    [{ model: "x".repeat(256) }, ["body", "model"]],
  ])("refuses %j", async (body, loc) => {
    const api = server.project();
    const id = await storeTrace(api, fullTrace);
    expectProblem(await api.patch(`/traces/${id}/spans/${spanId}`, body), "validation_error", { loc });
  });

  test("answers 404 for unknown ids", async () => {
    const api = server.project();
    const [id, other] = [await storeTrace(api, fullTrace), await storeTrace(api)];
    for (const path of [
      `${unknownId}/spans/${spanId}`,
      `${id}/spans/${unknownId}`,
      `${other}/spans/${spanId}`,
    ])
      for (const body of [{}, { name: "x" }])
        expectProblem(await api.patch(`/traces/${path}`, body), "not_found");
    expectProblem(await api.patch(`/traces/${id}/spans/1`, {}), "validation_error");
  });

  test("of different fields concurrently all survive", async () => {
    const api = server.project();
    const id = await storeTrace(api, { spans: [spanBody({ span_id: spanId })] });
    const changes = { name: "n", input: "i", output: "o", error: "e", model: "m", cost: { total: 1 } };
    await Promise.all(
      Object.entries(changes).map(([field, value]) => patchSpan(api, id, { [field]: value })),
    );
    expect((await readTrace(api, id)).spans).toMatchObject([changes]);
  });
});

describe("POST /traces/{trace_id}/spans", () => {
  const post = (api: ApiClient, id: string, body: unknown, headers = {}) =>
    api.post<{ span_ids: string[] }>(`/traces/${id}/spans`, body, headers);

  test("adds new spans, merges existing ones, and returns their ids in order", async () => {
    const api = server.project();
    const id = await storeTrace(api, fullTrace);
    const before = await readTrace(api, id);
    const sent = [
      spanBody({ name: "new" }),
      spanBody({ span_id: spanId.toUpperCase(), name: "first", output: null }),
      spanBody({ span_id: spanId, name: "second" }),
    ];
    await expectTouched(id, async () => {
      const { status, body } = await post(api, id, sent);
      expect(status).toBe(201);
      expect(body).toEqual({ span_ids: [expect.stringMatching(/^[\da-f-]{36}$/), spanId, spanId] });
    });
    const { spans, total_tokens } = await readTrace(api, id);
    expect(spans).toHaveLength(2);
    expect(spans).toContainEqual({ ...before.spans[0], name: "second", output: null });
    expect(total_tokens).toBe(120);
  });

  test("accepts 1 to 500, all or none", async () => {
    const api = server.project();
    const id = await storeTrace(api);
    const many = Array.from({ length: 501 }, (_, n) => spanBody({ name: `${n}` }));
    expectProblem(await post(api, id, many), "validation_error", { loc: ["body"] });
    expectProblem(await post(api, id, []), "validation_error", { loc: ["body"] });
    expectProblem(await post(api, id, { spans: [] }), "validation_error", { loc: ["body"] });
    expectProblem(await post(api, id, [spanBody(), { name: "no start" }]), "validation_error", {
      loc: ["body", 1, "started_at"],
    });
    expect((await readTrace(api, id)).spans).toEqual([]);
    expect((await post(api, id, many.slice(1))).body.span_ids).toHaveLength(500);
    expect((await readTrace(api, id)).spans.map(({ name }) => name)).toEqual(
      many.slice(1).map((span) => span["name"]),
    );
  });

  test("stops early at a body of very many invalid spans", async () => {
    const api = server.project();
    const id = await storeTrace(api);
    const text = `[${"0,".repeat(150_000)}0]`;
    const answer = await api.sendRaw("POST", `/traces/${id}/spans`, text, {
      "content-type": "application/json",
    });
    expectProblem(answer, "validation_error", { loc: ["body"], detail: /at most 500 items/ });
  });

  test("requires a trace", async () => {
    const api = server.project();
    expectProblem(await post(api, unknownId, [spanBody()]), "not_found");
    expectProblem(await post(api, "1", [spanBody()]), "validation_error");
  });

  test("has one effect per idempotency key", async () => {
    const api = server.project();
    const id = await storeTrace(api);
    const first = await post(api, id, [spanBody()], { "idempotency-key": "k" });
    const second = await post(api, id, [spanBody()], { "idempotency-key": "k" });
    expect(second.body).toEqual(first.body);
    expect(second.headers.get("idempotency-replayed")).toBe("true");
    expect((await readTrace(api, id)).spans).toHaveLength(1);
  });

  test("concurrently with traces and patches loses nothing", async () => {
    const api = server.project();
    const id = await storeTrace(api, { spans: [spanBody({ span_id: spanId })] });
    await Promise.all([
      ...Array.from({ length: 8 }, (_, n) =>
        post(api, id, [spanBody({ name: `${n}` }), spanBody({ span_id: spanId, metadata: { n } })]),
      ),
      ...Array.from({ length: 4 }, () => storeTrace(api, { trace_id: id, spans: [spanBody(), spanBody()] })),
      patchSpan(api, id, { error: "patched" }),
      patchTrace(api, id, { output: "patched" }),
    ]);
    const trace = await readTrace(api, id);
    expect(trace.spans).toHaveLength(17);
    expect(trace.spans.find(({ span_id }) => span_id === spanId)).toMatchObject({ error: "patched" });
    expect(trace.output).toBe("patched");
  });
});
