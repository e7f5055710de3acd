import type { EvalRunResponse, Problem } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { createRun } from "../support/run-helpers.ts";
import { storeTrace, storeTraces } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

/** No worker runs, so runs stay PENDING. */
const server = useHttpServer();
const database = databaseBehind(server);
const path = "/evaluations/trace-runs";
const day = (n: number) => `2026-03-0${n}T00:00:00.000Z`;

/** The names of a run's traces. */
async function targets(run: EvalRunResponse): Promise<string[]> {
  const rows = await database.run(
    `select name from eval_run_targets join traces using (project_id)
      where run_id = $1 and trace_id = target_id::uuid order by position`,
    [run.id],
  );
  return rows.map((row) => (row as { name: string }).name);
}

async function matching(api: ApiClient, filters: object): Promise<string[]> {
  return (await targets(await createRun(api, { filters }))).sort();
}

async function expectNoRuns(api: ApiClient): Promise<void> {
  expect((await api.get(path)).body).toMatchObject({ total: 0 });
}

describe("POST /evaluations/trace-runs", () => {
  test("answers at once with a PENDING run", async () => {
    const api = server.project();
    await storeTraces(api, [{}, {}, {}]);
    const { status, body } = await api.post<EvalRunResponse>(path, {
      name: "Weekly production eval",
      metrics: ["task_completion", "tool_correctness"],
    });
    expect(status).toBe(202);
    expect(body).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      name: "Weekly production eval",
      status: "PENDING",
      metric_names: ["task_completion", "tool_correctness"],
      metric_versions: {},
      total_traces: 3,
      total_targets: 3,
      evaluated_count: 0,
      failed_count: 0,
      created_at: expect.any(String),
      completed_at: null,
      project_id: expect.stringMatching(/^[\da-f-]{36}$/),
      target_type: "TRACE",
      filters: {},
      sampling_rate: 1,
      model: "heuristic/v1",
      repeats: 1,
      judges: null,
      aggregate: null,
      max_cost_usd: null,
      monitor_id: null,
      error_message: null,
      usage: { calls: 0, cached_calls: 0, input_tokens: 0, output_tokens: 0, cost_usd: 0 },
      waiting_for: null,
    });
    expect((await api.get(`${path}/${body.id}`)).body).toEqual(body);
  });

  test("accepts the documentation's body", async () => {
    const api = server.project();
    await storeTrace(api, { tags: ["production"], started_at: "2026-03-05T00:00:00Z" });
    const body = {
      name: "Weekly production eval",
      metrics: ["task_completion", "tool_correctness", "step_efficiency"],
      filters: {
        date_from: "2026-03-01T00:00:00Z",
        date_to: "2026-03-29T00:00:00Z",
        status: "COMPLETED",
        tags: ["production"],
      },
      sampling_rate: 0.5,
      model: "openai/gpt-5.4",
    };
    // Without OpenAI configured, the request is refused before anything is created.
    expectProblem(await api.post(path, body), "provider_not_configured", { detail: /OPENAI_API_KEY/ });
    await expectNoRuns(api);
    const { model: _, ...rest } = body;
    expect(await createRun(api, rest)).toMatchObject({
      filters: body.filters,
      sampling_rate: 0.5,
      total_traces: 1,
    });
  });

  test("may be unnamed", async () => {
    const api = server.project();
    await storeTrace(api);
    expect(await createRun(api)).toMatchObject({ name: null });
    expect(await createRun(api, { name: null, model: null, thresholds: null })).toMatchObject({ name: null });
  });

  test("counts repeated metrics once, in the order they were named", async () => {
    const api = server.project();
    await storeTrace(api);
    const metrics = ["coherence", "confidence", "coherence", "confidence"];
    expect(await createRun(api, { metrics })).toMatchObject({ metric_names: ["coherence", "confidence"] });
  });
});

