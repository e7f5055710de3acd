import type { SpanResponse, TraceResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import { readTrace, spanBody, storeTrace, traceBody } from "../support/traces.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createScore, unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const span = (n: number) => `00000000-0000-0000-0000-${String(n).padStart(12, "0")}`;

/** A trace with a value in every field. */
const fullTrace = {
  name: "book a table",
  status: "ERROR",
  input: { messages: [{ role: "user", content: "A table for two, please." }] },
  output: ["sorry", null, 1.5, false],
  metadata: { plan: "b", deep: { er: [1, { x: null }] } },
  started_at: "2026-03-01T09:00:00.000Z",
  ended_at: "2026-03-01T09:00:02.500Z",
  session_id: "session-1",
  user_id: "user-1",
  tags: ["production", "a,b", ""],
  environment: "production",
  release: "v1.2.3",
};

const fullSpan = {
  span_id: span(1),
  parent_span_id: span(9),
  name: "call the model",
  kind: "LLM",
  status: "ERROR",
  input: "A table for two, please.",
  output: { text: "" },
  model: "gpt-5.4",
  token_usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 999, cached: { read: 7 } },
  metadata: { attempt: 1 },
  started_at: "2026-03-01T09:00:00.100Z",
  ended_at: "2026-03-01T09:00:01.350Z",
  error: "timeout",
  completion_start_time: "2026-03-01T09:00:00.350Z",
  model_parameters: { temperature: 0, tools: [{ name: "book" }] },
  cost: { input: 0.25, output: 0.5, total: 0.75 },
};

