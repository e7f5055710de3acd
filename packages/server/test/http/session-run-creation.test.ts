import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { createRun } from "../support/run-helpers.ts";
import { storeTrace } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

/** No worker runs, so runs stay PENDING. */
const server = useHttpServer();
const database = databaseBehind(server);
const path = "/evaluations/session-runs";
const metrics = ["agent_reliability"];

/** The sessions of a run over all matching ones, by name. */
async function matching(api: ApiClient, filters: object): Promise<string[]> {
  const run = await createRun(api, { metrics, filters }, "session-runs");
  const rows = await database.run("select target_id from eval_run_targets where run_id = $1", [run.id]);
  return rows.map((row) => (row as { target_id: string }).target_id).sort();
}

const start = (n: number) => `2026-03-0${n}T00:00:00Z`;

describe("POST /evaluations/session-runs", () => {
  test("accepts the documentation's body, and returns filters and weights", async () => {
    const api = server.project();
    for (const day of [1, 2, 3]) await storeTrace(api, { session_id: "s", started_at: start(day) });
    const filters = {
      date_from: "2026-03-01T00:00:00Z",
      date_to: "2026-03-29T00:00:00Z",
      min_trace_count: 3,
    };
    const signalWeights = { confidence: 1.0, loop_detection: 1.5, tool_correctness: 0.8, coherence: 1.0 };
    const run = await createRun(
      api,
      {
        name: "Agent reliability check",
        metrics: ["agent_reliability", "agent_consistency"],
        filters,
        sampling_rate: 1.0,
        signal_weights: signalWeights,
      },
      "session-runs",
    );
    expect(run).toMatchObject({
      status: "PENDING",
      target_type: "SESSION",
      total_traces: 1,
      total_targets: 1,
      filters: { ...filters, signal_weights: signalWeights },
      metric_names: ["agent_reliability", "agent_consistency"],
    });
    expect((await api.get(`${path}/${run.id}`)).body).toEqual(run);
  });

  test("selects sessions by a trace that matches dates, user and tags together", async () => {
    const api = server.project();
    await storeTrace(api, { session_id: "a", started_at: start(1), user_id: "u", tags: ["x"] });
    await storeTrace(api, { session_id: "a", started_at: start(5), user_id: "v", tags: ["y"] });
    await storeTrace(api, { session_id: "b", started_at: start(5), user_id: "u", tags: ["x", "z"] });
    await storeTrace(api, { started_at: start(5), user_id: "u" });
    expect(await matching(api, {})).toEqual(["a", "b"]);
    expect(await matching(api, { user_id: "u" })).toEqual(["a", "b"]);
    expect(await matching(api, { date_from: start(5), user_id: "u" })).toEqual(["b"]);
    expect(await matching(api, { date_to: start(5) })).toEqual(["a"]);
    expect(await matching(api, { tags: ["y", "nothing"] })).toEqual(["a"]);
    // The user and the tag are on different traces.
    const answer = await api.post(path, { metrics, filters: { user_id: "u", tags: ["y"] } });
    expectProblem(answer, "nothing_matches", { detail: /No session/ });
    expect((await api.get(path)).body).toMatchObject({ total: 4 + 1 });
  });

  test("applies has_error and min_trace_count to the matching traces", async () => {
    const api = server.project();
    await storeTrace(api, { session_id: "early error", started_at: start(1), status: "ERROR" });
    await storeTrace(api, { session_id: "early error", started_at: start(5) });
    await storeTrace(api, { session_id: "late error", started_at: start(1) });
    await storeTrace(api, { session_id: "late error", started_at: start(5), status: "ERROR" });
    await storeTrace(api, { session_id: "late error", started_at: start(6) });
    await storeTrace(api, { session_id: "well", started_at: start(6) });
    expect(await matching(api, { has_error: true })).toEqual(["early error", "late error"]);
    expect(await matching(api, { has_error: false })).toEqual(["well"]);
    expect(await matching(api, { has_error: true, date_from: start(5) })).toEqual(["late error"]);
    expect(await matching(api, { has_error: false, date_from: start(5) })).toEqual(["early error", "well"]);
    expect(await matching(api, { min_trace_count: 2 })).toEqual(["early error", "late error"]);
    expect(await matching(api, { min_trace_count: 2, date_from: start(5) })).toEqual(["late error"]);
    expect(await matching(api, { min_trace_count: 1, has_error: null })).toHaveLength(3);
  });

  test.each([
    [10, 0.29, 2],
    [100, 0.29, 29],
    [3, 0.01, 1],
    [3, 0, 0],
  ])("of %i sessions at rate %f selects %i", async (count, rate, sampled) => {
    const api = server.project();
    await storeTrace(api);
    const { id } = await createRun(api);
    await database.run(
      `insert into traces (project_id, trace_id, name, status, input, output, metadata, started_at, tags, session_id)
        select project_id, gen_random_uuid(), 'many', 'COMPLETED', 'null', 'null', '{}', now(), '{}', 's' || n
        from eval_runs, generate_series(1, $2) n, generate_series(1, 2) twice where id = $1`,
      [id, count],
    );
    const run = await createRun(api, { metrics, sampling_rate: rate }, "session-runs");
    expect(run).toMatchObject({ total_traces: sampled, status: sampled === 0 ? "COMPLETED" : "PENDING" });
    const rows = await database.run("select distinct target_id from eval_run_targets where run_id = $1", [
      run.id,
    ]);
    expect(rows).toHaveLength(sampled);
  });

  test.each([
    [{ min_trace_count: 0 }, "min_trace_count"],
    [{ min_trace_count: 1.5 }, "min_trace_count"],
    [{ has_error: "yes" }, "has_error"],
    [{ status: "ERROR" }, "status"],
    [{ session_id: "s" }, "session_id"],
    [{ date_from: start(2), date_to: start(2) }, "date_from"],
  ])("refuses the filters %j", async (filters, name) => {
    const answer = await server.project().post(path, { metrics, filters });
    expect(answer).toMatchObject({ status: 400 });
    expect(JSON.stringify(answer.body)).toContain(name);
  });

  test("refuses trace metrics, and says where to use them", async () => {
    const api = server.project();
    await storeTrace(api, { session_id: "s" });
    for (const metric of ["coherence", "loop_detection", "agent_RELIABILITY", "__proto__"]) {
      expectProblem(await api.post(path, { metrics: [metric] }), "unknown_metric", {
        detail: /agent_reliability/,
      });
    }
    expectProblem(await api.post(path, { metrics: ["coherence"] }), "unknown_metric", {
      detail: /use it in a trace run/,
    });
    expectProblem(await api.post(path, { metrics: [] }), "validation_error");
    expect((await api.get(path)).body).toMatchObject({ total: 0 });
  });
});