describe("filters of a run", () => {
  test.each([
    [{}],
    [{ date_from: "2026-03-01T00:00:00Z", date_to: "2026-03-29" }],
    [{ date_from: "2026-03-01t01:00:00.123456+01:00" }],
    [{ tags: ["b", "a", "b"] }],
    [
      {
        status: null,
        session_id: null,
        user_id: null,
        name: null,
        date_to: null,
        environment: null,
        release: null,
      },
    ],
    [{ name: "", user_id: "u" }],
    [{ session_id: "s", environment: "production", release: "v1", status: "COMPLETED", tags: ["a"] }],
  ])("are returned as they were sent: %j", async (filters) => {
    const api = server.project();
    await storeTrace(api, {
      session_id: "s",
      user_id: "u",
      environment: "production",
      release: "v1",
      tags: ["a"],
      started_at: "2026-03-02T00:00:00Z",
    });
    const run = await createRun(api, { filters });
    expect(run.filters).toEqual(filters);
    expect(Object.keys(run.filters).sort()).toEqual(Object.keys(filters).sort());
    expect((await api.get<EvalRunResponse>(`${path}/${run.id}`)).body.filters).toEqual(filters);
  });

  test("by session, user, environment, release and status are exact", async () => {
    const api = server.project();
    for (const field of ["session_id", "user_id", "environment", "release"]) {
      await storeTraces(api, [
        { name: field, [field]: "a%" },
        { name: `other ${field}`, [field]: "A%" },
        { name: `more ${field}`, [field]: "ab" },
      ]);
      expect(await matching(api, { [field]: "a%" })).toEqual([field]);
    }
    await storeTrace(api, { name: "failed", status: "ERROR" });
    expect(await matching(api, { status: "ERROR" })).toEqual(["failed"]);
  });

  test("by time: from is inclusive, to exclusive", async () => {
    const api = server.project();
    await storeTraces(
      api,
      [1, 2, 3].map((n) => ({ name: `${n}`, started_at: day(n) })),
    );
    expect(await matching(api, { date_from: day(2) })).toEqual(["2", "3"]);
    expect(await matching(api, { date_to: day(2) })).toEqual(["1"]);
    expect(await matching(api, { date_from: "2026-03-02", date_to: "2026-03-03" })).toEqual(["2"]);
    expect(await matching(api, { date_from: "2026-03-02T01:00:00+01:00" })).toEqual(["2", "3"]);
    // Truncated to milliseconds, like the traces' times.
    expect(await matching(api, { date_from: "2026-03-02T00:00:00.0009Z" })).toEqual(["2", "3"]);
  });

  test("by tags: any of them", async () => {
    const api = server.project();
    await storeTraces(api, [
      { name: "a", tags: ["a"] },
      { name: "ab", tags: ["a", "b"] },
      { name: "comma", tags: ["a,b"] },
      { name: "none" },
    ]);
    expect(await matching(api, { tags: ["a"] })).toEqual(["a", "ab"]);
    expect(await matching(api, { tags: ["b", "a,b"] })).toEqual(["ab", "comma"]);
  });

  test("by a part of the name, ignoring case, without wildcards", async () => {
    const api = server.project();
    await storeTraces(
      api,
      ["100%", "100", "a_b", "aXb", "c\\d", "ÖL"].map((name) => ({ name })),
    );
    expect(await matching(api, { name: "%" })).toEqual(["100%"]);
    expect(await matching(api, { name: "A_" })).toEqual(["a_b"]);
    expect(await matching(api, { name: "\\" })).toEqual(["c\\d"]);
    expect(await matching(api, { name: "öl" })).toEqual(["ÖL"]);
  });

  test("must all match", async () => {
    const api = server.project();
    await storeTraces(api, [
      { name: "both", user_id: "u", tags: ["a"] },
      { name: "one", user_id: "u" },
      { name: "other", tags: ["a"] },
    ]);
    expect(await matching(api, { user_id: "u", tags: ["a"] })).toEqual(["both"]);
  });

  test("that match nothing are refused", async () => {
    const api = server.project();
    expectProblem(await api.post(path, { metrics: ["coherence"] }), "nothing_matches");
    await storeTrace(api);
    for (const filters of [{ name: "x" }, { tags: ["a"] }, { date_to: day(1) }, { session_id: "" }])
      expectProblem(await api.post(path, { metrics: ["coherence"], filters }), "nothing_matches");
    await expectNoRuns(api);
  });

  test.each([
    [{ color: "red" }, ["body", "filters", "color"]],
    [{ min_trace_count: 3 }, ["body", "filters", "min_trace_count"]],
    [{ has_error: true }, ["body", "filters", "has_error"]],
    [{ trace_ids: [unknownId] }, ["body", "filters", "trace_ids"]],
    [JSON.parse('{"__proto__": {}}'), ["body", "filters", "__proto__"]],
    [{ date_from: "soon" }, ["body", "filters", "date_from"]],
    [{ date_to: 1_772_357_400_123_456 }, ["body", "filters", "date_to"]],
    [{ date_from: day(2), date_to: day(1) }, ["body", "filters", "date_from"]],
    [{ date_from: day(1), date_to: day(1) }, ["body", "filters", "date_from"]],
    [
      { date_from: "2026-03-01T00:00:00Z", date_to: "2026-03-01T01:00:00+01:00" },
      ["body", "filters", "date_from"],
    ],
    [{ status: "DONE" }, ["body", "filters", "status"]],
    [{ status: "completed" }, ["body", "filters", "status"]],
    [{ tags: "a" }, ["body", "filters", "tags"]],
    [{ tags: [1] }, ["body", "filters", "tags", 0]],
    [{ name: 5 }, ["body", "filters", "name"]],
    [{ session_id: ["s"] }, ["body", "filters", "session_id"]],
  ])("are refused as 400: %j", async (filters, loc) => {
    const api = server.project();
    await storeTrace(api);
    expectProblem(await api.post(path, { metrics: ["coherence"], filters }), "invalid_filters", { loc });
    await expectNoRuns(api);
  });

  test.each([["x"], [[]], [1], [null]])("must be an object, not %j", async (filters) => {
    const answer = await server.project().post(path, { metrics: ["coherence"], filters });
    expectProblem(answer, "validation_error", { loc: ["body", "filters"] });
  });
});

