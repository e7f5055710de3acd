import { AsyncLocalStorage } from "node:async_hooks";
import { type Attributes, type Context, context, ROOT_CONTEXT, SpanKind, trace } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import type { TraceCreate } from "@pandaprobe/sdk";
import { PandaProbeExporter, toTraceId } from "@pandaprobe/sdk/otel";
import { PandaProbe } from "@pandaprobe/sdk/traces";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { apiKey } from "../support/test-client.ts";
import { sendJson, sendProblem, startTestServer } from "../support/test-server.ts";

async function traceServer() {
  const traces: TraceCreate[] = [];
  const server = await startTestServer((response, { body }) => {
    if (body !== "") traces.push(...(JSON.parse(body) as { traces: TraceCreate[] }).traces);
    sendJson(response, 202, { items: [], accepted: 0, rejected: 0 });
  });
  return Object.assign(server, { traces });
}

function tracing(
  endpoint: string,
  options: ConstructorParameters<typeof PandaProbeExporter>[0] = {},
  onDrop?: () => void,
) {
  const client = new PandaProbe({ apiKey, projectName: "my-agent", endpoint, traces: { onDrop } });
  const exporter: SpanExporter = new PandaProbeExporter({ client, ...options });
  const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  return { client, exporter, provider, tracer: provider.getTracer("test") };
}

const exported = (exporter: SpanExporter, spans: ReadableSpan[]) =>
  new Promise<ExportResult>((resolve) => exporter.export(spans, resolve));
type ExportResult = Parameters<Parameters<SpanExporter["export"]>[1]>[0];

