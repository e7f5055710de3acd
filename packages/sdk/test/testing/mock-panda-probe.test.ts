import { contract, otlpRoutes } from "@pandaprobe/contract";
import { isRateLimitError, isRunFailedError, isServerError, PandaProbe } from "@pandaprobe/sdk";
import { PandaProbeMetrics } from "@pandaprobe/sdk/metrics";
import { mockPandaProbe } from "@pandaprobe/sdk/testing/msw";
import { HttpHandler } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { handlers } from "../../src/testing/msw/handlers.ts";

const pandaProbe = mockPandaProbe();
const server = setupServer(...pandaProbe.handlers);
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => pandaProbe.reset());
afterAll(() => server.close());

const options = { apiKey: "sk_pp_test", projectName: "a" };
const client = new PandaProbe(options);
const metrics = ["task_completion"];
const trace = { name: "a", started_at: "2026-03-01" };

async function storeTraces(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push((await client.createTrace(trace)).trace_id);
  return ids;
}

describe("the whole contract", () => {
  it("is answered, operation by operation", () => {
    const routes = Object.entries(contract).map(([resource, its]) => [resource, Object.keys(its).sort()]);
    const answered = Object.entries(handlers).map(([resource, its]) => [resource, Object.keys(its).sort()]);
    expect(answered).toEqual(routes);
    const paths = pandaProbe.handlers.map((handler) =>
      handler instanceof HttpHandler ? `${String(handler.info.method)} ${String(handler.info.path)}` : "",
    );
    const expected = [...Object.values(contract), otlpRoutes]
      .flatMap((its) => Object.values(its))
      .map(({ method, path }) => `${method} http://127.0.0.1:8000${path}`);
    expect(paths).toEqual(expect.arrayContaining(expected));
    expect(paths).toHaveLength(expected.length + 1);
  });

  it("answers preflight requests, and lets pages of other origins read the answers", async () => {
    const url = "http://127.0.0.1:8000/traces/11111111-1111-1111-1111-111111111111";
    const origin = "http://localhost:3000";
    const asked = {
      origin,
      "access-control-request-method": "DELETE",
      "access-control-request-headers": "x-api-key",
    };
    const allowed = await fetch(url, { method: "OPTIONS", headers: asked });
    expect(allowed.status).toBe(204);
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": expect.stringContaining("DELETE"),
      "access-control-allow-headers": "x-api-key",
    });
    for (const path of [url, "http://127.0.0.1:8000/unknown"]) {
      const { headers } = await fetch(path, { headers: { origin } });
      expect(headers.get("access-control-allow-origin")).toBe("*");
      expect(headers.get("access-control-expose-headers")).toBe("*");
    }
    expect(pandaProbe.calls()).toHaveLength(1);
  });

  it("uses the endpoint of the environment, like the client", async () => {
    vi.stubEnv("PANDAPROBE_ENDPOINT", "https://eval.example.com/from/the/environment/");
    const own = mockPandaProbe();
    server.use(...own.handlers);
    await new PandaProbe(options).createTrace(trace);
    vi.unstubAllEnvs();
    server.resetHandlers();
    expect(own.calls().map(({ operation }) => operation)).toEqual(["createTrace"]);
  });

  it("uses the given endpoint, with any path prefix", async () => {
    const own = mockPandaProbe({ endpoint: "https://eval.example.com/panda/v1/" });
    server.use(...own.handlers);
    const there = new PandaProbe({ ...options, endpoint: "https://eval.example.com/panda/v1" });
    await there.createTrace({ ...trace, session_id: "a/b" });
    expect(await there.getSession("a/b")).toMatchObject({ trace_count: 1 });
    expect(own.calls().map(({ operation }) => operation)).toEqual(["createTrace", "getSession"]);
    expect(pandaProbe.calls()).toEqual([]);
    server.resetHandlers();
  });

  it("answers at any endpoint if asked to", async () => {
    const own = mockPandaProbe({ endpoint: "*" });
    server.use(...own.handlers);
    const there = new PandaProbe({ ...options, endpoint: "https://any.example.com/where" });
    expect(await there.getHealth()).toEqual({ status: "ok" });
    server.resetHandlers();
  });
});

