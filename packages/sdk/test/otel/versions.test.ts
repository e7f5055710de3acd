import { ROOT_CONTEXT, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import * as version3 from "@opentelemetry/sdk-trace";
import * as version2 from "@opentelemetry/sdk-trace-base";
import type { TraceCreate } from "@pandaprobe/sdk";
import { PandaProbeExporter, toSpanId, toTraceId } from "@pandaprobe/sdk/otel";
import { PandaProbe } from "@pandaprobe/sdk/traces";
import { describe, expect, it } from "vitest";
import { apiKey } from "../support/test-client.ts";
import { sendJson, startTestServer } from "../support/test-server.ts";

interface Provider {
  getTracer(name: string): Tracer;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** A provider as each version of OpenTelemetry's SDK makes it. */
const versions: Readonly<Record<string, (exporter: PandaProbeExporter) => Provider>> = {
  "2": (exporter) =>
    new version2.BasicTracerProvider({ spanProcessors: [new version2.BatchSpanProcessor(exporter)] }),
  "3": (exporter) =>
    new version3.TracerProvider({ spanProcessors: [new version3.BatchSpanProcessor({ exporter })] }),
};

describe.each(Object.entries(versions))("version %s of OpenTelemetry's SDK", (_version, provide) => {
  it("exports whole traces through a BatchSpanProcessor, when flushed and when it ends", async () => {
    const traces: TraceCreate[] = [];
    await using server = await startTestServer((response, { body }) => {
      if (body !== "") traces.push(...(JSON.parse(body) as { traces: TraceCreate[] }).traces);
      sendJson(response, 202, { items: [], accepted: 0, rejected: 0 });
    });
    const client = new PandaProbe({ apiKey, projectName: "my-agent", endpoint: server.endpoint });
    const provider = provide(new PandaProbeExporter({ client }));
    const tracer = provider.getTracer("test");
    const root = tracer.startSpan(
      "POST /ask",
      { startTime: [1_772_355_600, 5], attributes: { "input.value": "Hi", "session.id": 7 } },
      ROOT_CONTEXT,
    );
    const step = tracer.startSpan(
      "chat",
      { startTime: [1_772_355_600, 7], attributes: { "gen_ai.operation.name": "chat" } },
      trace.setSpan(ROOT_CONTEXT, root),
    );
    step.recordException(new Error("too slow"));
    step.setStatus({ code: SpanStatusCode.ERROR });
    step.end([1_772_355_601, 0]);
    root.end([1_772_355_602, 0]);
    const invocation = provider.getTracer("gcp.vertex.agent").startSpan("invocation", {}, ROOT_CONTEXT);
    provider
      .getTracer("gcp.vertex.agent")
      .startSpan("agent_run [support]", {}, trace.setSpan(ROOT_CONTEXT, invocation))
      .end();
    invocation.end();
    await provider.forceFlush();
    expect(traces).toMatchObject([
      {
        trace_id: toTraceId(root.spanContext().traceId),
        name: "POST /ask",
        status: "ERROR",
        input: "Hi",
        session_id: "7",
        started_at: "2026-03-01T09:00:00.000000005Z",
        ended_at: "2026-03-01T09:00:02.000Z",
        spans: [
          { name: "POST /ask", parent_span_id: null },
          {
            name: "chat",
            kind: "LLM",
            status: "ERROR",
            error: "Error: too slow",
            parent_span_id: toSpanId(root.spanContext().spanId),
          },
        ],
      },
      { name: "support", spans: [{ kind: "CHAIN" }, { kind: "AGENT" }] },
    ]);
    tracer.startSpan("last", {}, ROOT_CONTEXT).end();
    await provider.shutdown();
    expect(traces.map(({ name }) => name)).toEqual(["POST /ask", "support", "last"]);
    await client.traces.close();
  });
});
