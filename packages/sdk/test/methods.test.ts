import type { PandaProbe, TraceCreate } from "@pandaprobe/sdk";
import { expect, it } from "vitest";
import { operations } from "../scripts/operations.ts";
import { apiKey, testClient } from "./support/test-client.ts";
import { sendJson, startTestServer } from "./support/test-server.ts";

const id = "11111111-1111-1111-1111-111111111111";
const trace: TraceCreate = { name: "a", started_at: "2026-03-01", input: { nested: [1, null, "ü"] } };
const run = { metrics: ["task_completion"], filters: { tags: ["a", "b"] }, sampling_rate: 0 };
const batch = { metrics: ["task_completion"], trace_ids: [id] };
const monitor = {
  name: "nightly",
  target_type: "TRACE" as const,
  metrics: ["task_completion"],
  cadence: "daily",
};
const sessionRun = { metrics: ["agent_reliability"], signal_weights: { confidence: 2 } };
const sessionBatch = { metrics: ["agent_reliability"], session_ids: ["support/4711"] };
const span = { name: "a", started_at: "2026-03-01" };
const period = { started_after: "2026-03-01", started_before: "2026-04-01" };
const score = { trace_id: id, name: "quality", value: "0.9" };

/** Every method, with what it must send: method, path with query as it is on the wire, and body. */
const calls: Record<string, [(client: PandaProbe) => Promise<unknown>, string, unknown?]> = {
  createTrace: [(client) => client.createTrace(trace), "POST /traces", trace],
  listTraces: [
    (client) =>
      client.listTraces({
        tags: ["a,b", "c&d"],
        name: "50% ü",
        status: "ERROR",
        user_id: undefined,
        limit: 5,
      }),
    "GET /traces?tags=a%2Cb&tags=c%26d&name=50%25+%C3%BC&status=ERROR&limit=5",
  ],
  getTrace: [(client) => client.getTrace(id), `GET /traces/${id}`],
  updateTrace: [
    (client) => client.updateTrace(id, { output: null }),
    `PATCH /traces/${id}`,
    { output: null },
  ],
  deleteTrace: [(client) => client.deleteTrace(id), `DELETE /traces/${id}`],
  listSpans: [
    (client) => client.listSpans(id, { cursor: id, limit: 5 }),
    `GET /traces/${id}/spans?cursor=${id}&limit=5`,
  ],
  createSpans: [(client) => client.createSpans(id, [span]), `POST /traces/${id}/spans`, [span]],
  updateSpan: [
    (client) => client.updateSpan(id, id, { status: "OK" }),
    `PATCH /traces/${id}/spans/${id}`,
    { status: "OK" },
  ],
  createTraceBatch: [
    (client) => client.createTraceBatch({ traces: [trace] }),
    "POST /traces/batch",
    { traces: [trace] },
  ],
  deleteTraces: [
    (client) => client.deleteTraces({ trace_ids: [id] }),
    "POST /traces/batch/delete",
    { trace_ids: [id] },
  ],
  tagTraces: [
    (client) => client.tagTraces({ trace_ids: [id], add_tags: ["a"] }),
    "POST /traces/batch/tags",
    { trace_ids: [id], add_tags: ["a"] },
  ],
  getTraceAnalytics: [
    (client) => client.getTraceAnalytics({ ...period, metric: "models" }),
    "GET /traces/analytics?metric=models&started_after=2026-03-01&started_before=2026-04-01",
  ],
  listTraceUsers: [(client) => client.listTraceUsers({ limit: 5 }), "GET /traces/users?limit=5"],
  listSessions: [(client) => client.listSessions({ has_error: false }), "GET /sessions?has_error=false"],
  getSessionAnalytics: [
    (client) => client.getSessionAnalytics({ ...period, granularity: "week" }),
    "GET /sessions/analytics?started_after=2026-03-01&started_before=2026-04-01&granularity=week",
  ],
  getSession: [
    (client) => client.getSession("../a?x=1#ü/ %2e", { limit: 20 }),
    "GET /sessions/..%2Fa%3Fx%3D1%23%C3%BC%2F%20%252e?limit=20",
  ],
  deleteSession: [(client) => client.deleteSession("a/b"), "DELETE /sessions/a%2Fb"],
  listTraceMetrics: [(client) => client.listTraceMetrics(), "GET /evaluations/trace-metrics"],
  listSessionMetrics: [(client) => client.listSessionMetrics(), "GET /evaluations/session-metrics"],
  listProviders: [(client) => client.listProviders(), "GET /evaluations/providers"],
  createTraceRun: [(client) => client.createTraceRun(run), "POST /evaluations/trace-runs", run],
  createTraceRunBatch: [
    (client) => client.createTraceRunBatch(batch),
    "POST /evaluations/trace-runs/batch",
    batch,
  ],
  estimateTraceRun: [(client) => client.estimateTraceRun(run), "POST /evaluations/trace-runs/estimate", run],
  getTraceRunTemplate: [
    (client) => client.getTraceRunTemplate("task_completion"),
    "GET /evaluations/trace-runs/template?metric=task_completion",
  ],
  listTraceRuns: [(client) => client.listTraceRuns(), "GET /evaluations/trace-runs"],
  getTraceRun: [(client) => client.getTraceRun(id), `GET /evaluations/trace-runs/${id}`],
  streamTraceRun: [(client) => client.streamTraceRun(id).next(), `GET /evaluations/trace-runs/${id}/events`],
  getTraceRunScores: [
    (client) => client.getTraceRunScores(id, { limit: 5, offset: 0 }),
    `GET /evaluations/trace-runs/${id}/scores?limit=5&offset=0`,
  ],
  retryTraceRun: [(client) => client.retryTraceRun(id), `POST /evaluations/trace-runs/${id}/retry`],
  cancelTraceRun: [(client) => client.cancelTraceRun(id), `POST /evaluations/trace-runs/${id}/cancel`],
  deleteTraceRun: [
    (client) => client.deleteTraceRun(id, { deleteScores: true }),
    `DELETE /evaluations/trace-runs/${id}?delete_scores=true`,
  ],
  createTraceScore: [(client) => client.createTraceScore(score), "POST /evaluations/trace-scores", score],
  listTraceScores: [
    (client) => client.listTraceScores({ trace_ids: [id, id], latest: true, source: "AUTOMATED" }),
    `GET /evaluations/trace-scores?trace_ids=${id}&trace_ids=${id}&latest=true&source=AUTOMATED`,
  ],
  getTraceScores: [(client) => client.getTraceScores(id), `GET /evaluations/trace-scores/${id}`],
  updateTraceScore: [
    (client) => client.updateTraceScore(id, { value: "1", reason: null }),
    `PATCH /evaluations/trace-scores/${id}`,
    { value: "1", reason: null },
  ],
  getTraceScoreRevisions: [
    (client) => client.getTraceScoreRevisions(id),
    `GET /evaluations/trace-scores/${id}/revisions`,
  ],
  deleteTraceScore: [(client) => client.deleteTraceScore(id), `DELETE /evaluations/trace-scores/${id}`],
  createSessionRun: [
    (client) => client.createSessionRun(sessionRun),
    "POST /evaluations/session-runs",
    sessionRun,
  ],
  estimateSessionRun: [
    (client) => client.estimateSessionRun(sessionRun),
    "POST /evaluations/session-runs/estimate",
    sessionRun,
  ],
  createSessionRunBatch: [
    (client) => client.createSessionRunBatch(sessionBatch),
    "POST /evaluations/session-runs/batch",
    sessionBatch,
  ],
  listSessionRuns: [
    (client) => client.listSessionRuns({ status: "FAILED" }),
    "GET /evaluations/session-runs?status=FAILED",
  ],
  getSessionRun: [(client) => client.getSessionRun(id), `GET /evaluations/session-runs/${id}`],
  streamSessionRun: [
    (client) => client.streamSessionRun(id).next(),
    `GET /evaluations/session-runs/${id}/events`,
  ],
  getSessionRunScores: [
    (client) => client.getSessionRunScores(id, { limit: 5, offset: 0 }),
    `GET /evaluations/session-runs/${id}/scores?limit=5&offset=0`,
  ],
  retrySessionRun: [
    (client) => client.retrySessionRun(id, { name: "again" }),
    `POST /evaluations/session-runs/${id}/retry`,
    { name: "again" },
  ],
  cancelSessionRun: [(client) => client.cancelSessionRun(id), `POST /evaluations/session-runs/${id}/cancel`],
  deleteSessionRun: [
    (client) => client.deleteSessionRun(id, { deleteScores: true }),
    `DELETE /evaluations/session-runs/${id}?delete_scores=true`,
  ],
  listSessionScores: [
    (client) => client.listSessionScores({ session_id: "a/b", status: "FAILED" }),
    "GET /evaluations/session-scores?session_id=a%2Fb&status=FAILED",
  ],
  getSessionScores: [
    (client) => client.getSessionScores("../a?x=1#ü/ %2e"),
    "GET /evaluations/session-scores/..%2Fa%3Fx%3D1%23%C3%BC%2F%20%252e",
  ],
  deleteSessionScore: [(client) => client.deleteSessionScore(id), `DELETE /evaluations/session-scores/${id}`],
  getTraceScoreSummary: [
    (client) => client.getTraceScoreSummary({ date_from: "2026-03-01" }),
    "GET /evaluations/analytics/trace-scores/summary?date_from=2026-03-01",
  ],
  getTraceScoreTrend: [
    (client) => client.getTraceScoreTrend({ metric_name: "a&b", granularity: "week" }),
    "GET /evaluations/analytics/trace-scores/trend?metric_name=a%26b&granularity=week",
  ],
  getTraceScoreDistribution: [
    (client) => client.getTraceScoreDistribution({ metric_name: "quality", buckets: 20 }),
    "GET /evaluations/analytics/trace-scores/distribution?metric_name=quality&buckets=20",
  ],
  getSessionScoreSummary: [
    (client) => client.getSessionScoreSummary(),
    "GET /evaluations/analytics/session-scores/summary",
  ],
  getSessionScoreTrend: [
    (client) => client.getSessionScoreTrend({ metric_name: "quality", date_to: "2026-03-01" }),
    "GET /evaluations/analytics/session-scores/trend?metric_name=quality&date_to=2026-03-01",
  ],
  getSessionScoreDistribution: [
    (client) => client.getSessionScoreDistribution({ metric_name: "quality" }),
    "GET /evaluations/analytics/session-scores/distribution?metric_name=quality",
  ],
  getSessionScoreHistory: [
    (client) => client.getSessionScoreHistory("a/b", { metric_name: "quality", limit: 5 }),
    "GET /evaluations/analytics/session-scores/history/a%2Fb?metric_name=quality&limit=5",
  ],
  getSessionScoreComparison: [
    (client) => client.getSessionScoreComparison({ metric_name: "quality", sort_order: "desc", limit: 5 }),
    "GET /evaluations/analytics/session-scores/comparison?metric_name=quality&sort_order=desc&limit=5",
  ],
  createMonitor: [(client) => client.createMonitor(monitor), "POST /evaluations/monitors", monitor],
  listMonitors: [
    (client) => client.listMonitors({ status: "PAUSED", offset: 10 }),
    "GET /evaluations/monitors?status=PAUSED&offset=10",
  ],
  getMonitor: [(client) => client.getMonitor(id), `GET /evaluations/monitors/${id}`],
  updateMonitor: [
    (client) => client.updateMonitor(id, { model: null }),
    `PATCH /evaluations/monitors/${id}`,
    { model: null },
  ],
  deleteMonitor: [(client) => client.deleteMonitor(id), `DELETE /evaluations/monitors/${id}`],
  pauseMonitor: [(client) => client.pauseMonitor(id), `POST /evaluations/monitors/${id}/pause`],
  resumeMonitor: [(client) => client.resumeMonitor(id), `POST /evaluations/monitors/${id}/resume`],
  triggerMonitor: [(client) => client.triggerMonitor(id), `POST /evaluations/monitors/${id}/trigger`],
  listMonitorRuns: [
    (client) => client.listMonitorRuns(id, { limit: 5 }),
    `GET /evaluations/monitors/${id}/runs?limit=5`,
  ],
  getHealth: [(client) => client.getHealth(), "GET /health"],
  getReadiness: [(client) => client.getReadiness(), "GET /ready"],
};