describe("scores", () => {
  it("are 0.9 without a script, and say so", async () => {
    await storeTraces(1);
    const { scores } = await client.evaluateTraces({ metrics });
    expect(scores).toMatchObject([{ number: 0.9, reason: expect.stringContaining("Nothing is scripted") }]);
  });

  it("are as scripted: a script for a trace wins over one for a session, a metric, and all; the last one wins over earlier ones", async () => {
    const [first = "", second = ""] = await storeTraces(2);
    await client.updateTrace(second, { session_id: "s" });
    const { scores } = pandaProbe;
    scores.set("task_completion", 0.11, { traceId: first, reason: "For this trace." });
    scores.set("task_completion", 0.22, { sessionId: "s" });
    scores.set("task_completion", 0.33);
    scores.set("*", 0.44);
    scores.set("coherence", ({ metric, trace: its }) => ({
      value: its?.trace_id === first ? 0 : 1,
      reason: metric,
      metadata: { extra: true },
    }));
    const { scores: got } = await client.evaluateTraces({
      metrics: ["task_completion", "confidence", "coherence"],
    });
    expect(got.of(first, "task_completion")).toMatchObject({ number: 0.11, reason: "For this trace." });
    expect(got.of(second, "task_completion")?.number).toBe(0.22);
    expect(got.of(first, "confidence")?.number).toBe(0.44);
    expect(got.of(first, "coherence")).toMatchObject({
      number: 0,
      reason: "coherence",
      metadata: { extra: true, threshold: 0.5, success: false, model: "heuristic/v1" },
    });
  });

  it("fail as scripted, a number of times", async () => {
    await storeTraces(1);
    pandaProbe.scores.fail("task_completion", "The judge is asleep.", { times: 1 });
    const { run, scores } = await client.evaluateTraces({ metrics });
    expect(scores.failed).toMatchObject([{ value: null, reason: "The judge is asleep." }]);
    const retried = await client.waitForRun(await client.retryTraceRun(run.id));
    expect(retried.failed_count).toBe(0);
  });

  it("fail with the reason if a script throws or returns no score", async () => {
    await storeTraces(1);
    pandaProbe.scores.set("task_completion", () => 7);
    const { scores } = await client.evaluateTraces({ metrics });
    expect(scores.failed[0]?.reason).toContain("A score must be a number from 0 to 1");
    expect(() => pandaProbe.scores.set("task_completion", Number.NaN)).toThrow(RangeError);
  });

  it("fail if a script is async, and handle its rejection, which would end the program", async () => {
    const late = async () => {
      throw new Error("late");
    };
    pandaProbe.scores.set("task_completion", late as never);
    await storeTraces(1);
    const { scores } = await client.evaluateTraces({ metrics });
    expect(scores[0]?.reason).toContain("a script must return a score, not a promise");
  });

  it("of sessions come from the signals or from the script", async () => {
    await client.createTrace({ ...trace, session_id: "a" });
    await client.createTrace({ ...trace, session_id: "b" });
    pandaProbe.scores.set("confidence", 0.2, { sessionId: "a" });
    pandaProbe.scores.set("agent_consistency", 0.5, { sessionId: "a" });
    const { scores } = await client.evaluateSessions({ metrics: ["agent_reliability", "agent_consistency"] });
    expect(scores.of("a", "agent_reliability")).toMatchObject({
      number: 0.2,
      metadata: { flagged_traces: [expect.any(String)] },
    });
    expect(scores.of("a", "agent_consistency")?.number).toBe(0.5);
    expect(scores.of("b", "agent_reliability")).toMatchObject({
      number: 0.9,
      metadata: { flagged_traces: [] },
    });
  });

  it("of sessions are aggregated from the signals as on the server", async () => {
    // The numbers that the metrics are described by.
    const signals = [
      { confidence: 0.9, loop_detection: 1, tool_correctness: 1, coherence: 0.8 },
      { confidence: 0.4, loop_detection: 0.5, tool_correctness: 0.75, coherence: 0.9 },
      { loop_detection: 1, tool_correctness: 0.5, coherence: 0.7 },
    ];
    for (const its of signals) {
      const { trace_id: traceId } = await client.createTrace({ ...trace, session_id: "s" });
      if (its.confidence === undefined) pandaProbe.scores.fail("confidence", "None.", { traceId });
      for (const [name, value] of Object.entries(its)) pandaProbe.scores.set(name, value, { traceId });
    }
    const { scores } = await client.evaluateSessions({ metrics: ["agent_reliability", "agent_consistency"] });
    expect(scores.of("s", "agent_reliability")?.value).toBe("0.4");
    expect(scores.of("s", "agent_consistency")?.value).toBe("0.2316");
  });
});

