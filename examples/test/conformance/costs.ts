import { expect } from "vitest";
import { otlpRequest, otlpSpan } from "../../../packages/server/test/support/otlp.ts";
import { storeTrace, unknownId } from "./samples.ts";
import type { Behaviour } from "./side.ts";

const started_at = "2026-03-01T09:00:01Z";
const span_id = "00000000-0000-0000-0000-000000000001";
const call = {
  name: "call the model",
  kind: "LLM",
  span_id,
  started_at,
  model: "openai/gpt-4o",
  token_usage: { prompt_tokens: 1000, completion_tokens: 100 },
} as const;
const computed = { cost: { total: 0.0035 }, metadata: { cost_source: "price_table" } };

/** Costs that the server computes from models and tokens. */
export const costs: readonly Behaviour[] = [
  {
    name: "computes the cost of a model call from its tokens, and counts those it cannot",
    async check(side) {
      const client = side.client();
      const trace_id = await storeTrace(client, { session_id: "s", spans: [call] });
      expect((await client.getTrace(trace_id)).spans).toMatchObject([computed]);
      const unknown = { ...call, span_id: undefined, model: "my-model" };
      await client.createSpans(trace_id, [
        unknown,
        { ...unknown, cost: { total: 1 } },
        { ...unknown, kind: "AGENT" },
      ]);
      const totals = { total_cost: 1.0035, unpriced_spans: 1 };
      expect(await client.getTrace(trace_id)).toMatchObject(totals);
      expect(await client.listTraces()).toMatchObject({ items: [totals] });
      expect(await client.listSessions()).toMatchObject({ items: [totals] });
      const period = { started_after: "2026-03-01", started_before: "2026-03-02" };
      expect(await client.getTraceAnalytics({ ...period, metric: "cost" })).toMatchObject([totals]);
      expect(await client.getTraceAnalytics({ ...period, metric: "models" })).toMatchObject([
        { model: "my-model", unpriced_spans: 1 },
        { model: "openai/gpt-4o", unpriced_spans: 0 },
      ]);
    },
  },
  {
    name: "computes a cost again when model or tokens change, and prefers the sender's own",
    async check(side) {
      const client = side.client();
      const trace_id = await storeTrace(client, { spans: [call] });
      const [read] = (await client.getTrace(trace_id)).spans;
      expect(read).toMatchObject(computed);
      const name = "answer a question";
      await client.createTrace({ trace_id, name, started_at, spans: read === undefined ? [] : [read] });
      expect((await client.getTrace(trace_id)).spans).toEqual([read]);
      const change = (fields: object) => client.updateSpan(trace_id, span_id, fields);
      expect(await change({ model: "gpt-4o-mini" })).toMatchObject({ cost: { total: 0.00021 } });
      expect(await change({ model: "?" })).toMatchObject({ cost: null, metadata: {} });
      expect(await change({ cost: { total: 2 } })).toMatchObject({ cost: { total: 2 }, metadata: {} });
      expect(await change({ model: "gpt-4o" })).toMatchObject({ cost: { total: 2 }, metadata: {} });
      expect(await change({ cost: null })).toMatchObject(computed);
    },
  },
  {
    name: "computes the costs of OpenTelemetry's spans",
    async check(side) {
      const client = side.client();
      const traceId = unknownId.replaceAll("-", "");
      const attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.response.model": "gpt-4o-2024-08-06",
        "gen_ai.usage.input_tokens": 1000,
        "gen_ai.usage.output_tokens": 100,
      };
      const body = otlpRequest([otlpSpan(traceId, 1, { attributes })]);
      await side.send({ method: "POST", path: "/v1/traces", body }, client);
      expect((await client.getTrace(unknownId)).spans).toMatchObject([{ cost: computed.cost }]);
    },
  },
];