it("covers every operation", () => {
  const ids = operations().map((operation) => operation.id);
  expect(Object.keys(calls).sort()).toEqual(ids.sort());
});

it.each(Object.entries(calls))(
  "%s sends the request that the contract describes",
  async (name, [call, line, body]) => {
    const operation = operations().find((candidate) => candidate.id === name);
    const event = { event: "end", id: "a", data: { answered: name } };
    const answer = operation?.streams
      ? { done: false, value: event }
      : operation?.response === null
        ? undefined
        : { answered: name };
    await using server = await startTestServer((response) => {
      if (operation?.streams) {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.end(`event: end\nid: a\ndata: ${JSON.stringify(event.data)}\n\n`);
      } else if (answer === undefined) response.writeHead(204).end();
      else sendJson(response, operation?.status ?? 200, answer);
    });
    await expect(call(testClient(server))).resolves.toEqual(answer);

    const [request] = server.requests;
    expect(`${request?.method} ${request?.url}`).toBe(line);
    expect(request?.body).toBe(body === undefined ? "" : JSON.stringify(body));
    expect(request?.headers).toMatchObject({ "x-api-key": apiKey, "x-project-name": "my-agent" });
    expect(request?.headers["content-type"]).toBe(body === undefined ? undefined : "application/json");
    expect("idempotency-key" in (request?.headers ?? {})).toBe(request?.method === "POST");
  },
);

