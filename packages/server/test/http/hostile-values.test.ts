import type { TraceResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { createRun } from "../support/run-helpers.ts";
import { readTrace, spanBody, storeTrace, traceBody } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createScore, unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const database = databaseBehind(server);
const json = { "content-type": "application/json" };

/** Stores a trace from this text, which `JSON.stringify` would not produce. */
async function storeText(api: ApiClient, fields: string): Promise<TraceResponse> {
  const text = `{"name": "x", "started_at": "2026-03-01", ${fields}}`;
  const { status, body } = await api.sendRaw<{ trace_id: string }>("POST", "/traces", text, json);
  expect(status, JSON.stringify(body)).toBe(202);
  return readTrace(api, body.trace_id);
}

describe("characters that PostgreSQL does not store", () => {
  const odd = "a\0b\ud800c\udc00\udc00";
  const kept = "a\ufffdb\ufffdc\ufffd\ufffd";

  test("become U+FFFD in every text of a trace, in values and keys", async () => {
    const api = server.project();
    const nested = { [odd]: [odd, { [odd]: { deep: odd } }] };
    const id = await storeTrace(api, {
      name: odd,
      input: nested,
      output: odd,
      metadata: nested,
      session_id: odd,
      user_id: odd,
      tags: [odd],
      environment: odd,
      release: odd,
      spans: [
        spanBody({
          name: odd,
          input: odd,
          output: nested,
          model: odd,
          token_usage: { [odd]: odd },
          metadata: nested,
          error: odd,
          model_parameters: nested,
          cost: { [odd]: 1 },
        }),
      ],
    });
    const trace = await readTrace(api, id);
    const mended = { [kept]: [kept, { [kept]: { deep: kept } }] };
    expect(trace).toMatchObject({
      name: kept,
      input: mended,
      output: kept,
      metadata: mended,
      session_id: kept,
      user_id: kept,
      tags: [kept],
      environment: kept,
      release: kept,
      total_cost: 1,
      spans: [
        {
          name: kept,
          input: kept,
          output: mended,
          model: kept,
          token_usage: { [kept]: kept },
          metadata: mended,
          error: kept,
          model_parameters: mended,
          cost: { [kept]: 1 },
        },
      ],
    });
    expect(JSON.stringify(trace)).not.toMatch(/\\u0000|\\ud/i);
  });

  test("become U+FFFD in queries as well, so that they match", async () => {
    const api = server.project();
    const id = await storeTrace(api, { session_id: "a\0b", name: "a\0b", tags: ["a\0b"], user_id: "a\0b" });
    const found = { items: [{ trace_id: id }], total: 1 };
    for (const query of ["session_id", "name", "tags", "user_id"])
      expect((await api.get(`/traces?${query}=a%00b`)).body).toMatchObject(found);
    expect((await api.get("/sessions/a%00b")).body).toMatchObject({ session_id: "a\ufffdb" });
    const filters = { session_id: "a\0b", name: "A\0", tags: ["a\0b"], user_id: "a\0b" };
    expect(await createRun(api, { filters })).toMatchObject({
      total_traces: 1,
      filters: { session_id: "a\ufffdb", name: "A\ufffd", tags: ["a\ufffdb"], user_id: "a\ufffdb" },
    });
  });

  test("become U+FFFD in scores and runs", async () => {
    const api = server.project();
    const trace = await storeTrace(api);
    const fields = { name: odd, value: odd, data_type: "CATEGORICAL", reason: odd, metadata: { [odd]: odd } };
    const stored = { name: kept, value: kept, reason: kept, metadata: { [kept]: kept } };
    const score = await createScore(api, trace, fields);
    expect(score).toMatchObject(stored);
    const { name: _, ...change } = stored;
    const patched = await api.patch(`/evaluations/trace-scores/${score.id}`, {
      value: odd,
      reason: odd,
      metadata: { [odd]: odd },
    });
    expect(patched.body).toMatchObject(change);
    expect(await createRun(api, { name: odd })).toMatchObject({ name: kept });
    expectProblem(await api.post("/evaluations/trace-runs", { metrics: [odd] }), "unknown_metric");
    expectProblem(
      await api.post("/evaluations/trace-runs", { metrics: ["coherence"], model: odd }),
      "unknown_model_provider",
    );
  });

  test.each([
    ["\0", "\ufffd"],
    ["\ud800", "\ufffd"],
    ["\udbff!", "\ufffd!"],
    ["\udc00", "\ufffd"],
    ["\udfff\ud83d\udc4d", "\ufffd👍"],
  ])("become U+FFFD on their own: %j", async (sent, kept) => {
    const api = server.project();
    const fields = { name: sent, input: { [sent]: sent }, tags: [sent] };
    const stored = { name: kept, input: { [kept]: kept }, tags: [kept] };
    expect(await readTrace(api, await storeTrace(api, fields))).toMatchObject(stored);
  });

  test("are not confused with text that looks like their escapes", async () => {
    const api = server.project();
    const input = { text: "\\u0000 and \\ud800", pair: "👍", key: { "\\u0000": 1 }, replaced: "\ufffd" };
    expect((await readTrace(api, await storeTrace(api, { input }))).input).toEqual(input);
    expect((await storeText(api, '"input": "\\ud83d\\udc4d \\\\u0000 \\u00e9"')).input).toBe("👍 \\u0000 é");
  });

  test("invalid UTF-8 becomes U+FFFD too", async () => {
    const api = server.project();
    const bytes = Buffer.concat([
      Buffer.from('{"name": "a'),
      Buffer.from([0xff, 0xc0]),
      Buffer.from('b", "started_at": "2026-03-01"}'),
    ]);
    const { status, body } = await api.sendRaw<{ trace_id: string }>(
      "POST",
      "/traces",
      new Uint8Array(bytes),
      json,
    );
    expect(status).toBe(202);
    expect(await readTrace(api, body.trace_id)).toMatchObject({ name: "a\ufffd\ufffdb" });
  });
});

describe("names with a meaning in JavaScript", () => {
  test("are kept as data", async () => {
    const api = server.project();
    const value =
      '{"__proto__":{"status":"hacked","polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1,"hasOwnProperty":null}';
    const trace = await storeText(
      api,
      `"__proto__": {"status": "ERROR"}, "input": ${value}, "output": [${value}], "metadata": ${value},
        "spans": [{"name": "s", "started_at": "2026-03-01", "input": ${value}, "token_usage": ${value},
          "metadata": ${value}, "model_parameters": ${value}, "cost": {"__proto__": 2, "input": 1}, "__proto__": {"error": "x"}}]`,
    );
    const [span] = trace.spans;
    for (const kept of [trace.input, trace.metadata, span?.input, span?.token_usage, span?.metadata])
      expect(JSON.stringify(kept)).toBe(value);
    expect(JSON.stringify(trace.output)).toBe(`[${value}]`);
    expect(JSON.stringify(span?.cost)).toBe('{"__proto__":2,"input":1}');
    expect(trace).toMatchObject({ status: "COMPLETED", total_cost: 3 });
    expect(span).toMatchObject({ error: null });
    expect(Object.prototype).not.toHaveProperty("polluted");
    expect({}).not.toHaveProperty("status");
  });

  test("survive an update, with U+0000 beside them", async () => {
    const api = server.project();
    const { trace_id } = await storeText(api, '"metadata": {"__proto__": {"a\\u0000": 1}}');
    await storeTrace(api, { trace_id });
    expect(JSON.stringify((await readTrace(api, trace_id)).metadata)).toBe('{"__proto__":{"a\ufffd":1}}');
  });

  test("in scores, filters and thresholds", async () => {
    const api = server.project();
    const trace = await storeTrace(api);
    const score = await api.sendRaw<{ metadata: object }>(
      "POST",
      "/evaluations/trace-scores",
      `{"trace_id": "${trace}", "name": "__proto__", "value": "1", "metadata": {"__proto__": {"x": 1}}}`,
      json,
    );
    expect(score.status).toBe(201);
    expect(JSON.stringify(score.body.metadata)).toBe('{"__proto__":{"x":1}}');
    expect((await api.get(`/evaluations/trace-scores/${trace}`)).body).toEqual([score.body]);
    const run = await api.sendRaw(
      "POST",
      "/evaluations/trace-runs",
      '{"metrics": ["coherence"], "thresholds": {"__proto__": 1, "constructor": 0}, "__proto__": {"metrics": []}}',
      json,
    );
    expect(run.status).toBe(202);
    expectProblem(
      await api.sendRaw("POST", "/evaluations/trace-runs", '{"__proto__": {"metrics": ["coherence"]}}', json),
      "validation_error",
      { loc: ["body", "metrics"] },
    );
  });
});

describe("SQL in every string", () => {
  test.each([
    "'; drop table traces; --",
    "' or '1'='1",
    '"; delete from traces; --',
    "$1",
    "$$; select 1; $$",
    "\\'; select pg_sleep(10); --",
    "%' union select * from api_keys --",
    "{a,b}",
    "(1,2)",
    "E'\\\\000'",
    "now()",
    "NULL",
    "/* */",
    "?::json",
  ])("is text: %s", async (sql) => {
    const api = server.project();
    const texts = {
      name: sql,
      session_id: sql,
      user_id: sql,
      environment: sql,
      release: sql,
      tags: [sql],
      input: sql,
    };
    const span = spanBody({
      name: sql,
      model: sql,
      error: sql,
      token_usage: { [sql]: 1 },
      cost: { [sql]: 1 },
    });
    const id = await storeTrace(api, { ...texts, metadata: { [sql]: sql }, spans: [span] });
    expect(await readTrace(api, id)).toMatchObject({
      ...texts,
      metadata: { [sql]: sql },
      spans: [span].map(({ started_at: _, ...rest }) => rest),
    });
    const query = encodeURIComponent(sql);
    const found = { items: [{ trace_id: id }], total: 1 };
    for (const name of ["session_id", "user_id", "environment", "release", "tags", "name"])
      expect((await api.get(`/traces?${name}=${query}`)).body, name).toMatchObject(found);
    expect((await api.get(`/sessions?query=${query}&tags=${query}&user_id=${query}`)).body).toMatchObject({
      total: 1,
    });
    expect((await api.get(`/sessions/${query}`)).status).toBe(200);
    const { input: _, ...filters } = texts;
    expect(await createRun(api, { name: sql, filters })).toMatchObject({
      name: sql,
      filters,
      total_traces: 1,
    });
    const score = await createScore(api, id, {
      name: sql,
      value: sql,
      data_type: "CATEGORICAL",
      reason: sql,
    });
    expect(score).toMatchObject({ name: sql, value: sql, reason: sql, environment: sql });
    expect(
      (await api.get(`/evaluations/trace-scores?name=${query}&environment=${query}`)).body,
    ).toMatchObject({
      items: [score],
    });
    for (const name of ["sort_by", "sort_order", "limit", "status"])
      expectProblem(await api.get(`/traces?${name}=${query}`), "validation_error");
    expectProblem(await api.get(`/evaluations/trace-runs/${query}`), "validation_error");
  });

  test("has dropped no table", async () => {
    const tables = await database.run(
      "select 1 from pg_tables where tablename in ('traces', 'spans', 'api_keys')",
    );
    expect(tables).toHaveLength(3);
  });
});

describe("numbers", () => {
  test("are JavaScript's, except large integers, which are texts", async () => {
    const api = server.project();
    const cases: [string, string][] = [
      ["9007199254740993", '"9007199254740993"'],
      ["-725653563933458432", '"-725653563933458432"'],
      ["9007199254740991", "9007199254740991"],
      ["0.12345678901234567890", "0.12345678901234568"],
      ["0.1", "0.1"],
      ["1e3", "1000"],
      ["1E-7", "1e-7"],
      ["-0", "0"],
      ["1.7976931348623157e308", "1.7976931348623157e+308"],
      ["5e-324", "5e-324"],
      ["1e-400", "0"],
      ["123456789012345678901234567890", '"123456789012345678901234567890"'],
      ["1.0", "1"],
      // A number out of range is Infinity in JavaScript, and null in JSON.
      ["1e400", "null"],
      ["-1e400", "null"],
    ];
    const input = `[${cases.map(([sent]) => sent).join(",")}]`;
    const trace = await storeText(api, `"input": ${input}, "metadata": {"list": ${input}}`);
    const expected = `[${cases.map(([, kept]) => kept).join(",")}]`;
    expect(JSON.stringify(trace.input)).toBe(expected);
    expect(JSON.stringify(trace.metadata)).toBe(`{"list":${expected}}`);
  });

  test("that are too large as counts or costs are refused, or count as 0", async () => {
    const api = server.project();
    const span = (fields: string) => `"spans": [{"name": "s", "started_at": "2026-03-01", ${fields}}]`;
    const refused = `{"name": "x", "started_at": "2026-03-01", ${span('"cost": {"total": 1e400}')}}`;
    expectProblem(await api.sendRaw("POST", "/traces", refused, json), "validation_error", {
      loc: ["body", "spans", 0, "cost"],
    });
    expect(await storeText(api, span('"token_usage": {"total_tokens": 1e400}'))).toMatchObject({
      total_tokens: 0,
    });
    expect(await storeText(api, span('"token_usage": {"prompt_tokens": 9007199254740993}'))).toMatchObject({
      total_tokens: Number.MAX_SAFE_INTEGER,
    });
    const huge = await storeText(api, span('"cost": {"input": 1.7e308, "output": 1.7e308}'));
    expect(Number.isFinite(huge.total_cost)).toBe(true);
  });

  test("that are too large as tokens have a cost that can be added up and sorted by", async () => {
    const api = server.project();
    const usage = { prompt_tokens: 1.7e308, cached_tokens: 1.7e308, completion_tokens: 1.7e308 };
    const span = spanBody({ kind: "LLM", model: "gpt-4o", token_usage: usage });
    for (const session_id of ["a", "b"]) await storeTrace(api, { session_id, spans: [span, span] });
    const { body: first } = await api.get<{ items: object[]; next_cursor: string }>(
      "/sessions?sort_by=cost&limit=1",
    );
    expect(first.items).toEqual([expect.objectContaining({ total_cost: expect.any(Number) })]);
    const { body: second } = await api.get(`/sessions?sort_by=cost&limit=1&cursor=${first.next_cursor}`);
    expect(second).toMatchObject({ items: [{ total_cost: expect.any(Number) }], next_cursor: null });
  });

  test.each(["1e400", "-1e400", "1.0000000000000002", "-5e-324", "true", '"0,5"', "[0.5]"])(
    "a sampling rate of %s is refused",
    async (rate) => {
      const api = server.project();
      await storeTrace(api);
      const text = `{"metrics": ["coherence"], "sampling_rate": ${rate}}`;
      expectProblem(await api.sendRaw("POST", "/evaluations/trace-runs", text, json), "validation_error", {
        loc: ["body", "sampling_rate"],
      });
    },
  );

  test.each(["NaN", "Infinity", "0x10", "01", "+1", "1.", ".5", "1_000"])(
    "%s is not JSON",
    async (number) => {
      const text = `{"name": "x", "started_at": "2026-03-01", "input": ${number}}`;
      expectProblem(await server.project().sendRaw("POST", "/traces", text, json), "malformed_json");
    },
  );
});

describe("ids of another project", () => {
  test("give no access to it", async () => {
    const [mine, theirs] = [server.project(), server.project()];
    const trace = await storeTrace(theirs, { session_id: "s", name: "secret", input: "secret" });
    const score = await createScore(theirs, trace, { reason: "secret" });
    const run = await createRun(theirs, { name: "secret" });
    await storeTrace(mine, { spans: [spanBody({ parent_span_id: trace })] });
    const answers = await Promise.all([
      mine.get(`/traces/${trace}`),
      mine.get("/sessions/s"),
      mine.get("/traces?session_id=s"),
      mine.get(`/evaluations/trace-scores?trace_id=${trace}&eval_run_id=${run.id}`),
      mine.get(`/evaluations/trace-runs/${run.id}/scores`),
      mine.patch(`/evaluations/trace-scores/${score.id}`, { value: "0.1" }),
      mine.post("/evaluations/trace-scores", { trace_id: trace, name: "x", value: "1" }),
      mine.post("/evaluations/trace-runs/batch", { trace_ids: [trace], metrics: ["coherence"] }),
      mine.post("/evaluations/trace-runs", { filters: { session_id: "s" }, metrics: ["coherence"] }),
      mine.post(`/evaluations/trace-runs/${run.id}/retry`),
    ]);
    for (const { body } of answers) expect(JSON.stringify(body)).not.toContain("secret");
    expect((await theirs.get(`/evaluations/trace-scores/${trace}`)).body).toEqual([score]);
  });

  test("answer like ids that do not exist", async () => {
    const [mine, theirs] = [server.project(), server.project()];
    const trace = await storeTrace(theirs);
    await mine.post("/traces", traceBody());
    const withoutId = async (id: string) => {
      const { body } = await mine.get<{ request_id: string }>(`/traces/${id}`);
      return JSON.stringify({ ...body, request_id: "" }).replaceAll(id, "");
    };
    expect(await withoutId(trace)).toBe(await withoutId(unknownId));
  });
});
