/** @module-tag slow */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { trials } from "../support/nightly.ts";
import { createRun } from "../support/run-helpers.ts";
import { readTrace, spanBody, storeTrace, traceBody } from "../support/traces.ts";
import { createKey, newOrganization } from "./support/administration.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { operations, pathOf } from "./support/operations.ts";
import { queueBody } from "./support/reviews.ts";
import {
  createMonitor,
  createScore,
  createSessionScore,
  createSpanScore,
  monitorBody,
  unknownId,
} from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

/*
 * Any JSON, query or path, sent to any route, gets an answer that the contract declares, and never a server error. (The
 * tests' client checks each answer against the contract.)
 */

const server = useHttpServer();

/** Texts that are known to break servers. */
const oddText = fc.constantFrom(
  "",
  " ",
  "null",
  "undefined",
  "NaN",
  "__proto__",
  "constructor",
  "toString",
  "then",
  "\0",
  "a\0b",
  "\ud800",
  "\udfff\ud800",
  "\ufeff",
  "'",
  "''; drop table traces; --",
  "$1",
  "%s%n",
  "{{7*7}}",
  "../../etc/passwd",
  "2026-03-01",
  "0001-01-01",
  "9999-12-31T23:59:59.999999999Z",
  unknownId,
  "1e400",
  "🏳️‍🌈",
  "x".repeat(600),
);
const oddNumber = fc.constantFrom(
  0,
  -0,
  -1,
  1.5,
  1e21,
  5e-324,
  1.7976931348623157e308,
  2 ** 53,
  -(2 ** 63),
  2 ** 31,
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(null, true, false),
    oddNumber,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    oddText,
    fc.string({ unit: "binary" }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(oddText, fc.string()), tie("value"), { maxKeys: 4 }),
  ),
}));

