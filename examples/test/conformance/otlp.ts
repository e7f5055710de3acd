import type { PandaProbe } from "@pandaprobe/sdk";
import { expect } from "vitest";
import {
  evaluation,
  logRequest,
  nanos,
  type OtlpSpan,
  otlpRequest,
  otlpSpan,
} from "../../../packages/server/test/support/otlp.ts";
import { unknownId } from "./samples.ts";
import type { Behaviour, Side } from "./side.ts";

const traceId = unknownId.replaceAll("-", "");
const root = otlpSpan(traceId, 1, {
  name: "invoke_agent",
  endTimeUnixNano: nanos(3_000_000_000),
  attributes: {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "support",
    "session.id": 7,
    "tag.tags": ["beta"],
    "input.value": "Hello",
    tier: "gold",
  },
});
const call = otlpSpan(traceId, 2, {
  parentSpanId: root.spanId,
  startTimeUnixNano: nanos(1_000_000_001),
  status: { code: 2, message: "too slow" },
  attributes: { "gen_ai.operation.name": "chat", "output.value": "Hi", "gen_ai.usage.input_tokens": 3 },
});

const path = "/v1/traces";

async function store(side: Side, client: PandaProbe, spans: readonly OtlpSpan[]): Promise<void> {
  const { status, body } = await side.send({ method: "POST", path, body: otlpRequest(spans) }, client);
  expect([status, body]).toEqual([200, {}]);
}

export const otlp: readonly Behaviour[] = [
  {
    name: "makes a trace of spans, more right with each batch",
    async check(side) {
      const client = side.client();
      await store(side, client, [call]);
      expect(await client.getTrace(unknownId)).toMatchObject({ status: "RUNNING", output: "Hi" });
      await client.updateTrace(unknownId, { tags: ["mine"], metadata: { seen: true } });
      await store(side, client, [root]);
      const trace = {
        name: "support",
        status: "COMPLETED",
        input: "Hello",
        output: "Hi",
        session_id: "7",
        tags: ["mine", "beta"],
        metadata: { seen: true, tier: "gold" },
        total_tokens: 3,
        spans: [{ name: "invoke_agent" }, { status: "ERROR", error: "too slow" }],
      };
      expect(await client.getTrace(unknownId)).toMatchObject(trace);
      await client.updateTrace(unknownId, { name: "renamed" });
      await store(side, client, [call, root, call]);
      expect(await client.getTrace(unknownId)).toMatchObject({ ...trace, name: "renamed" });
    },
  },
  {
    name: "answers partial success for spans that cannot be read or stored",
    async check(side) {
      const client = side.client();
      const spans = [root, { ...call, spanId: "1" }, { ...call, attributes: 7 }] as OtlpSpan[];
      const { status, body } = await side.send({ method: "POST", path, body: otlpRequest(spans) }, client);
      expect(status).toBe(200);
      expect(body).toMatchObject({ partialSuccess: { rejectedSpans: "2" } });
      expect((await client.getTrace(unknownId)).spans).toHaveLength(1);
    },
  },
  {
    name: "makes scores of the results of evaluations, once each, and when their trace comes",
    async check(side) {
      const client = side.client();
      const logs = { method: "POST", path: "/v1/logs" };
      const events = [
        evaluation(traceId, {
          spanId: call.spanId,
          attributes: { "gen_ai.evaluation.explanation": "Short." },
        }),
        evaluation(traceId, {
          attributes: { "gen_ai.evaluation.name": "Stars", "gen_ai.evaluation.score.value": 4 },
        }),
        evaluation(traceId, { eventName: "app.started" }),
      ];
      const { body } = await side.send({ ...logs, body: logRequest(events) }, client);
      expect(body).toMatchObject({ partialSuccess: { rejectedLogRecords: "1" } });
      await store(side, client, [root]);
      await side.send({ ...logs, body: logRequest(events.slice(0, 2)) }, client);
      const scores = await client.getTraceScores(unknownId);
      expect(scores).toMatchObject([
        { name: "Relevance", value: "0.5", source: "PROGRAMMATIC", reason: "Short.", stale: false },
        { name: "Stars", value: "4", data_type: "CATEGORICAL", metadata: { score: 4 } },
      ]);
      expect((await client.listTraceScores()).total).toBe(2);
    },
  },
  {
    name: "refuses what is no request of OTLP with a status",
    async check(side) {
      const codes: unknown[] = [];
      const requests = [
        { method: "POST", path, body: "{" },
        { method: "POST", path, body: "[]" },
        { method: "POST", path, body: {}, headers: { "x-api-key": null } },
        { method: "POST", path, body: {}, headers: { "x-api-key": "sk_pp_0" } },
        { method: "POST", path, body: {}, headers: { "x-project-name": "?" } },
        { method: "GET", path },
        { method: "POST", path: "/v1/metrics", body: {} },
      ];
      for (const request of requests) {
        const { status, body } = await side.send(request);
        codes.push([status, (body as { code?: unknown }).code]);
      }
      expect(codes).toEqual([
        [400, 3],
        [400, 3],
        [401, 16],
        [401, 16],
        [422, 3],
        [405, 3],
        [404, 5],
      ]);
    },
  },
];