describe("POST /traces", () => {
  test("returns the trace's id and a task id", async () => {
    const { status, body } = await server.project().post("/traces", traceBody({ trace_id: unknownId }));
    expect(status).toBe(202);
    expect(body).toEqual({ trace_id: unknownId, task_id: expect.stringMatching(/./) });
  });

  test("creates an id if none is sent", async () => {
    const api = server.project();
    expect(await storeTrace(api)).not.toBe(await storeTrace(api));
  });

  test("stores every field as it was sent", async () => {
    const api = server.project();
    const id = await storeTrace(api, { ...fullTrace, spans: [fullSpan] });
    const { project_id, ...stored } = await readTrace(api, id);
    expect(stored).toEqual({
      ...fullTrace,
      trace_id: id,
      total_tokens: 120,
      total_cost: 0.75,
      unpriced_spans: 0,
      spans: [{ ...fullSpan, trace_id: id, latency_ms: 1250, time_to_first_token_ms: 250 }],
    });
    expect(project_id).toMatch(/^[\da-f-]{36}$/);
  });

  test("fills in defaults", async () => {
    const api = server.project();
    const id = await storeTrace(api, { spans: [spanBody({ span_id: span(1) })] });
    expect(await readTrace(api, id)).toMatchObject({
      status: "COMPLETED",
      input: null,
      output: null,
      metadata: {},
      ended_at: null,
      session_id: null,
      user_id: null,
      tags: [],
      environment: null,
      release: null,
      total_tokens: 0,
      total_cost: 0,
      unpriced_spans: 0,
      spans: [
        {
          parent_span_id: null,
          kind: "OTHER",
          status: "UNSET",
          input: null,
          output: null,
          model: null,
          token_usage: null,
          metadata: {},
          ended_at: null,
          error: null,
          completion_start_time: null,
          model_parameters: null,
          cost: null,
          latency_ms: null,
          time_to_first_token_ms: null,
        },
      ],
    });
  });

  test("accepts null for nullable fields", async () => {
    const api = server.project();
    const nullable = ["input", "output", "ended_at", "session_id", "user_id", "environment", "release"];
    const ofSpan = ["parent_span_id", "input", "output", "model", "token_usage", "ended_at", "error"];
    const more = ["completion_start_time", "model_parameters", "cost"];
    const nulls = (names: string[]) => Object.fromEntries(names.map((name) => [name, null]));
    await storeTrace(api, { ...nulls(nullable), spans: [spanBody(nulls([...ofSpan, ...more]))] });
    for (const name of ["name", "status", "metadata", "started_at", "tags", "spans", "trace_id"])
      expectProblem(await api.post("/traces", traceBody({ [name]: null })), "validation_error", {
        loc: ["body", name],
      });
  });

  test.each([
    ["input", false],
    ["input", 0],
    ["input", ""],
    ["output", []],
    ["output", {}],
    ["output", "null"],
    ["input", 0.1 + 0.2],
    ["output", "  spaces\tand\nlines\u2028 "],
  ])("keeps the %s %j", async (field, value) => {
    const api = server.project();
    expect(await readTrace(api, await storeTrace(api, { [field]: value }))).toHaveProperty(field, value);
  });

  test("accepts ids and dates in every valid form", async () => {
    const api = server.project();
    const trace_id = crypto.randomUUID();
    await storeTrace(api, {
      trace_id: trace_id.toUpperCase(),
      started_at: "2026-03-01t10:00:00.1239+01:00",
      ended_at: "2026-03-02",
    });
    expect(await readTrace(api, trace_id.toUpperCase())).toMatchObject({
      trace_id,
      started_at: "2026-03-01T09:00:00.123Z",
      ended_at: "2026-03-02T00:00:00.000Z",
    });
  });

  test("keeps the first and the last valid year", async () => {
    const api = server.project();
    const times = { started_at: "0001-01-01T00:00:00.000Z", ended_at: "9999-12-31T23:59:59.999Z" };
    expect(await readTrace(api, await storeTrace(api, times))).toMatchObject(times);
  });

  test.each([
    [{ name: "" }, ["body", "name"]],
    [{ name: "x".repeat(513) }, ["body", "name"]],
    [{ name: 1 }, ["body", "name"]],
    [{ status: "DONE" }, ["body", "status"]],
    [{ status: "completed" }, ["body", "status"]],
    [{ trace_id: "1" }, ["body", "trace_id"]],
    [{ started_at: 1_772_357_400_123_456 }, ["body", "started_at"]],
    [{ started_at: "2026-02-30" }, ["body", "started_at"]],
    [{ ended_at: "10000-01-01" }, ["body", "ended_at"]],
    [{ metadata: [] }, ["body", "metadata"]],
    [{ metadata: "x" }, ["body", "metadata"]],
    [{ tags: "production" }, ["body", "tags"]],
    [{ tags: [1] }, ["body", "tags", 0]],
    [{ session_id: "x".repeat(256) }, ["body", "session_id"]],
    [{ user_id: "x".repeat(256) }, ["body", "user_id"]],
    [{ environment: "x".repeat(256) }, ["body", "environment"]],
    [{ release: "x".repeat(256) }, ["body", "release"]],
    [{ spans: {} }, ["body", "spans"]],
    [{ spans: [null] }, ["body", "spans", 0]],
    [{ spans: [spanBody({ name: "" })] }, ["body", "spans", 0, "name"]],
    [{ spans: [spanBody({ kind: "llm" })] }, ["body", "spans", 0, "kind"]],
    [{ spans: [spanBody({ status: "FAILED" })] }, ["body", "spans", 0, "status"]],
    [{ spans: [spanBody({ span_id: "" })] }, ["body", "spans", 0, "span_id"]],
    [{ spans: [spanBody({ model: "x".repeat(256) })] }, ["body", "spans", 0, "model"]],
    [{ spans: [spanBody({ token_usage: 12 })] }, ["body", "spans", 0, "token_usage"]],
    [{ spans: [spanBody({ model_parameters: [] })] }, ["body", "spans", 0, "model_parameters"]],
    [{ spans: [spanBody({ cost: { total: "free" } })] }, ["body", "spans", 0, "cost"]],
    [{ spans: [spanBody({ metadata: null })] }, ["body", "spans", 0, "metadata"]],
    [{ spans: [{ name: "no start" }] }, ["body", "spans", 0, "started_at"]],
  ])("refuses %j", async (fields, loc) => {
    const api = server.project();
    expectProblem(await api.post("/traces", traceBody(fields)), "validation_error", { loc });
    expect((await api.get("/traces")).body).toMatchObject({ total: 0 });
  });

  test("measures lengths in characters, not bytes", async () => {
    const api = server.project();
    const fields = { name: "👍".repeat(512), session_id: "語".repeat(255), environment: "👍".repeat(255) };
    expect(await readTrace(api, await storeTrace(api, fields))).toMatchObject(fields);
    expectProblem(await api.post("/traces", traceBody({ name: "👍".repeat(513) })), "validation_error");
  });

  test("ignores unknown fields", async () => {
    const api = server.project();
    const id = await storeTrace(api, {
      color: "red",
      project_id: unknownId,
      spans: [spanBody({ color: 1 })],
    });
    expect((await readTrace(api, id)).spans).toHaveLength(1);
  });

  test("is visible to every request after its answer", async () => {
    const api = server.project();
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const id = await storeTrace(api, { name: `trace ${n}` });
        expect(await readTrace(api, id)).toMatchObject({ name: `trace ${n}` });
        const { body } = await api.get<{ total: number }>(`/traces?name=${encodeURIComponent(`trace ${n}`)}`);
        expect(body.total).toBeGreaterThan(0);
      }),
    );
  });

  test("accepts at most 500 spans", async () => {
    const api = server.project();
    const spans = Array.from({ length: 501 }, (_, n) =>
      spanBody({ name: `step ${n}`, token_usage: { total_tokens: 1 } }),
    );
    const id = await storeTrace(api, { spans: spans.slice(1) });
    const trace = await readTrace(api, id);
    expect(trace.spans).toHaveLength(500);
    expect(trace.total_tokens).toBe(500);
    expectProblem(await api.post("/traces", traceBody({ spans })), "validation_error", {
      loc: ["body", "spans"],
    });
  });
});