/** Valid bodies, from which generated ones differ in a field or two. */
const bodies: Readonly<Record<string, object>> = {
  createApiKey: { name: "a", scopes: ["read"], projects: ["a"], expires_at: "2099-01-01" },
  rotateApiKey: { overlap_seconds: 60 },
  createTrace: traceBody({
    ...Object.fromEntries(["trace_id", "status", "input", "output"].map((k) => [k, null])),
    spans: [{}],
  }),
  updateTrace: {
    name: "x",
    status: null,
    output: 1,
    metadata: {},
    ended_at: null,
    session_id: "s",
    tags: [],
  },
  createSpans: spanBody({ span_id: unknownId, kind: "LLM", token_usage: {}, cost: {}, ended_at: null }),
  updateSpan: { name: "x", kind: null, output: 1, token_usage: {}, cost: {}, error: "", model: null },
  createTraceBatch: { traces: [] },
  deleteTraces: { trace_ids: [unknownId] },
  tagTraces: { trace_ids: [unknownId], add_tags: ["a"], remove_tags: ["b"] },
  createTraceRun: {
    metrics: ["coherence"],
    filters: {},
    sampling_rate: 1,
    name: "x",
    model: null,
    thresholds: {},
    fresh: false,
    max_cost_usd: null,
  },
  estimateTraceRun: {
    metrics: ["coherence"],
    filters: {},
    sampling_rate: 1,
    model: null,
    max_cost_usd: null,
  },
  createTraceRunBatch: {
    metrics: ["coherence"],
    trace_ids: [unknownId],
    name: "x",
    model: null,
    thresholds: {},
  },
  retryTraceRun: { name: "x", model: null, max_cost_usd: null },
  createSessionRun: {
    metrics: ["agent_reliability"],
    filters: {},
    sampling_rate: 1,
    name: "x",
    model: null,
    thresholds: {},
    signal_weights: {},
  },
  estimateSessionRun: { metrics: ["agent_reliability"], filters: {}, signal_weights: {}, fresh: false },
  createSessionRunBatch: {
    metrics: ["agent_reliability"],
    session_ids: ["s"],
    name: "x",
    model: null,
    thresholds: {},
    signal_weights: {},
  },
  retrySessionRun: { name: "x", model: null },
  createTraceScore: {
    trace_id: unknownId,
    name: "x",
    value: "1",
    data_type: "NUMERIC",
    source: "ANNOTATION",
    reason: "",
    metadata: {},
  },
  updateTraceScore: { value: "1", reason: "x", metadata: {} },
  createSessionScore: {
    session_id: "s",
    name: "x",
    value: "1",
    data_type: "NUMERIC",
    reason: "",
    metadata: {},
  },
  updateSessionScore: { value: "1", reason: "x", metadata: {} },
  createSpanScore: {
    trace_id: unknownId,
    span_id: unknownId,
    name: "x",
    value: "1",
    reason: "",
    metadata: {},
  },
  updateSpanScore: { value: "1", reason: "x", metadata: {} },
  computeAgreement: {
    metric: "x",
    target_type: "SESSION",
    filters: {},
    threshold: 0.5,
    judge: {},
    split: "dev",
    version: 1,
    seed: 1,
  },
  compareScores: {
    a: { filters: {} },
    b: { run_id: unknownId },
    metrics: ["x"],
    pair_by: "metadata.x",
    prefer: "person",
    seed: 1,
  },
  createReviewQueue: queueBody({
    from: { filters: {}, run_id: unknownId },
    order: "uncertainty",
    target_type: "SESSION",
    size: 1,
    reviewers_per_item: 1,
    blind: false,
    claim_seconds: 1,
  }),
  updateReviewQueue: { name: "x", closed: true },
  claimReviewItem: { reviewer: "x", item_id: unknownId },
  completeReviewItem: { reviewer: "x", scores: [{ name: "quality", value: "1", reason: "" }] },
  skipReviewItem: { reviewer: "x", reason: "x" },
  releaseReviewItem: { reviewer: "x" },
  putMetric: { kind: "checklist", criteria: [{ id: "a", question: "Is it?" }], threshold: 0.5, cap: 0.5 },
  tryMetric: { trace_ids: [unknownId], definition: { kind: "no_errors" }, version: null, model: null },
  createMonitor: monitorBody({
    filters: {},
    sampling_rate: 1,
    model: null,
    timezone: "UTC",
    only_if_changed: true,
    signal_weights: null,
  }),
  updateMonitor: {
    name: "x",
    metrics: ["coherence"],
    filters: {},
    sampling_rate: 1,
    model: null,
    cadence: "daily",
    timezone: "UTC",
    only_if_changed: true,
    signal_weights: null,
  },
};
const traceFields = [
  "trace_id",
  "name",
  "status",
  "input",
  "output",
  "metadata",
  "started_at",
  "ended_at",
  "session_id",
  "user_id",
  "tags",
  "environment",
  "release",
  "spans",
];
/** Nested fields. */
const inner: Readonly<Record<string, readonly string[]>> = {
  filters: [
    "date_from",
    "date_to",
    "status",
    "session_id",
    "user_id",
    "tags",
    "name",
    "environment",
    "release",
    "has_error",
    "min_trace_count",
  ],
  signal_weights: ["confidence", "loop_detection", "tool_correctness", "coherence", "speed"],
  spans: [
    "span_id",
    "parent_span_id",
    "name",
    "kind",
    "status",
    "input",
    "model",
    "token_usage",
    "metadata",
    "started_at",
    "ended_at",
    "error",
    "completion_start_time",
    "model_parameters",
    "cost",
  ],
  traces: traceFields,
};
/** Valid items of lists, from which generated ones differ. */
const items: Readonly<Record<string, object>> = { spans: spanBody(), traces: traceBody() };
function nearly(id: string) {
  const body = bodies[id] ?? {};
  const fields = id === "createTrace" ? traceFields : Object.keys(body);
  const field = (name: string) => {
    const names = inner[name];
    if (names === undefined) return value;
    const object = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 3 });
    const item = items[name];
    return fc.oneof(value, item === undefined ? object : object.map((changes) => [{ ...item, ...changes }]));
  };
  const base = id === "createTrace" ? traceBody() : body;
  return fc
    .uniqueArray(fc.constantFrom(...fields), { minLength: 1, maxLength: 2 })
    .chain((names) =>
      fc.tuple(...names.map((name) => field(name).map((changed) => [name, changed] as const))),
    )
    .map((changes) => ({ ...base, ...Object.fromEntries(changes) }))
    .map((changed) => (id === "createSpans" ? [changed] : changed));
}