describe("the body of a run", () => {
  test.each([
    [{ metrics: undefined }, ["body", "metrics"]],
    [{ metrics: [] }, ["body", "metrics"]],
    [{ metrics: "coherence" }, ["body", "metrics"]],
    [{ metrics: [1] }, ["body", "metrics", 0]],
    [{ name: 1 }, ["body", "name"]],
    [{ sampling_rate: -0.1 }, ["body", "sampling_rate"]],
    [{ sampling_rate: 1.01 }, ["body", "sampling_rate"]],
    [{ sampling_rate: "half" }, ["body", "sampling_rate"]],
    [{ sampling_rate: null }, ["body", "sampling_rate"]],
    [{ model: 5 }, ["body", "model"]],
    [{ thresholds: [] }, ["body", "thresholds"]],
    [{ thresholds: { coherence: 2 } }, ["body", "thresholds"]],
    [{ thresholds: { coherence: "1.5" } }, ["body", "thresholds"]],
  ])("with %j is refused as 422", async (fields, loc) => {
    const api = server.project();
    await storeTrace(api);
    expectProblem(await api.post(path, { metrics: ["coherence"], ...fields }), "validation_error", { loc });
    await expectNoRuns(api);
  });

  test.each([
    ["quality", /no trace metric "quality".*task_completion/],
    ["Coherence", /no trace metric/],
    ["", /no trace metric/],
    ["__proto__", /no trace metric/],
    ["constructor", /no trace metric/],
    ["loop_detection", /session run/],
    ["agent_reliability", /session run/],
    ["agent_consistency", /session run/],
  ])("with the metric %j is refused as 400", async (metric, detail) => {
    const api = server.project();
    const trace = await storeTrace(api);
    expectProblem(await api.post(path, { metrics: ["coherence", metric] }), "unknown_metric", { detail });
    const batch = { metrics: [metric], trace_ids: [trace] };
    expectProblem(await api.post(`${path}/batch`, batch), "unknown_metric", { detail });
    await expectNoRuns(api);
  });

  test.each([
    ["acme/model", "unknown_model_provider"],
    ["mistral-large", "unknown_model_provider"],
    ["", "unknown_model_provider"],
    ["openai/", "unknown_model_provider"],
    ["heuristic/v2", "unknown_model_provider"],
    ["__proto__/x", "unknown_model_provider"],
    ["openai/gpt-5.4", "provider_not_configured"],
    ["gpt-5.4", "provider_not_configured"],
    ["o3-mini", "provider_not_configured"],
    ["anthropic/claude-opus-5", "provider_not_configured"],
    ["claude-opus-5", "provider_not_configured"],
    ["gemini-3-pro", "provider_not_configured"],
    ["vertex_ai/gemini-3-pro", "provider_not_configured"],
  ] as const)("with the model %j is refused: %s", async (model, code) => {
    const api = server.project();
    const trace = await storeTrace(api);
    expectProblem(await api.post(path, { metrics: ["confidence"], model }), code);
    const batch = { metrics: ["confidence"], trace_ids: [trace], model };
    expectProblem(await api.post(`${path}/batch`, batch), code);
    await expectNoRuns(api);
  });

  test("may name the heuristic", async () => {
    const api = server.project();
    await storeTrace(api);
    expect(await createRun(api, { model: "heuristic/v1" })).toMatchObject({ model: "heuristic/v1" });
  });
});

