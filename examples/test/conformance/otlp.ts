import type { PandaProbe } from "@pandaprobe/sdk";
import { expect } from "vitest";
import {
  evaluation,
  loggedMessage,
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
    name: "names a trace after its agent if the root has no name of its own",
    async check(side) {
      const client = side.client();
      const send = async (span: OtlpSpan) => {
        const body = otlpRequest([span], {}, "gcp.vertex.agent");
        expect((await side.send({ method: "POST", path, body }, client)).status).toBe(200);
        return (await client.getTrace(unknownId)).name;
      };
      const invocation = otlpSpan(traceId, 1, { name: "invocation" });
      const agent = (n: number, name: string) =>
        otlpSpan(traceId, n, { name: `agent_run [${name}]`, parentSpanId: invocation.spanId });
      expect(await send(invocation)).toBe("invocation");
      expect(await send(agent(3, "writer"))).toBe("writer");
      expect(await send(agent(2, "support"))).toBe("support");
      await client.updateTrace(unknownId, { name: "renamed" });
      expect(await send(agent(4, "reviewer"))).toBe("renamed");
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
    name: "makes scores of the evaluation results, once each, and when their trace comes",
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
    name: "gives spans the messages of the log, before and after them, and leaves what is there",
    async check(side) {
      const client = side.client();
      const logs = { method: "POST", path: "/v1/logs" };
      const chat = otlpSpan(traceId, 3, {
        parentSpanId: root.spanId,
        attributes: { "gen_ai.operation.name": "chat" },
      });
      const at = (ns: number) => ({ timeUnixNano: nanos(ns) });
      const weather = {
        id: "c1",
        type: "function",
        function: { name: "weather", arguments: '{"city":"Oslo"}' },
      };
      const records = [
        loggedMessage(chat, "gen_ai.tool.message", { id: "c1", content: "rain" }, at(3)),
        loggedMessage(chat, "gen_ai.assistant.message", { tool_calls: [weather] }, at(2)),
        loggedMessage(chat, "gen_ai.choice", { index: 1, message: { content: "Two" } }, at(4)),
        loggedMessage(chat, "gen_ai.choice", { index: 0, message: { content: "One" } }, at(4)),
        loggedMessage(chat, "gen_ai.user.message", { content: "Rain?" }, at(1)),
        loggedMessage(chat, "gen_ai.user.message", {}, at(1)),
        loggedMessage(call, "gen_ai.choice", { message: { content: "not read" } }, at(1)),
      ];
      const unreadable = loggedMessage({ ...chat, spanId: "" }, "gen_ai.user.message", "?");
      const early = [unreadable, ...records.slice(0, 3)];
      const { body } = await side.send({ ...logs, body: logRequest(early) }, client);
      expect(body).toMatchObject({ partialSuccess: { rejectedLogRecords: "1" } });
      await store(side, client, [root, call, chat]);
      await side.send({ ...logs, body: logRequest(records) }, client);
      await side.send({ ...logs, body: logRequest(records) }, client);
      const trace = {
        input: "Hello",
        spans: [
          { name: "invoke_agent" },
          {
            input: {
              messages: [
                { role: "user", content: "Rain?" },
                {
                  role: "assistant",
                  tool_calls: [{ id: "c1", function: { name: "weather", arguments: { city: "Oslo" } } }],
                },
                { role: "tool", tool_call_id: "c1", content: "rain" },
              ],
            },
            output: { messages: [{ content: "One" }, { content: "Two" }] },
          },
          { output: "Hi" },
        ],
      };
      expect(await client.getTrace(unknownId)).toMatchObject(trace);
      await store(side, client, [chat, root]);
      expect(await client.getTrace(unknownId)).toMatchObject(trace);
      const id = "00000000-0000-0000-0000-000000000003";
      await client.updateSpan(unknownId, id, { output: "corrected" });
      const details = { "gen_ai.tool.definitions": JSON.stringify([{ name: "weather" }]) };
      const event = "gen_ai.client.inference.operation.details";
      const last = [
        loggedMessage(chat, event, null, { attributes: details }),
        loggedMessage(chat, "gen_ai.choice", { message: { content: "late" } }, at(5)),
      ];
      await side.send({ ...logs, body: logRequest(last) }, client);
      expect((await client.getTrace(unknownId)).spans[1]).toMatchObject({
        output: "corrected",
        model_parameters: { tools: [{ name: "weather" }] },
      });
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