describe("a trace that is sent again", () => {
  test("changes only the sent fields; defaults apply to new traces only", async () => {
    const api = server.project();
    const trace_id = await storeTrace(api, { ...fullTrace, spans: [fullSpan] });
    const before = await readTrace(api, trace_id);
    await storeTrace(api, { trace_id, name: "renamed", started_at: "2026-03-01T08:00:00Z" });
    expect(await readTrace(api, trace_id)).toEqual({
      ...before,
      name: "renamed",
      started_at: "2026-03-01T08:00:00.000Z",
    });
  });

  test.each([
    ["status", "COMPLETED"],
    ["input", "other"],
    ["input", null],
    ["output", null],
    ["metadata", { ...fullTrace.metadata, plan: "c" }],
    ["ended_at", "2026-03-02T00:00:00.000Z"],
    ["session_id", "session-2"],
    ["user_id", "user-2"],
    ["tags", [...fullTrace.tags, "new"]],
    ["environment", "staging"],
    ["release", "v2"],
  ])("changes only its %s, to %j", async (field, value) => {
    const api = server.project();
    const trace_id = await storeTrace(api, fullTrace);
    const before = await readTrace(api, trace_id);
    await storeTrace(api, {
      trace_id,
      name: fullTrace.name,
      started_at: fullTrace.started_at,
      [field]: value,
    });
    expect(await readTrace(api, trace_id)).toEqual({ ...before, [field]: value });
  });

  test("keeps its spans, and adds new ones", async () => {
    const api = server.project();
    const trace_id = await storeTrace(api, { spans: [spanBody({ span_id: span(1), name: "first" })] });
    await storeTrace(api, { trace_id, spans: [] });
    await storeTrace(api, { trace_id, spans: [spanBody({ span_id: span(2), name: "second" })] });
    expect((await readTrace(api, trace_id)).spans.map(({ name }) => name)).toEqual(["first", "second"]);
  });

  test("merges spans by id: fields that are not sent stay", async () => {
    const api = server.project();
    const trace_id = await storeTrace(api, { spans: [fullSpan, spanBody({ span_id: span(2) })] });
    const before = await readTrace(api, trace_id);
    const sent = {
      span_id: span(1),
      name: "again",
      started_at: fullSpan.started_at,
      output: null,
      error: null,
    };
    await storeTrace(api, { trace_id, spans: [sent] });
    const changed = { name: "again", output: null, error: null };
    expect(await readTrace(api, trace_id)).toEqual({
      ...before,
      spans: before.spans.map((stored) => (stored.span_id === span(1) ? { ...stored, ...changed } : stored)),
    });
  });

  test("recounts tokens and costs", async () => {
    const api = server.project();
    const trace_id = await storeTrace(api, { spans: [fullSpan] });
    const usage = { prompt_tokens: 1, completion_tokens: 1 };
    await storeTrace(api, { trace_id, spans: [spanBody({ span_id: span(1), token_usage: usage })] });
    expect(await readTrace(api, trace_id)).toMatchObject({ total_tokens: 2, total_cost: 0.75 });
    await storeTrace(api, {
      trace_id,
      spans: [spanBody({ span_id: span(1), cost: null, token_usage: null })],
    });
    expect(await readTrace(api, trace_id)).toMatchObject({ total_tokens: 0, total_cost: 0 });
  });

  test("keeps its scores", async () => {
    const api = server.project();
    const trace_id = await storeTrace(api, { environment: "staging" });
    const score = await createScore(api, trace_id);
    await storeTrace(api, { trace_id, environment: "production" });
    expect((await api.get(`/evaluations/trace-scores/${trace_id}`)).body).toEqual([score]);
  });

  test("concurrently ends as one trace with all spans", async () => {
    const api = server.project();
    const trace_id = crypto.randomUUID();
    await Promise.all(
      Array.from({ length: 12 }, (_, n) => {
        const spans = [
          spanBody({ span_id: span(n), name: `${n}` }),
          spanBody({ span_id: span(99), name: "shared" }),
        ];
        return storeTrace(api, { trace_id, spans: n % 2 === 0 ? spans : spans.reverse() });
      }),
    );
    expect((await readTrace(api, trace_id)).spans).toHaveLength(13);
    expect((await api.get("/traces")).body).toMatchObject({ total: 1 });
  });
});