it("asks the server to hold its response for whole seconds", async () => {
  await using server = await startTestServer((response) => sendJson(response, 200, {}));
  const client = testClient(server);
  await client.getTraceRun(id, { waitSeconds: 30 });
  await client.getTraceRun(id);
  expect(server.requests.map(({ headers }) => headers["prefer"])).toEqual(["wait=30", undefined]);
  await expect(client.getTraceRun(id, { waitSeconds: 0.5 })).rejects.toThrow(TypeError);
});

it.each(["", ".", ".."])("refuses the id %j, which would lead to another path", async (sessionId) => {
  await using server = await startTestServer((response) => sendJson(response, 200, {}));
  await expect(testClient(server).getSession(sessionId)).rejects.toThrow(
    `getSession: ${JSON.stringify(sessionId)} is not a valid id.`,
  );
  expect(server.requests).toEqual([]);
});

it("refuses an id that cannot go into a URL, or is not text", async () => {
  const client = testClient({});
  await expect(client.getSession("\ud800")).rejects.toThrow(TypeError);
  const untyped: unknown = client;
  const anyId = untyped as { getTrace(id: number): Promise<unknown> };
  await expect(anyId.getTrace(7)).rejects.toThrow("getTrace: 7 is not a valid id.");
});

it("sends additional headers of the client and of the call", async () => {
  await using server = await startTestServer((response) => sendJson(response, 202, {}));
  const client = testClient({ ...server, headers: { "X-Tenant": "a", "X-Other": "b" } });
  await client.createTrace(trace, { headers: { "x-tenant": "c" }, idempotencyKey: "my-key" });
  expect(server.requests[0]?.headers).toMatchObject({
    "x-tenant": "c",
    "x-other": "b",
    "idempotency-key": "my-key",
  });
  await client.createTrace(trace, { headers: { "Idempotency-Key": "theirs" }, idempotencyKey: "my-key" });
  expect(server.requests[1]?.headers["idempotency-key"]).toBe("theirs");
});

it("gives the status, the headers and the request id on request", async () => {
  await using server = await startTestServer((response) =>
    sendJson(response, 202, { trace_id: id, task_id: "t" }, { "x-request-id": "req-7", "x-more": "1" }),
  );
  const answer = await testClient(server).createTrace(trace).withResponse();
  expect(answer).toMatchObject({ data: { trace_id: id, task_id: "t" }, status: 202, requestId: "req-7" });
  expect(answer.headers.get("x-more")).toBe("1");
});

it("leaves no rejection unhandled if only withResponse is used", async () => {
  await using server = await startTestServer((response) => response.writeHead(404).end());
  // vitest itself fails on an unhandled rejection.
  await expect(testClient(server).getTrace(id).withResponse()).rejects.toMatchObject({ status: 404 });
});
