import type {
  BatchCreateResponse,
  EvalRunResponse,
  MonitorResponse,
  SpansAccepted,
  TraceAccepted,
  TraceScoreResponse,
} from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import { createRun } from "../support/run-helpers.ts";
import { readTrace, spanBody, storeTrace, storeTraces, traceBody } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createMonitor, createScore, monitorBody, unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const database = databaseBehind(server);
const long = (length: number) => "x".repeat(length);
const ids = (length: number) =>
  Array.from({ length }, (_, n) => `00000000-0000-0000-0000-${String(n).padStart(12, "0")}`);

describe("a name, label or filter that is too long", () => {
  test.each([
    ["a run's name", "/evaluations/trace-runs", { metrics: ["coherence"], name: long(513) }],
    ["a run's model", "/evaluations/trace-runs", { metrics: ["coherence"], model: long(513) }],
    ["a metric", "/evaluations/trace-runs", { metrics: [long(256)] }],
    ["thresholds", "/evaluations/trace-runs", { metrics: ["coherence"], thresholds: { [long(256)]: 0.5 } }],
    ["a monitor's name", "/evaluations/monitors", monitorBody({ name: long(256) })],
    ["a monitor's cadence", "/evaluations/monitors", monitorBody({ cadence: `cron:${long(300)}` })],
    ["a monitor's filters", "/evaluations/monitors", monitorBody({ filters: { name: long(1_000_001) } })],
    ["a trace's tag", "/traces", traceBody({ tags: [long(256)] })],
    ["a trace's date", "/traces", traceBody({ ended_at: `2026-03-01T00:00:00.${"0".repeat(64)}Z` })],
    [
      "a score's metadata",
      "/evaluations/trace-scores",
      { trace_id: unknownId, name: "a", value: "1", metadata: { a: long(1_000_000) } },
    ],
  ])("is refused: %s", async (_, path, body) => {
    const answer = await server.project().post(path, body);
    expectProblem(answer, "validation_error");
    expect(JSON.stringify(answer.body).length).toBeLessThan(2000);
  });

  test.each([
    [{ name: long(513) }, "validation_error"],
    [{ session_id: long(256) }, "validation_error"],
    [{ tags: [long(256)] }, "validation_error"],
    // A text of this length is not a date.
    [{ date_from: `2026-03-01T00:00:00.${"0".repeat(64)}Z` }, "invalid_filters"],
    [{ name: long(513), status: "GREEN" }, "validation_error"],
  ] as const)("is refused in filters of runs and monitors", async (filters, code) => {
    const api = server.project();
    const metrics = ["coherence"];
    expectProblem(await api.post("/evaluations/trace-runs", { metrics, filters }), code);
    if ("status" in filters) return;
    expectProblem(await api.post("/evaluations/monitors", monitorBody({ filters })), code);
  });

  test("is refused in a query", async () => {
    const api = server.project();
    for (const path of ["/traces?name=", "/sessions?query=", "/evaluations/trace-scores?environment="]) {
      expectProblem(await api.get(path + long(600)), "validation_error");
    }
  });

  test("is refused when a trace is changed, like too much metadata and too many tags", async () => {
    const api = server.project();
    const id = await storeTrace(api);
    for (const change of [
      { name: long(513) },
      { metadata: { a: long(1_000_000) } },
      { tags: Array.from({ length: 101 }, String) },
    ]) {
      expectProblem(await api.patch(`/traces/${id}`, change), "validation_error");
    }
  });
});