describe("spans", () => {
  const stored = async (spans: object[]): Promise<SpanResponse[]> => {
    const api = server.project();
    return (await readTrace(api, await storeTrace(api, { spans: spans.map(spanBody) }))).spans;
  };

  test("with the same id in one body are merged in order", async () => {
    const spans = await stored([
      { span_id: span(1), name: "first", kind: "TOOL", input: "kept" },
      { span_id: span(2) },
      { span_id: span(1).toUpperCase(), name: "second", output: "new" },
    ]);
    expect(spans).toHaveLength(2);
    expect(spans[0]).toMatchObject({ name: "second", kind: "TOOL", input: "kept", output: "new" });
  });

  test("are returned in the order they started, then in the order of arrival", async () => {
    const at = (second: number) => `2026-03-01T09:00:0${second}Z`;
    const spans = await stored([
      { name: "c", started_at: at(3) },
      { name: "b1", started_at: at(2) },
      { name: "b2", started_at: at(2) },
      { name: "b3", started_at: at(2) },
      { name: "a", started_at: at(1) },
    ]);
    expect(spans.map(({ name }) => name)).toEqual(["a", "b1", "b2", "b3", "c"]);
  });

  test("of the same time are ordered by id, also when one of them changes", async () => {
    const api = server.project();
    const spans = [3, 1, 2].map((n) => spanBody({ span_id: span(n), name: `${n}` }));
    const trace_id = await storeTrace(api, { spans });
    await storeTrace(api, { trace_id, spans: [spanBody({ span_id: span(3), name: "3, changed" })] });
    expect((await readTrace(api, trace_id)).spans.map(({ name }) => name)).toEqual(["1", "2", "3, changed"]);
  });

  test("without ids get new ones, and may have any parent", async () => {
    const spans = await stored([{ parent_span_id: unknownId }, { parent_span_id: unknownId }]);
    expect(new Set(spans.map(({ span_id }) => span_id)).size).toBe(2);
    expect(spans.map(({ parent_span_id }) => parent_span_id)).toEqual([unknownId, unknownId]);
  });

  test("of two traces may share an id", async () => {
    const api = server.project();
    const [a, b] = [
      { spans: [spanBody({ span_id: span(1), name: "a" })] },
      { spans: [spanBody({ span_id: span(1), name: "b" })] },
    ];
    const [first, second] = [await storeTrace(api, a), await storeTrace(api, b)];
    expect((await readTrace(api, first)).spans.map(({ name }) => name)).toEqual(["a"]);
    expect((await readTrace(api, second)).spans.map(({ name }) => name)).toEqual(["b"]);
  });
});