describe("PandaProbeExporter", () => {
  it("sends traces of OpenTelemetry's own SDK", async () => {
    await using server = await traceServer();
    const { provider, tracer } = tracing(server.endpoint);
    const root = tracer.startSpan(
      "ask",
      { attributes: { "input.value": "Hi", "output.value": "Ho" } },
      ROOT_CONTEXT,
    );
    const step = { attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5.4" } };
    tracer.startSpan("chat gpt-5.4", step, trace.setSpan(context.active(), root)).end();
    root.end();
    await provider.forceFlush();
    expect(server.traces).toMatchObject([
      {
        trace_id: toTraceId(root.spanContext().traceId),
        name: "ask",
        input: "Hi",
        output: "Ho",
        spans: [{ name: "ask" }, { name: "chat gpt-5.4", kind: "LLM", model: "gpt-5.4" }],
      },
    ]);
    await provider.shutdown();
  });

  it("takes the trace's fields from a root that comes later, over several exports", async () => {
    await using server = await traceServer();
    const { provider, tracer } = tracing(server.endpoint);
    const root = tracer.startSpan("ask", {}, ROOT_CONTEXT);
    const under = trace.setSpan(context.active(), root);
    tracer.startSpan("early", {}, under).end();
    await provider.forceFlush();
    root.end();
    await provider.forceFlush();
    tracer.startSpan("late", {}, under).end();
    await provider.shutdown();
    expect(server.traces.map(({ name, status, spans }) => [name, status, spans?.[0]?.name])).toEqual([
      ["early", "RUNNING", "early"],
      ["ask", "COMPLETED", "ask"],
      ["ask", undefined, "late"],
    ]);
    expect(new Set(server.traces.map(({ trace_id }) => trace_id)).size).toBe(1);
  });

  describe("does not export its own requests to the server", () => {
    /** As instrumentations of fetch, undici and node:http name the URL. */
    const attributes: readonly [string, (url: string) => Attributes][] = [
      ["url.full", (url) => ({ "http.request.method": "POST", "url.full": url })],
      ["http.url", (url) => ({ "http.method": "POST", "http.url": url })],
    ];

    it.each(attributes)("without a context manager, by %s", async (_name, attributesOf) => {
      await using server = await traceServer();
      const { client, provider, tracer } = traced(
        server.endpoint.replace("127.0.0.1", "LOCALHOST"),
        attributesOf,
      );
      tracer.startSpan("ask", {}, ROOT_CONTEXT).end();
      for (let times = 0; times < 3; times += 1) await provider.forceFlush();
      expect(server.traces.map(({ name }) => name)).toEqual(["ask"]);
      // The program's own requests are traced like any other.
      await client.listTraces();
      await provider.shutdown();
      expect(server.traces.map(({ name }) => name)).toEqual(["ask", "GET"]);
    });

    it("with a context manager, not even to other exporters", async () => {
      await using server = await traceServer();
      const manager = new AsyncLocalStorage<Context>();
      context.setGlobalContextManager({
        active: () => manager.getStore() ?? ROOT_CONTEXT,
        with: (active, run, self, ...given) => manager.run(active, () => run.call(self as never, ...given)),
        bind: (_active, target) => target,
        enable() {
          return this;
        },
        disable() {
          return this;
        },
      });
      onTestFinished(() => context.disable());
      const { client, others, tracer } = traced(server.endpoint, (url) => ({ "url.full": url }));
      const root = tracer.startSpan("ask");
      await context.with(trace.setSpan(context.active(), root), async () => {
        client.traces.send({ name: "of its own", started_at: "2026-03-29T10:00:00Z" });
        await client.traces.flush();
      });
      root.end();
      expect(server.traces).toHaveLength(1);
      expect(others.map(({ name }) => name)).toEqual(["ask"]);
    });

    /** A program whose requests are traced as by an instrumentation of fetch. */
    function traced(endpoint: string, attributesOf: (url: string) => Attributes) {
      const others: ReadableSpan[] = [];
      const client = new PandaProbe({ apiKey, projectName: "my-agent", endpoint });
      const untraced = fetch;
      vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
        const options = { kind: SpanKind.CLIENT, attributes: attributesOf(new URL(url).href) };
        const span = tracer.startSpan(`${init.method}`, options);
        // As in a browser, where the steps of a request have no URL.
        const under = trace.setSpan(context.active(), span);
        if (init.method === "POST") tracer.startSpan("CORS Preflight", {}, under).end();
        const response = await untraced(url, init);
        span.end();
        return response;
      });
      onTestFinished(() => {
        vi.unstubAllGlobals();
      });
      const other: SpanExporter = {
        export(spans, done) {
          others.push(...spans);
          done({ code: 0 });
        },
        shutdown: async () => {},
      };
      const exporter: SpanExporter = new PandaProbeExporter({ client });
      const provider = new BasicTracerProvider({
        spanProcessors: [new BatchSpanProcessor(exporter), new SimpleSpanProcessor(other)],
      });
      const tracer = provider.getTracer("test");
      return { client, others, provider, tracer };
    }
  });

  it("leaves out spans that the filter rejects", async () => {
    await using server = await traceServer();
    const { provider, tracer } = tracing(server.endpoint, { filter: ({ name }) => name !== "GET /health" });
    tracer.startSpan("GET /health", {}, ROOT_CONTEXT).end();
    tracer.startSpan("ask", {}, ROOT_CONTEXT).end();
    await provider.shutdown();
    expect(server.traces.map(({ name }) => name)).toEqual(["ask"]);
  });

  it("closes its own sender, but not a given one", async () => {
    await using server = await traceServer();
    const { client, provider } = tracing(server.endpoint);
    await provider.shutdown();
    client.traces.send({ name: "after", started_at: "2026-03-29T10:00:00Z" });
    await client.traces.flush();
    expect(server.traces).toHaveLength(1);
  });

  it("reports spans that it cannot read to OpenTelemetry, and sends the others", async () => {
    await using server = await traceServer();
    const { exporter, tracer } = tracing(server.endpoint, {
      filter: ({ attributes }) => (attributes["kind"] as string).length > 0,
    });
    const spans = ["a", undefined, "c"].map((kind) =>
      tracer.startSpan("ask", { attributes: { kind } }, ROOT_CONTEXT),
    );
    for (const span of spans) span.end();
    const results = await exported(exporter, [{} as never, ...(spans as unknown as ReadableSpan[])]);
    expect(results).toEqual({ code: 1, error: expect.any(AggregateError) });
    expect(results.error).toHaveProperty("errors", [expect.any(TypeError), expect.any(TypeError)]);
    expect(server.traces).toHaveLength(2);
  });

  it("reports drops to OpenTelemetry", async () => {
    await using server = await startTestServer((response) => sendProblem(response, 401));
    const { client, exporter, tracer } = tracing(server.endpoint, {}, () => {});
    const span = tracer.startSpan("ask", {}, ROOT_CONTEXT);
    span.end();
    const failed = { code: 1, error: new Error("1 traces were dropped; the client's onDrop says why.") };
    await expect(exported(exporter, [span as unknown as ReadableSpan])).resolves.toEqual(failed);
    await client.traces.close();
    await expect(exported(exporter, [span as unknown as ReadableSpan])).resolves.toEqual(failed);
  });

  it("names the missing setting if it cannot create its own client", () => {
    expect(() => new PandaProbeExporter()).toThrow("PANDAPROBE_API_KEY");
  });
});
