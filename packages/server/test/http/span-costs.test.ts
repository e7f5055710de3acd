import type { SessionDetail, SpanResponse, TraceResponse } from "@pandaprobe/contract";
import { toTraceId } from "@pandaprobe/contract/otel";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { exportJson, newTrace, otlpRequest, otlpSpan } from "../support/otlp.ts";
import { readTrace, spanBody, storeTrace } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer({
  environment: {
    SPAN_PRICES: JSON.stringify({ "acme/own": { input_usd_per_mtok: 1000, output_usd_per_mtok: 2000 } }),
    JUDGE_PRICES: JSON.stringify({ "openai/judge": { input_usd_per_mtok: 10, output_usd_per_mtok: 10 } }),
  },
});
const database = databaseBehind(server);

const id = (n: number) => `00000000-0000-0000-0000-00000000000${n}`;
const usage = { prompt_tokens: 1000, completion_tokens: 100 };
const call = (fields: object = {}) =>
  spanBody({ span_id: id(1), kind: "LLM", model: "gpt-4o-mini-2024-07-18", token_usage: usage, ...fields });
const listed = { cost: { total: 0.00021 }, metadata: { cost_source: "price_table" } };

async function onlySpan(api: ApiClient, traceId: string): Promise<SpanResponse> {
  const [span, ...others] = (await readTrace(api, traceId)).spans;
  if (span === undefined || others.length > 0) throw new Error("The trace has not one span.");
  return span;
}

describe("a span without a cost", () => {
  test.each<[string, (api: ApiClient) => Promise<string>]>([
    ["of a new trace", (api) => storeTrace(api, { spans: [call()] })],
    [
      "of a batch",
      async (api) => {
        const { body } = await api.post<{ items: { trace_id: string }[] }>("/traces/batch", {
          traces: [{ name: "t", started_at: "2026-03-01T09:00:00Z", spans: [call()] }],
        });
        return body.items[0]?.trace_id ?? "";
      },
    ],
    [
      "that is added",
      async (api) => {
        const traceId = await storeTrace(api);
        expect((await api.post(`/traces/${traceId}/spans`, [call()])).status).toBe(201);
        return traceId;
      },
    ],
    [
      "whose tokens come later",
      async (api) => {
        const traceId = await storeTrace(api, { spans: [call({ token_usage: null })] });
        expect(await onlySpan(api, traceId)).toMatchObject({ cost: null, metadata: {} });
        const { body } = await api.patch(`/traces/${traceId}/spans/${id(1)}`, { token_usage: usage });
        expect(body).toMatchObject(listed);
        return traceId;
      },
    ],
    [
      "of OpenTelemetry",
      async (api) => {
        const otelId = newTrace();
        const attributes = {
          "gen_ai.operation.name": "chat",
          "gen_ai.request.model": "gpt-4o-mini-2024-07-18",
          "gen_ai.usage.input_tokens": 1000,
          "gen_ai.usage.output_tokens": 100,
        };
        const { status } = await exportJson(api, otlpRequest([otlpSpan(otelId, 1, { attributes })]));
        expect(status).toBe(200);
        return toTraceId(otelId);
      },
    ],
  ])("%s gets one from its model and tokens", async (_, store) => {
    const api = server.project();
    const traceId = await store(api);
    expect(await onlySpan(api, traceId)).toMatchObject(listed);
    const totals = { total_cost: 0.00021, unpriced_spans: 0 };
    expect(await readTrace(api, traceId)).toMatchObject(totals);
    expect((await api.get("/traces")).body).toMatchObject({ items: [totals] });
    const { body } = await api.get(`/traces/${traceId}/spans`);
    expect(body).toMatchObject({ items: [listed] });
  });

  test("uses the operator's prices", async () => {
    const api = server.project();
    const models = ["acme/own", "judge", "openai/judge-2026-01-01"];
    const spans = models.map((model, n) => call({ span_id: id(n), model }));
    const trace = await readTrace(api, await storeTrace(api, { spans }));
    expect(trace.spans.map(({ cost }) => cost?.["total"])).toEqual([1.2, 0.011, 0.011]);
  });

  test("has none if its price is unknown, and is counted as unpriced", async () => {
    const api = server.project();
    const unpriced = [
      { model: "mistral-large-latest" },
      { model: null },
      { token_usage: null },
      { token_usage: { total_tokens: 5 } },
      { kind: "EMBEDDING", model: "my-embeddings", token_usage: null },
      { model: "mistral-large-latest", cost: {} },
    ];
    const others = [
      { kind: "AGENT" },
      { model: "", token_usage: null },
      { model: null, token_usage: {} },
      { model: "mistral-large-latest", cost: { total: 0 } },
    ];
    const spans = [...unpriced, ...others].map((fields, n) => call({ span_id: id(n), ...fields }));
    const trace = await readTrace(api, await storeTrace(api, { spans, session_id: "s" }));
    expect(trace).toMatchObject({ total_cost: 0, unpriced_spans: unpriced.length });
    for (const { metadata } of trace.spans) expect(metadata).toEqual({});
  });
});