describe("signal_weights", () => {
  test.each([
    ['{"__proto__": 1}'],
    ['{"constructor": 1}'],
    ['{"confidence": 1, "speed": 1}'],
    ['{"confidence": -0.1}'],
    ['{"confidence": "high"}'],
    ['{"confidence": "NaN"}'],
    ['{"confidence": 1e400}'],
    ['{"confidence": null}'],
    ['{"confidence": {}}'],
    ["[]"],
    ["[1, 1, 1, 1]"],
    ['"confidence"'],
    ["1"],
    ["true"],
  ])("refuses %s", async (weights) => {
    const api = server.project();
    await storeTrace(api, { session_id: "s" });
    for (const [route, what] of [
      [path, `"filters": {}`],
      [`${path}/batch`, `"session_ids": ["s"]`],
    ] as const) {
      const body = `{"metrics": ["agent_reliability"], ${what}, "signal_weights": ${weights}}`;
      const answer = await api.sendRaw("POST", route, body, { "content-type": "application/json" });
      expectProblem(answer, "invalid_signal_weights", { detail: /signal_weights/ });
    }
  });

  test.each([[{}], [{ coherence: 0 }], [{ confidence: 1e308, loop_detection: 5e-324 }]])(
    "keeps %j as it was given",
    async (weights) => {
      const api = server.project();
      await storeTrace(api, { session_id: "s" });
      const run = await createRun(api, { metrics, signal_weights: weights }, "session-runs");
      expect(run.filters).toEqual({ signal_weights: weights });
    },
  );

  test("may be null", async () => {
    const api = server.project();
    await storeTrace(api, { session_id: "s" });
    const run = await createRun(api, { metrics, signal_weights: null }, "session-runs");
    expect(run.filters).toEqual({});
  });
});