describe("any JSON", () => {
  const routes = operations.filter(({ takesBody }) => takesBody);

  test("every route with a body is tested", () => {
    expect(routes.map(({ id }) => id).sort()).toEqual(Object.keys(bodies).sort());
  });

  test.each(routes)("to $id", { tags: ["nightly"], timeout: 120_000 }, async (operation) => {
    const isAdministration = operation.metadata.tag === "Administration";
    const api = isAdministration ? await newOrganization(server.current) : server.project();
    const trace = await storeTrace(api, { session_id: "s", spans: [spanBody({ span_id: unknownId })] });
    const { id: score } = await createScore(api, trace);
    const { id: sessionScore } = await createSessionScore(api, "s");
    const { id: spanScore } = await createSpanScore(api, trace, unknownId);
    const { id: run } = await createRun(api);
    const { id: sessionRun } = await createRun(api, { metrics: ["agent_reliability"] }, "session-runs");
    const { id: monitor } = await createMonitor(api);
    const scoreIds: Readonly<Record<string, string>> = {
      "Session scores": sessionScore,
      "Span scores": spanScore,
    };
    const ids: Readonly<Record<string, string>> = {
      score_id: scoreIds[operation.metadata.tag] ?? score,
      run_id: operation.path.includes("session-runs") ? sessionRun : run,
      trace_id: trace,
      monitor_id: monitor,
      ...(isAdministration && { key_id: (await createKey(api)).id }),
    };
    const path = pathOf(operation, (name) => ids[name] ?? unknownId);
    const body = fc.oneof(value, nearly(operation.id), nearly(operation.id));
    await fc.assert(
      fc.asyncProperty(body, async (json) => {
        const { status } = await api.send(operation.method, path, json);
        expect(status).toBeLessThan(500);
      }),
      trials(12, 400),
    );
    // Everything that was accepted can be read: no stored value breaks a list.
    const evaluations = [
      "trace-runs",
      "session-runs",
      "trace-scores",
      "session-scores",
      "span-scores",
      "monitors",
    ];
    for (const list of ["/traces", "/sessions", ...evaluations.map((name) => `/evaluations/${name}`)])
      expect((await api.get(`${list}?limit=200`)).status).toBe(200);
    expect((await api.get<unknown[]>(`/evaluations/trace-runs/${run}/scores`)).status).toBe(200);
    if (!isAdministration) return;
    for (const list of ["/keys", "/audit-log", "/projects"]) {
      expect((await api.get(`${list}?limit=200`)).status).toBe(200);
    }
  });
});

describe("any path and query", { tags: ["nightly"], timeout: 120_000 }, () => {
  test.each(operations.filter(({ parameters, query }) => parameters.length + query.length > 0))(
    "to $id",
    async (operation) => {
      const isAdministration = operation.metadata.tag === "Administration";
      const api = isAdministration ? await newOrganization(server.current) : server.project();
      await storeTrace(api, { session_id: "s", tags: ["a"] });
      const text = fc.oneof(oddText, fc.string({ unit: "grapheme", maxLength: 40 }));
      const wellFormed = text.map((sent) => sent.toWellFormed());
      const pair = fc.tuple(fc.constantFrom(...operation.query, "unknown", "__proto__"), wellFormed);
      await fc.assert(
        fc.asyncProperty(wellFormed, fc.array(pair, { maxLength: 3 }), async (parameter, pairs) => {
          const query = new URLSearchParams();
          for (const [name, sent] of pairs) query.append(name, sent);
          const path = pathOf(operation, () => parameter || "x");
          // Clients normalize dots in a path to another path.
          fc.pre(!/\/(\.|%2e){1,2}(\/|$)/i.test(path));
          const { status } = await api.send(operation.method, `${path}?${query}`);
          expect(status).toBeLessThan(500);
        }),
        trials(6, 200),
      );
    },
  );

  test.each([
    "%00",
    "%01",
    "a%00b",
    "%EF%BF%BE",
    "%F0%9F%91%8D",
    "%2e%2e%2f%2e%2e",
    "%27%3B%20drop%20table%20traces%3B%20--",
    "%25%32%46",
    "..%2f",
    "%0d%0aSet-Cookie:x",
  ])("the path value %s", async (value) => {
    const api = server.project();
    expectProblem(await api.get(`/sessions/${value}`), "not_found");
    expectProblem(await api.get(`/traces/${value}`), "validation_error");
  });

  test.each(["%00", "a%00b", "%ED%A0%80", "%zz", "%", "%F0%9F", "%27%20or%201=1", "%5C", "+"])(
    "the query value %s",
    async (value) => {
      const api = server.project();
      await storeTrace(api, { name: "plain" });
      for (const name of ["session_id", "user_id", "name", "tags", "environment", "release"]) {
        const { status, body } = await api.get(`/traces?${name}=${value}`);
        expect(status).toBe(200);
        expect(body).toMatchObject({ items: [] });
      }
      expect((await api.get(`/sessions?query=${value}&user_id=${value}&tags=${value}`)).status).toBe(200);
      expect((await api.get(`/evaluations/trace-scores?name=${value}&environment=${value}`)).status).toBe(
        200,
      );
      expectProblem(await api.get(`/evaluations/trace-runs/template?metric=${value}`), "unknown_metric");
    },
  );

  test.each([
    "&&&",
    "=",
    "=x",
    "a",
    "?",
    "#",
    "limit",
    "tags[]=a",
    "tags[0]=a",
    "filter[name]=x",
    ";limit=5",
  ])("the query %s", async (query) => {
    expect((await server.project().get(`/traces?${query}`)).status).toBeLessThan(500);
  });

  test("a hundred parameters are allowed, and a thousand are not", async () => {
    const tags = (count: number) => Array.from({ length: count }, (_, n) => `tags=${n}`).join("&");
    expect((await server.project().get(`/traces?${tags(100)}`)).status).toBe(200);
    expectProblem(await server.project().get(`/traces?${tags(1000)}`), "validation_error");
  });
});