describe("totals", () => {
  test("say how many spans they leave out", async () => {
    const api = server.project();
    const spans = [
      call(),
      call({ span_id: id(2), cost: { total: 0.5 } }),
      call({ span_id: id(3), model: "m" }),
    ];
    await storeTrace(api, { spans, session_id: "s" });
    const totals = { total_cost: 0.50021, unpriced_spans: 1 };
    expect((await api.get("/traces")).body).toMatchObject({ items: [totals] });
    expect((await api.get("/sessions")).body).toMatchObject({ items: [totals] });
    const session = (await api.get<SessionDetail>("/sessions/s")).body;
    expect(session).toMatchObject({ ...totals, traces: [totals] });
    const period = "started_after=2026-03-01&started_before=2026-03-02";
    expect((await api.get(`/traces/analytics?metric=cost&${period}`)).body).toMatchObject([totals]);
    expect((await api.get(`/traces/analytics?metric=models&${period}`)).body).toEqual([
      {
        model: "gpt-4o-mini-2024-07-18",
        call_count: 2,
        total_tokens: 2200,
        total_cost: 0.50021,
        unpriced_spans: 0,
      },
      { model: "m", call_count: 1, total_tokens: 1100, total_cost: 0, unpriced_spans: 1 },
    ]);
  });

  test("count spans that were stored before costs were computed", async () => {
    const api = server.project();
    const traceId = await storeTrace(api, { spans: [call()] });
    await database.run("update spans set computed_cost = null, total_cost = 0 where trace_id = $1", [
      traceId,
    ]);
    expect(await readTrace(api, traceId)).toMatchObject({ total_cost: 0, unpriced_spans: 1 });
    expect(await onlySpan(api, traceId)).toMatchObject({ cost: null, metadata: {} });
  });
});

describe("a computed cost", () => {
  const change = async (first: object, second: object): Promise<TraceResponse> => {
    const api = server.project();
    const trace_id = await storeTrace(api, { spans: [call(first)] });
    await storeTrace(api, { trace_id, spans: [spanBody({ span_id: id(1), ...second })] });
    return readTrace(api, trace_id);
  };

  test("stays the same when the span comes again", async () => {
    const before = await change({}, {});
    expect(before).toMatchObject({ total_cost: 0.00021, spans: [listed] });
    expect(await change({}, call())).toMatchObject({ total_cost: 0.00021, spans: [listed] });
  });

  test.each([
    ["other tokens", { token_usage: { prompt_tokens: 2000, completion_tokens: 100 } }, 0.00036],
    ["another model", { model: "gpt-4o" }, 0.0035],
  ])("changes with %s", async (_, second, total) => {
    expect(await change({}, second)).toMatchObject({ total_cost: total, spans: [{ cost: { total } }] });
  });

  test("ends with a model of unknown price", async () => {
    expect(await change({}, { model: "unknown" })).toMatchObject({
      total_cost: 0,
      unpriced_spans: 1,
      spans: [{ cost: null, metadata: {} }],
    });
  });

  test("is replaced by the sender's own, and returns when that is cleared", async () => {
    const api = server.project();
    const trace_id = await storeTrace(api, { spans: [call()] });
    await storeTrace(api, { trace_id, spans: [call({ cost: { total: 3 } })] });
    expect(await onlySpan(api, trace_id)).toMatchObject({ cost: { total: 3 }, metadata: {} });
    await storeTrace(api, { trace_id, spans: [spanBody({ span_id: id(1) })] });
    expect(await readTrace(api, trace_id)).toMatchObject({ total_cost: 3, spans: [{ cost: { total: 3 } }] });
    const { body } = await api.patch(`/traces/${trace_id}/spans/${id(1)}`, { cost: null });
    expect(body).toMatchObject(listed);
  });

  test("is replaced by the sender's own in a later batch from OpenTelemetry", async () => {
    const api = server.project();
    const otelId = newTrace();
    const attributes = {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.usage.input_tokens": 1000,
      "gen_ai.usage.output_tokens": 100,
    };
    const send = async (more: object) => {
      await exportJson(api, otlpRequest([otlpSpan(otelId, 1, { attributes: { ...attributes, ...more } })]));
      return readTrace(api, toTraceId(otelId));
    };
    expect((await send({})).total_cost).toBe(0.0035);
    const own = await send({ "gen_ai.usage.cost": 2 });
    expect(own).toMatchObject({ total_cost: 2, spans: [{ cost: { total: 2 } }] });
    expect(own.spans[0]?.metadata).not.toHaveProperty("cost_source");
    expect((await send({ "gen_ai.request.model": "?" })).unpriced_spans).toBe(1);
    expect((await send({ "gen_ai.request.model": "gpt-4o-mini" })).total_cost).toBe(0.00021);
  });

  test("does not become the sender's own by being read and sent again", async () => {
    const api = server.project();
    const trace_id = await storeTrace(api, { spans: [call({ metadata: { attempt: 1 } })] });
    const read = await onlySpan(api, trace_id);
    expect(read.metadata).toEqual({ attempt: 1, cost_source: "price_table" });
    await storeTrace(api, { trace_id, spans: [read] });
    expect(await onlySpan(api, trace_id)).toEqual(read);
    const { cost, metadata } = read;
    const changes = { cost, metadata, token_usage: { prompt_tokens: 2000, completion_tokens: 100 } };
    await api.patch(`/traces/${trace_id}/spans/${id(1)}`, changes);
    expect(await onlySpan(api, trace_id)).toMatchObject({ cost: { total: 0.00036 }, metadata });
  });

  test("leaves a sender's other cost_source alone", async () => {
    const trace = await change({ metadata: { cost_source: "invoice" }, cost: { total: 1 } }, {});
    expect(trace.spans).toMatchObject([{ cost: { total: 1 }, metadata: { cost_source: "invoice" } }]);
  });

  test("does not make scores stale", async () => {
    const api = server.project();
    const trace_id = await storeTrace(api, { spans: [call({ token_usage: null })] });
    const hash = () => database.run("select content_hash::text from traces where trace_id = $1", [trace_id]);
    const before = await hash();
    await storeTrace(api, { trace_id, spans: [call()] });
    expect(await hash()).toEqual(before);
  });
});