describe("a part of a trace that is too large", () => {
  test("is cut with a warning, and nothing else is lost", async () => {
    const api = server.project();
    const error = long(150_000);
    const { status, body } = await api.post<TraceAccepted>(
      "/traces",
      traceBody({
        input: long(2_000_000),
        metadata: { user: "42", page: long(2_000_000) },
        tags: Array.from({ length: 120 }, (_, n) => `tag ${n}`),
        spans: [spanBody({ error, metadata: { large: long(1_500_000) } }), spanBody()],
      }),
    );
    expect(status).toBe(202);
    expect(body.warnings).toEqual([
      "tags: the first 100 were kept, and 20 were dropped.",
      "metadata: larger than 1000000 bytes of JSON; the values of page were cut.",
      "spans.0.metadata: larger than 1000000 bytes of JSON; the values of large were cut.",
    ]);
    const trace = await readTrace(api, body.trace_id);
    expect(trace.input).toHaveLength(2_000_000);
    expect(trace.tags).toHaveLength(100);
    expect(trace.metadata).toMatchObject({ user: "42", page: expect.stringMatching(/^x+… \[cut: /) });
    expect(trace.spans[0]?.error).toMatch(/^x{99000,}… \[cut: 150000 characters in all\]$/);
    expect(trace.spans).toHaveLength(2);
  });

  test("is reported when spans are added, and in a batch, with its trace", async () => {
    const api = server.project();
    const id = await storeTrace(api);
    const large = { metadata: { large: long(1_000_001) } };
    const added = await api.post<SpansAccepted>(`/traces/${id}/spans`, [spanBody(), spanBody(large)]);
    expect(added.body.warnings).toEqual([expect.stringMatching(/^1\.metadata: /)]);
    const batch = await api.post<BatchCreateResponse>("/traces/batch", {
      traces: [traceBody(), { name: 7 }, traceBody(large)],
    });
    expect(batch.body.items.map(({ status, warnings }) => [status, warnings?.length])).toEqual([
      ["accepted", undefined],
      ["rejected", undefined],
      ["accepted", 1],
    ]);
  });
});

test("a score's reason is cut, on creation and on change", async () => {
  const api = server.project();
  const reason = "ö".repeat(100_000);
  const score = await createScore(api, await storeTrace(api), { reason });
  expect(score.reason).toMatch(/^ö{49000,}… \[cut: 100000 characters in all\]$/);
  const { body } = await api.patch<TraceScoreResponse>(`/evaluations/trace-scores/${score.id}`, { reason });
  expect(body.reason).toBe(score.reason);
});

describe("added tags", () => {
  const tags = (count: number, name = "tag") => Array.from({ length: count }, (_, n) => `${name} ${n}`);

  test("may not exceed the limit; then nothing is changed", async () => {
    const api = server.project();
    const [few = "", many = ""] = await storeTraces(api, [{ tags: ["a"] }, { tags: tags(95) }]);
    const answer = await api.post("/traces/batch/tags", {
      trace_ids: [few, many],
      add_tags: tags(10, "new"),
    });
    expectProblem(answer, "validation_error", { detail: new RegExp(many) });
    expect((await readTrace(api, few)).tags).toEqual(["a"]);
  });

  test("are allowed on an older trace over the limit that gets no more", async () => {
    const api = server.project();
    const id = await storeTrace(api);
    await database.run("update traces set tags = $1 where trace_id = $2", [tags(150), id]);
    const changed = { trace_ids: [id], add_tags: ["new"], remove_tags: ["tag 0", "tag 1"] };
    expect((await api.post("/traces/batch/tags", changed)).status).toBe(200);
    expect((await readTrace(api, id)).tags).toHaveLength(149);
  });
});

describe("very many errors", () => {
  test("are listed up to the twentieth: unknown traces of a run", async () => {
    const answer = await server
      .project()
      .post("/evaluations/trace-runs/batch", { metrics: ["coherence"], trace_ids: ids(50_000) });
    expectProblem(answer, "not_found", { detail: /and 49980 more/ });
    expect((answer.body as { errors: unknown[] }).errors).toHaveLength(20);
  });

  test("are listed up to the twentieth: signal weights", async () => {
    const signal_weights = Object.fromEntries(Array.from({ length: 150_000 }, (_, n) => [`k${n}`, -1]));
    const answer = await server
      .project()
      .post("/evaluations/session-runs", { metrics: ["agent_reliability"], signal_weights });
    expectProblem(answer, "invalid_signal_weights");
    expect((answer.body as { errors: unknown[] }).errors).toHaveLength(20);
  });
});

describe("data from before there were limits", () => {
  test("can be read and changed: a run", async () => {
    const api = server.project();
    await storeTrace(api);
    const run = await createRun(api);
    await database.run(
      "update eval_runs set name = $1, status = 'FAILED', completed_at = now() where id = $2",
      [long(20_000), run.id],
    );
    const { body } = await api.get<EvalRunResponse>(`/evaluations/trace-runs/${run.id}`);
    expect(body.name).toHaveLength(20_000);
    const retry = await api.post<EvalRunResponse>(`/evaluations/trace-runs/${run.id}/retry`);
    expect(retry.body.name).toMatch(/^Retry: x{505}$/);
  });

  test("can be read and changed: a monitor", async () => {
    const api = server.project();
    const { id } = await createMonitor(api, { filters: { name: "a" } });
    const filters = { name: long(20_000) };
    await database.run("update monitors set name = $1, filters = $2 where id = $3", [
      long(20_000),
      JSON.stringify(filters),
      id,
    ]);
    const { status, body } = await api.patch<MonitorResponse>(`/evaluations/monitors/${id}`, {
      metrics: ["confidence"],
      sampling_rate: 0.5,
    });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.filters).toEqual(filters);
    // The only error is that nothing matches.
    expectProblem(await api.post(`/evaluations/monitors/${id}/trigger`), "nothing_matches");
  });

  test("can be read and changed: a trace", async () => {
    const api = server.project();
    const id = await storeTrace(api, { spans: [spanBody()] });
    await database.run("update traces set metadata = $1, tags = $2 where trace_id = $3", [
      JSON.stringify({ a: long(2_000_000) }),
      [long(1000)],
      id,
    ]);
    expect((await api.patch(`/traces/${id}`, { status: "ERROR" })).status).toBe(200);
    const trace = await readTrace(api, id);
    expect(trace.metadata["a"]).toHaveLength(2_000_000);
    expect(trace.tags[0]).toHaveLength(1000);
  });
});