describe("runs", () => {
  it("progress as time is advanced", async () => {
    await storeTraces(3);
    pandaProbe.runs.targetMs = 60_000;
    const { id } = await client.createTraceRun({ metrics });
    const seen = async () => {
      const { status, evaluated_count: count } = await client.getTraceRun(id);
      return `${status} ${count}`;
    };
    expect(await seen()).toBe("RUNNING 0");
    pandaProbe.advance(60_000);
    expect(await seen()).toBe("RUNNING 1");
    expect(await client.getTraceRunScores(id)).toHaveLength(1);
    pandaProbe.advance(120_000);
    expect(await seen()).toBe("COMPLETED 3");
  });

  it("answer a waiting read at once", async () => {
    await storeTraces(2);
    pandaProbe.runs.targetMs = 3_600_000;
    const { id } = await client.createTraceRun({ metrics });
    const first = await client.getTraceRun(id, { waitSeconds: 30 }).withResponse();
    expect(first.data.evaluated_count).toBe(1);
    expect(first.headers.get("preference-applied")).toBe("wait=30");
    expect(await client.getTraceRun(id, { waitSeconds: 30 })).toMatchObject({ status: "COMPLETED" });
  });

  it("stream each change, and then end", async () => {
    await storeTraces(2);
    pandaProbe.runs.targetMs = 1000;
    const { id } = await client.createTraceRun({ metrics });
    const url = `http://127.0.0.1:8000/evaluations/trace-runs/${id}/events`;
    const headers = { "x-api-key": "a", "x-project-name": "a" };
    const text = await (await fetch(url, { headers })).text();
    expect(text.match(/^id: .*$/gm)).toEqual(["id: RUNNING-0-0", "id: RUNNING-1-0", "id: COMPLETED-2-0"]);
    expect(text.match(/^event: .*$/gm)).toEqual(["event: progress", "event: progress", "event: end"]);
  });

  it("that never progress wake their stream when they are deleted", async () => {
    await storeTraces(1);
    pandaProbe.runs.targetMs = Number.POSITIVE_INFINITY;
    const { id } = await client.createTraceRun({ metrics });
    const url = `http://127.0.0.1:8000/evaluations/trace-runs/${id}/events`;
    const response = await fetch(url, { headers: { "x-api-key": "a", "x-project-name": "a" } });
    await client.deleteTraceRun(id);
    expect(await response.text()).toContain(`event: deleted\ndata: {"id":"${id}"}`);
  });

  it("fail as scripted", async () => {
    await storeTraces(3);
    pandaProbe.runs.failNext("The judge is gone.", 1);
    const error = await client.evaluateTraces({ metrics }).catch((reason: unknown) => reason);
    if (!isRunFailedError(error)) throw error;
    expect(error.run).toMatchObject({
      status: "FAILED",
      error_message: "The judge is gone.",
      evaluated_count: 1,
    });
    expect((await client.evaluateTraces({ metrics })).run.status).toBe("COMPLETED");
  });

  it("count the items of a trace that is deleted during the run as failed", async () => {
    const [id = ""] = await storeTraces(2);
    pandaProbe.runs.targetMs = 1000;
    const run = await client.createTraceRun({ metrics });
    await client.deleteTrace(id);
    pandaProbe.advance(2000);
    expect(await client.getTraceRun(run.id)).toMatchObject({ evaluated_count: 2, failed_count: 1 });
    expect(await client.getTraceRunScores(run.id)).toHaveLength(1);
  });

  it("can be waited for with fake timers", async () => {
    vi.useFakeTimers();
    try {
      await storeTraces(3);
      pandaProbe.runs.targetMs = 10_000;
      const start = Date.now();
      const waiting = client.evaluateTraces({ metrics });
      await vi.runAllTimersAsync();
      expect((await waiting).run.status).toBe("COMPLETED");
      expect(Date.now() - start).toBeLessThan(30_000);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("faults", () => {
  it("hit the next calls of an operation, and the client retries", async () => {
    pandaProbe.faults.next("createTrace", { status: 503, retryAfterSeconds: 0 });
    pandaProbe.faults.next("createTrace", "network_error");
    await client.createTrace(trace);
    expect(pandaProbe.calls("createTrace")).toHaveLength(3);
    expect((await client.listTraces()).total).toBe(1);
  });

  it("lose a response but not the work, which a repeated call does not do again", async () => {
    await storeTraces(1);
    pandaProbe.faults.next("createTraceRun", "lost_answer");
    await client.createTraceRun({ metrics });
    const [first, second] = pandaProbe.calls("createTraceRun");
    expect(first?.headers.get("idempotency-key")).toBe(second?.headers.get("idempotency-key"));
    expect((await client.listTraceRuns()).total).toBe(1);
  });

  it("answer like the server", async () => {
    const impatient = client.withOptions({ retries: 0 });
    pandaProbe.faults.next("*", { status: 429, retryAfterSeconds: 12 });
    const limited = await impatient.listTraces().then(null, (reason: unknown) => reason);
    if (!isRateLimitError(limited)) throw limited;
    expect(limited).toMatchObject({ code: "rate_limited", retryAfterSeconds: 12 });
    pandaProbe.faults.next("listTraces", { status: 500, detail: "Boom." });
    const broken = await impatient.listTraces().then(null, (reason: unknown) => reason);
    if (!isServerError(broken)) throw broken;
    expect(broken).toMatchObject({ code: "internal_error", detail: "Boom." });
    expect(() => pandaProbe.faults.next("listTraces", { status: 200 })).toThrow(RangeError);
  });

  describe("that delay answers", () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it("end with the time", async () => {
      pandaProbe.faults.next("getHealth", { delayMs: 3000 });
      const start = Date.now();
      const answer = client.getHealth();
      await vi.advanceTimersByTimeAsync(3000);
      expect(await answer).toEqual({ status: "ok" });
      expect(Date.now() - start).toBe(3000);
    });
  });
});

describe("monitors", () => {
  it("fire at each tick if something has changed", async () => {
    await storeTraces(1);
    const fields = { target_type: "TRACE", metrics, cadence: "daily" } as const;
    const eager = await client.createMonitor({ ...fields, name: "eager", only_if_changed: false });
    const calm = await client.createMonitor({ ...fields, name: "calm" });
    pandaProbe.advance(3 * 24 * 3_600_000);
    expect((await client.listMonitorRuns(eager.id)).total).toBe(3);
    expect((await client.listMonitorRuns(calm.id)).total).toBe(1);
    await storeTraces(1);
    pandaProbe.advance(24 * 3_600_000);
    expect((await client.listMonitorRuns(calm.id)).items).toMatchObject([
      { status: "COMPLETED", total_targets: 2, name: "[Monitor] calm" },
      { status: "COMPLETED", total_targets: 1 },
    ]);
  });

  it("leave out traces that are still being written until they are quiet", async () => {
    const fields = { target_type: "TRACE", metrics, cadence: "daily" } as const;
    const { id } = await client.createMonitor({ ...fields, name: "calm" });
    pandaProbe.advance(24 * 3_600_000 - 10_000);
    await client.createTrace({ ...trace, status: "RUNNING" });
    await storeTraces(1);
    pandaProbe.advance(10_000);
    expect((await client.listMonitorRuns(id)).items).toMatchObject([{ total_targets: 1 }]);
    pandaProbe.advance(24 * 3_600_000);
    expect((await client.listMonitorRuns(id)).items).toMatchObject([
      { total_targets: 2 },
      { total_targets: 1 },
    ]);
    pandaProbe.advance(24 * 3_600_000);
    expect((await client.listMonitorRuns(id)).total).toBe(2);
  });

  it("skip ticks until a judge would read something else", async () => {
    const [id = ""] = await storeTraces(1);
    await client.updateTrace(id, { session_id: "s" });
    const ofTraces = { name: "a", target_type: "TRACE", metrics, cadence: "daily" } as const;
    const monitors = [
      await client.createMonitor(ofTraces),
      await client.createMonitor({ ...ofTraces, target_type: "SESSION", metrics: ["agent_consistency"] }),
    ];
    const runs = async () => {
      pandaProbe.advance(24 * 3_600_000);
      return Promise.all(monitors.map(async (monitor) => (await client.listMonitorRuns(monitor.id)).total));
    };
    expect(await runs()).toEqual([1, 1]);
    await client.updateTrace(id, { name: "renamed", tags: ["a"] });
    expect(await runs()).toEqual([1, 1]);
    await client.updateTrace(id, { output: "something else" });
    expect(await runs()).toEqual([2, 2]);
    await client.createTrace({ name: "late", started_at: "2026-03-01T09:00:00Z", session_id: "s" });
    expect(await runs()).toEqual([3, 3]);
  });
});

describe("OpenTelemetry's exporters", () => {
  const send = (headers: Record<string, string>) =>
    fetch("http://127.0.0.1:8000/v1/traces", {
      method: "POST",
      headers: { authorization: `Bearer ${options.apiKey}`, ...headers },
      body: JSON.stringify({
        resourceSpans: [
          {
            resource: { attributes: [{ key: "service.name", value: { stringValue: "a" } }] },
            scopeSpans: [
              {
                spans: [
                  { traceId: "1".repeat(32), spanId: "2".repeat(16), name: "ask", startTimeUnixNano: "1" },
                ],
              },
            ],
          },
        ],
      }),
    });
  const json = { "content-type": "application/json" };

  it("send to the project of their service with a bearer token", async () => {
    expect(await (await send(json)).json()).toEqual({});
    expect((await client.listTraces()).items).toMatchObject([{ name: "ask", span_count: 1 }]);
    expect(pandaProbe.calls("exportTraces")).toMatchObject([{ body: { resourceSpans: [{}] } }]);
  });

  it("get faults and errors as a status", async () => {
    pandaProbe.faults.next("exportTraces", { status: 503 });
    const down = await send(json);
    expect([down.status, down.headers.get("retry-after"), await down.json()]).toMatchObject([
      503,
      "1",
      { code: 14 },
    ]);
    const refused = await send({ "content-type": "application/x-protobuf" });
    expect([refused.status, await refused.json()]).toMatchObject([
      415,
      { message: expect.stringContaining("OTEL_EXPORTER_OTLP_PROTOCOL=http/json") },
    ]);
  });
});

it("uses a metric's own judge beside the judge of the run, even in a retry", async () => {
  const endpoint = "http://judges.test";
  const judged = mockPandaProbe({ endpoint, providers: ["openai"] });
  server.use(...judged.handlers);
  const one = new PandaProbe({ ...options, endpoint });
  await one.createTrace(trace);
  const strict = {
    kind: "checklist" as const,
    criteria: [{ id: "a", question: "Is it?" }],
    model: "openai/strict",
  };
  await new PandaProbeMetrics({ ...options, endpoint }).putMetric("strict", strict);
  judged.scores.fail("strict", "The judge gave no answer.");
  const { run, scores } = await one.evaluateTraces({ metrics: ["strict", "confidence"] });
  const judges = scores.map(({ name, metadata }) => [name, metadata["model"]]).sort();
  expect([run.model, ...judges]).toEqual([
    "heuristic/v1",
    ["confidence", "heuristic/v1"],
    ["strict", "openai/strict"],
  ]);
  const retried = await one.retryTraceRun(run.id);
  await one.waitForRun(retried);
  expect(await one.getTraceRunScores(retried.id)).toMatchObject([{ metadata: { model: "openai/strict" } }]);
});

it("records the requests", async () => {
  const [id = ""] = await storeTraces(1);
  await client.listTraces({ tags: ["a", "b"], limit: 5 });
  await client.updateTrace(id, { name: "b" });
  expect(pandaProbe.calls("listTraces")[0]?.query.getAll("tags")).toEqual(["a", "b"]);
  expect(pandaProbe.calls("updateTrace")).toMatchObject([{ path: { trace_id: id }, body: { name: "b" } }]);
});

it("clears everything between tests", async () => {
  const before = await storeTraces(1);
  pandaProbe.scores.set("*", 0);
  pandaProbe.faults.next("*", "network_error", 9);
  pandaProbe.runs.targetMs = 1;
  pandaProbe.reset();
  expect(pandaProbe.calls()).toEqual([]);
  expect((await client.listTraces()).total).toBe(0);
  expect(await storeTraces(1)).toEqual(before);
  expect((await client.evaluateTraces({ metrics })).scores[0]?.number).toBe(0.9);
});

it("rejects going back in time", () => {
  expect(() => pandaProbe.advance(-1)).toThrow(RangeError);
  expect(() => pandaProbe.advance(Number.NaN)).toThrow(RangeError);
});