describe("POST /evaluations/session-runs/batch", () => {
  const batch = (api: ApiClient, sessionIds: unknown) =>
    api.post(`${path}/batch`, { metrics, session_ids: sessionIds, signal_weights: { confidence: 2 } });

  test("covers exactly these sessions, each once, whatever their names", async () => {
    const api = server.project();
    const ids = ["a/b", "template", "%2F", "ü 👍", "x".repeat(255), "__proto__", "'; drop table traces; --"];
    for (const id of [...ids, "another"]) await storeTrace(api, { session_id: id });
    const { status, body } = await batch(api, [...ids, ...ids]);
    expect(status).toBe(202);
    expect(body).toMatchObject({
      target_type: "SESSION",
      total_traces: ids.length,
      filters: { session_ids: ids, signal_weights: { confidence: 2 } },
    });
  });

  test("lists unknown sessions, and creates nothing", async () => {
    const api = server.project();
    await storeTrace(api, { session_id: "here" });
    const answer = await batch(api, ["here", "gone", "away/too"]);
    expectProblem(answer, "not_found", { detail: /sessions .*gone, away\/too.*Nothing was created/ });
    expect(answer.body).toMatchObject({ errors: [{ loc: ["body", "session_ids"] }, {}] });
    expect((await api.get(path)).body).toMatchObject({ total: 0 });
  });

  test.each([[[]], [["x".repeat(256)]], [[1]], [null], ["here"]])("refuses %j", async (ids) => {
    expectProblem(await batch(server.project(), ids), "validation_error");
  });
});

describe("a run over sessions", () => {
  test("is not a run over traces, nor vice versa", async () => {
    const api = server.project();
    await storeTrace(api, { session_id: "s" });
    const { id: ofSessions } = await createRun(api, { metrics }, "session-runs");
    const { id: ofTraces } = await createRun(api);
    for (const [kind, id] of [
      ["trace", ofSessions],
      ["session", ofTraces],
      ["session", unknownId],
    ] as const) {
      const own = `/evaluations/${kind}-runs/${id}`;
      const detail = new RegExp(`no ${kind} run "${id}"`);
      expectProblem(await api.get(own), "not_found", { detail });
      expectProblem(await api.get(own, { prefer: "wait=5" }), "not_found", { detail });
      expectProblem(await api.get(`${own}/scores`), "not_found", { detail });
      expectProblem(await api.post(`${own}/retry`), "not_found", { detail });
      expectProblem(await api.delete(own), "not_found", { detail });
    }
    const listed = async (kind: string) =>
      (await api.get<{ items: { id: string }[] }>(`/evaluations/${kind}-runs`)).body.items.map(
        ({ id }) => id,
      );
    expect(await listed("trace")).toEqual([ofTraces]);
    expect(await listed("session")).toEqual([ofSessions]);
  });

  test("has a rate limit of its own, and honours Idempotency-Key", async () => {
    const api = server.project();
    await storeTrace(api, { session_id: "s" });
    const key = { "idempotency-key": "once" };
    const first = await api.post(path, { metrics }, key);
    const again = await api.post(path, { metrics }, key);
    expect(first.headers.get("ratelimit-limit")).not.toBeNull();
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect((await api.get(path)).body).toMatchObject({ total: 1 });
  });
});

describe("GET /evaluations/session-metrics", () => {
  test("returns the two of them", async () => {
    const { status, body } = await server.project().get("/evaluations/session-metrics");
    expect(status).toBe(200);
    expect(body).toEqual([
      {
        name: "agent_reliability",
        description: "Evaluates worst-case failure risk across a session.",
        category: "session",
      },
      {
        name: "agent_consistency",
        description: "Evaluates overall stability across a session.",
        category: "session",
      },
    ]);
  });
});

describe("with an LLM and no embedding model", () => {
  const unembedding = useHttpServer({ environment: { ANTHROPIC_API_KEY: "sk-ant-test" } });

  test("a run over sessions is refused, because its signals need one", async () => {
    const api = unembedding.project();
    await storeTrace(api, { session_id: "s" });
    expectProblem(await api.post(path, { metrics }), "embedding_model_not_configured", {
      detail: /EVAL_EMBEDDING_MODEL/,
    });
  });
});