describe("sampling", () => {
  const sampled = async (api: ApiClient, sampling_rate: number) =>
    (await createRun(api, { sampling_rate })).total_traces;

  test("selects max(1, floor(matches × rate)), in exact decimal", async () => {
    const api = server.project();
    await Promise.all(Array.from({ length: 100 }, () => storeTrace(api)));
    const counts: [number, number][] = [
      [1, 100],
      [0.5, 50],
      // In binary floating point these products are slightly below an integer.
      [0.29, 29],
      [0.57, 57],
      [0.58, 58],
      [0.07, 7],
      [0.999, 99],
      [0.019, 1],
      [0.005, 1],
      [1e-9, 1],
      [5e-324, 1],
      [0.9999999999999999, 99],
    ];
    for (const [rate, count] of counts) expect(await sampled(api, rate), String(rate)).toBe(count);
  });

  test("selects at least one", async () => {
    const api = server.project();
    await storeTraces(api, [{}, {}, {}]);
    expect(await sampled(api, 0.1)).toBe(1);
    expect(await sampled(api, 0.34)).toBe(1);
    expect(await sampled(api, 0.67)).toBe(2);
  });

  test("at rate 0 selects nothing, and the run ends", async () => {
    const api = server.project();
    await storeTrace(api);
    for (const sampling_rate of [0, -0]) {
      const run = await createRun(api, { sampling_rate });
      expect(run).toMatchObject({ status: "COMPLETED", total_traces: 0, total_targets: 0, sampling_rate: 0 });
      expect(run.completed_at).not.toBeNull();
      expect((await api.get(`${path}/${run.id}/scores`)).body).toEqual([]);
    }
    expectProblem(
      await api.post(path, { metrics: ["coherence"], sampling_rate: 0, filters: { name: "none" } }),
      "nothing_matches",
    );
  });

  test("draws different traces, none twice", async () => {
    const api = server.project();
    await Promise.all(Array.from({ length: 30 }, (_, n) => storeTrace(api, { name: `${n}` })));
    const draws: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      const names = await targets(await createRun(api, { sampling_rate: 0.5 }));
      expect(new Set(names).size).toBe(15);
      draws.push(names.sort().join());
    }
    // Four equal draws have a probability of 1 in 10²⁴.
    expect(new Set(draws).size).toBeGreaterThan(1);
  });

  test("counts only what matches", async () => {
    const api = server.project();
    await storeTraces(api, [...Array(4).fill({ tags: ["a"] }), ...Array(6).fill({})]);
    const run = await createRun(api, { sampling_rate: 0.5, filters: { tags: ["a"] } });
    expect(run).toMatchObject({ total_traces: 2, sampling_rate: 0.5 });
  });
});