describe("any header", () => {
  test.each([
    ["prefer", "wait=99999999999999999999"],
    ["prefer", ',,,;;;==="""'],
    ["x-request-id", "' or 1=1 --"],
    ["idempotency-key", "' or 1=1 --"],
    ["idempotency-key", "__proto__"],
    ["idempotency-key", "\u00ff"],
    ["accept", "text/html;q=banana"],
    ["accept-encoding", "gzip, br;q=9"],
    ["accept-version", "9.9.9"],
    ["range", "bytes=0-10"],
    ["if-none-match", "*"],
    ["if-modified-since", "yesterday"],
    ["x-forwarded-for", "'; drop table traces"],
    ["x-http-method-override", "DELETE"],
    ["origin", "null"],
    ["content-encoding", "identity"],
    ["transfer-encoding-x", "chunked"],
    ["cookie", "a=b;;;="],
  ])("%s: %s", async (name, value) => {
    const api = server.project();
    const { status } = await api.post("/traces", traceBody(), { [name]: value });
    expect(status).toBe(202);
    expect((await api.get("/traces", { [name]: value })).status).toBe(200);
  });
});

describe("nesting", () => {
  const nested = (depth: number, open = '{"a":', close = "}") =>
    `${open.repeat(depth)}1${close.repeat(depth)}`;
  const post = (text: string) =>
    server.project().sendRaw("POST", "/traces", text, { "content-type": "application/json" });

  test("512 levels are stored and read", async () => {
    const api = server.project();
    // The body is the first level.
    for (const input of [nested(511), nested(511, "[", "]")]) {
      const text = `{"name": "deep", "started_at": "2026-03-01", "input": ${input}}`;
      const { status, body } = await api.sendRaw<{ trace_id: string }>("POST", "/traces", text, {
        "content-type": "application/json",
      });
      expect(status).toBe(202);
      expect(JSON.stringify((await readTrace(api, body.trace_id)).input)).toBe(input);
    }
  });

  test.each([513, 1000, 100_000, 1_000_000])("%i levels are refused", async (depth) => {
    for (const text of [
      nested(depth),
      nested(depth, "[", "]"),
      "[".repeat(depth),
      `{"input": ${nested(depth)}}`,
    ])
      expectProblem(await post(text), "validation_error", { detail: /512/ });
  });

  test("brackets in strings do not count", async () => {
    const input = `${"[{".repeat(1000)}\\" \\\\`;
    expect((await post(`{"name": "x", "started_at": "2026-03-01", "input": "${input}"}`)).status).toBe(202);
  });
});