describe("the tokens and cost of a trace", () => {
  const totals = async (...spans: object[]): Promise<Pick<TraceResponse, "total_tokens" | "total_cost">> => {
    const api = server.project();
    const id = await storeTrace(api, { spans: spans.map(spanBody) });
    const { total_tokens, total_cost } = await readTrace(api, id);
    expect((await api.get("/traces")).body).toMatchObject({ items: [{ total_tokens, total_cost }] });
    return { total_tokens, total_cost };
  };

  test.each([
    [{ prompt_tokens: 100, completion_tokens: 20 }, 120],
    [{ prompt_tokens: 100, completion_tokens: 20, total_tokens: 500 }, 120],
    [{ input_tokens: 30, output_tokens: 12 }, 42],
    [{ input_tokens: 30, output_tokens: 12, total_tokens: 1 }, 42],
    [{ prompt_tokens: 100 }, 100],
    [{ completion_tokens: 20, total_tokens: 500 }, 20],
    [{ total_tokens: 7 }, 7],
    [{}, 0],
    [null, 0],
    [{ prompt_tokens: "100" }, 0],
    [{ total_tokens: -5 }, 0],
    [{ total_tokens: 1.9 }, 1],
  ])("counts the tokens of %j as %i", async (token_usage, expected) => {
    expect(await totals({ token_usage })).toMatchObject({ total_tokens: expected });
  });

  test.each([
    [{ total: 0.5 }, 0.5],
    [{ input: 0.25, output: 0.5 }, 0.75],
    [{ input: 0.25, output: 0.5, total: 2 }, 2],
    [{ total: 0, input: 1 }, 0],
    [{}, 0],
    [null, 0],
  ])("counts the cost %j as %d", async (cost, expected) => {
    expect(await totals({ cost })).toMatchObject({ total_cost: expected });
  });

  test("is the sum over its spans", async () => {
    const one = { token_usage: { total_tokens: 10 }, cost: { total: 0.25 } };
    expect(await totals(one, one, {})).toEqual({ total_tokens: 20, total_cost: 0.5 });
  });

  test("stays a number that JSON can represent, however large", async () => {
    const one = { token_usage: { total_tokens: 9e15 }, cost: { total: 1e308 } };
    const sum = await totals(one, one, one);
    expect(Number.isSafeInteger(sum.total_tokens)).toBe(true);
    expect(Number.isFinite(sum.total_cost)).toBe(true);
  });
});

describe("DELETE /traces/{trace_id}", () => {
  test("deletes its spans and scores, and no others", async () => {
    const api = server.project();
    const [doomed, other] = [await storeTrace(api, { spans: [spanBody()] }), await storeTrace(api)];
    await createScore(api, doomed);
    const kept = await createScore(api, other);
    const answer = await api.delete(`/traces/${doomed}`);
    expect([answer.status, answer.body]).toEqual([204, ""]);
    expectProblem(await api.get(`/traces/${doomed}`), "not_found");
    expectProblem(await api.delete(`/traces/${doomed}`), "not_found");
    expect((await api.get("/evaluations/trace-scores")).body).toMatchObject({ items: [kept], total: 1 });
    expect((await api.get("/traces")).body).toMatchObject({ items: [{ trace_id: other }], total: 1 });
  });

  test("frees the id for a new trace", async () => {
    const api = server.project();
    const trace_id = await storeTrace(api, { ...fullTrace, spans: [fullSpan] });
    await api.delete(`/traces/${trace_id}`);
    await storeTrace(api, { trace_id });
    expect(await readTrace(api, trace_id)).toMatchObject({ status: "COMPLETED", tags: [], spans: [] });
  });
});