describe("POST /evaluations/trace-runs/batch", () => {
  const batch = (api: ApiClient, body: object) =>
    api.post<EvalRunResponse>(`${path}/batch`, { metrics: ["coherence"], ...body });

  test("evaluates exactly these traces", async () => {
    const api = server.project();
    const [a = "", b = ""] = await storeTraces(api, [{ name: "a" }, { name: "b" }, { name: "c" }]);
    const { status, body } = await batch(api, {
      trace_ids: [b, a],
      name: "Manual review batch",
      model: null,
    });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      name: "Manual review batch",
      status: "PENDING",
      total_traces: 2,
      total_targets: 2,
      target_type: "TRACE",
      filters: { trace_ids: [b, a] },
      sampling_rate: 1,
      model: "heuristic/v1",
    });
    expect(Object.keys(body.filters)).toEqual(["trace_ids"]);
    expect(await targets(body)).toEqual(["b", "a"]);
  });

  test("counts repeated ids once, however they are written", async () => {
    const api = server.project();
    const id = await storeTrace(api);
    const { body } = await batch(api, { trace_ids: [id, id.toUpperCase(), id] });
    expect(body).toMatchObject({ total_traces: 1, filters: { trace_ids: [id] } });
  });

  test("with ids that are not in the project is refused with a list of them, and creates nothing", async () => {
    const [api, other] = [server.project(), server.project()];
    const [mine, theirs] = [await storeTrace(api), await storeTrace(other)];
    const answer = await batch(api, { trace_ids: [mine, unknownId, theirs] });
    expectProblem(answer, "not_found", { detail: new RegExp(`${unknownId}, ${theirs}`) });
    expect((answer.body as unknown as { detail: string }).detail).not.toContain(mine);
    await expectNoRuns(api);
  });

  test("lists the first twenty unknown ids, and says how many more there are", async () => {
    const ids = Array.from({ length: 300 }, () => crypto.randomUUID());
    const answer = await batch(server.project(), { trace_ids: ids });
    expectProblem(answer, "not_found", { detail: / and 280 more\./ });
    const { errors = [] } = answer.body as unknown as Problem;
    expect(errors.map(({ msg }) => msg)).toEqual(ids.slice(0, 20).map((id) => `There is no trace ${id}.`));
  });

  test.each([
    [{ trace_ids: undefined }, ["body", "trace_ids"]],
    [{ trace_ids: [] }, ["body", "trace_ids"]],
    [{ trace_ids: unknownId }, ["body", "trace_ids"]],
    [{ trace_ids: ["x"] }, ["body", "trace_ids", 0]],
    [{ trace_ids: [null] }, ["body", "trace_ids", 0]],
    [{ trace_ids: [unknownId], metrics: [] }, ["body", "metrics"]],
    [{ trace_ids: [unknownId], metrics: undefined }, ["body", "metrics"]],
  ])("with %j is refused as 422", async (fields, loc) => {
    expectProblem(await batch(server.project(), fields), "validation_error", { loc });
  });

  test("accepts thousands", async () => {
    const api = server.project();
    await storeTrace(api);
    const [{ project_id }] = (await database.run(
      "select project_id from traces where project_id = (select project_id from eval_runs where id = $1)",
      [(await createRun(api)).id],
    )) as [{ project_id: string }];
    const rows = await database.run(
      `insert into traces (project_id, trace_id, name, status, input, output, metadata, started_at, tags)
        select $1, gen_random_uuid(), 'many', 'COMPLETED', 'null', 'null', '{}', now(), '{}' from generate_series(1, 5000)
        returning trace_id`,
      [project_id],
    );
    const trace_ids = rows.map((row) => (row as { trace_id: string }).trace_id);
    expect((await batch(api, { trace_ids })).body).toMatchObject({ total_traces: 5000 });
    expect((await createRun(api, { filters: { name: "many" } })).total_traces).toBe(5000);
  });
});
