import type {
  EvalRunTemplate,
  MetricListItem,
  MetricResponse,
  MetricVersionPage,
  SessionScoreResponse,
  TraceScoreResponse,
} from "@pandaprobe/contract";
import { afterAll, describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import type { RecordedRequest } from "../support/llm-server.ts";
import { startLlmServer } from "../support/llm-server.ts";
import { createRun, endedRun, runScores } from "../support/run-helpers.ts";
import { endedSessionRun, sessionScores, storeSession } from "../support/session-helpers.ts";
import { spanBody, storeTrace } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createMonitor } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

/** What the model says to the question whose system prompt contains the key. */
const says = new Map<string, unknown>();
const asked: { readonly model: string; readonly system: string; readonly prompt: string }[] = [];
const llm = await startLlmServer({
  answer: (request) => {
    const { model, system, prompt } = questionOf(request);
    asked.push({ model, system, prompt });
    for (const [key, answer] of says) if (system.includes(key)) return answer;
    return undefined;
  },
});
afterAll(() => llm.stop());

function questionOf(request: RecordedRequest) {
  if (request.path === "/embeddings") throw new Error("No metric of a project's own embeds.");
  const { model, messages } = request.body;
  return { model, system: messages[0]?.content ?? "", prompt: messages[1]?.content ?? "" };
}

const server = useHttpServer({
  role: "all",
  environment: {
    OPENAI_API_KEY: "sk-test",
    OPENAI_BASE_URL: llm.baseUrl,
    EVAL_LLM_MODEL: "openai/judge",
    EVAL_EMBEDDING_MODEL: "heuristic/v1",
    EVAL_CPU_SECONDS: "1",
    EVAL_MAX_ATTEMPTS: "1",
  },
});
const database = databaseBehind(server);

const criteria = [
  { id: "polite", question: "Was the agent polite?" },
  { id: "checked", question: "Did it check the order?", weight: 3 },
];
const checklist = { kind: "checklist", criteria };

async function put(api: ApiClient, name: string, definition: object): Promise<MetricResponse> {
  const { status, body } = await api.send<MetricResponse>("PUT", `/evaluations/metrics/${name}`, definition);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

/** The score of one trace by one metric. */
async function score(
  api: ApiClient,
  traceId: string,
  metric: string,
  fields: object = {},
): Promise<TraceScoreResponse> {
  const run = await createRun(api, { metrics: [metric], ...fields });
  await endedRun(api, run.id);
  const found = (await runScores(api, run.id)).find(({ trace_id }) => trace_id === traceId);
  if (found === undefined) throw new Error("The run has no score for the trace.");
  return found;
}

const answers = (polite: "yes" | "no", checked: "yes" | "no") => ({
  answers: [
    { id: "polite", answer: polite, why: "Step 1 says please.", steps: [1] },
    { id: "checked", answer: checked, why: "No step looks the order up.", steps: [1, 99] },
  ],
});

describe("PUT /evaluations/metrics/{name}", () => {
  test("creates a version for each change, and none for the same definition", async () => {
    const api = server.project();
    const first = await put(api, "support", checklist);
    expect(first).toMatchObject({ version: 1, kind: "checklist", category: "trace", built_in: false });
    const reordered = {
      criteria: criteria.map(({ question, ...rest }) => ({ ...rest, question })),
      kind: "checklist",
    };
    expect((await put(api, "support", reordered)).version).toBe(1);
    const changed = await put(api, "support", { ...checklist, description: "How support works." });
    expect(changed).toMatchObject({
      version: 2,
      description: "How support works.",
      created_at: first.created_at,
    });
    const { body: versions } = await api.get<MetricVersionPage>(
      "/evaluations/metrics/support/versions?limit=1",
    );
    expect(versions).toMatchObject({ total: 2, items: [{ version: 2 }] });
    expect((await api.get<MetricResponse>("/evaluations/metrics/support")).body).toEqual(changed);
  });

  test.each<[string, object, (string | number)[], RegExp]>([
    ["no criteria", { kind: "checklist", criteria: [] }, ["body", "criteria"], /at least 1/],
    [
      "the same id twice",
      { kind: "checklist", criteria: [criteria[0], criteria[0]] },
      ["body", "criteria", 1, "id"],
      /"polite" is used twice: give each/,
    ],
    [
      "weights that sum to 0",
      { kind: "checklist", criteria: [{ ...criteria[0], weight: 0 }] },
      ["body", "criteria"],
      /sum to 0: give at least one a positive weight/,
    ],
    [
      "1,000 criteria",
      {
        kind: "checklist",
        criteria: Array.from({ length: 1000 }, (_, n) => ({ id: `c${n}`, question: "?" })),
      },
      ["body", "criteria"],
      /at most 50/,
    ],
    [
      "too long a text",
      { kind: "checklist", criteria, instructions: "x".repeat(8001) },
      ["body", "instructions"],
      /1 to 8000 characters/,
    ],
    [
      "too much in all",
      {
        kind: "checklist",
        criteria: Array.from({ length: 50 }, (_, n) => ({ id: `c${n}`, question: "x".repeat(900) })),
      },
      ["body"],
      /at most 32000 bytes of JSON: shorten/,
    ],
    [
      "a cap without a required question",
      { ...checklist, cap: 0.5 },
      ["body", "cap"],
      /leave it out, or make one required/,
    ],
    [
      "a scale with one anchor",
      { kind: "scale", instructions: "?", anchors: [{ value: 1, text: "a" }] },
      ["body", "anchors"],
      /at least two/,
    ],
    [
      "an anchor twice",
      {
        kind: "scale",
        instructions: "?",
        anchors: [
          { value: 1, text: "a" },
          { value: 1, text: "b" },
        ],
      },
      ["body", "anchors"],
      /value twice/,
    ],
    ["nothing to look for", { kind: "contains" }, ["body", "values"], /or a reference must be given/],
    [
      "a pattern that is none",
      { kind: "json_schema", schema: { properties: { a: { pattern: "(" } } } },
      ["body", "schema"],
      /not a regular expression/,
    ],
    [
      "a reference of a session",
      { ...checklist, target: "SESSION", reference: "expected" },
      ["body", "reference"],
      /Leave it out/,
    ],
    ["an unknown kind", { kind: "magic" }, ["body", "kind"], /must be checklist, scale/],
    ["an unknown field", { ...checklist, threshhold: 1 }, ["body", "threshhold"], /not a known field/],
  ])("refuses %s, with what to do", async (_, definition, loc, detail) => {
    const answer = await server.project().send("PUT", "/evaluations/metrics/mine", definition);
    expectProblem(answer, "validation_error", { loc, detail });
  });

  test("refuses the names of built-in metrics, and invalid names", async () => {
    const api = server.project();
    for (const name of ["coherence", "agent_reliability", "loop_detection"]) {
      const answer = await api.send("PUT", `/evaluations/metrics/${name}`, checklist);
      expectProblem(answer, "validation_error", {
        loc: ["path", "name"],
        detail: /built-in metric: choose another/,
      });
    }
    const answer = await api.send("PUT", "/evaluations/metrics/Not%20a%20name", checklist);
    expectProblem(answer, "validation_error", { loc: ["path", "name"], detail: /lower-case letters/ });
  });

  test("refuses more metrics than a project may have", async () => {
    const api = server.project();
    await put(api, "first", { kind: "no_errors" });
    await database.run(
      `insert into metrics (project_id, name, version) select project_id, 'm' || n, 1 from metrics, generate_series(2, 100) n
       where project_id = (select id from projects where name = $1)`,
      [api.headers["x-project-name"]],
    );
    const answer = await api.send("PUT", "/evaluations/metrics/another", { kind: "no_errors" });
    expectProblem(answer, "quota_exceeded", {
      detail: /has 100 metrics of its own, and may have 100\. Delete one/,
    });
  });
});

describe("the metrics of a project", () => {
  test("are listed after the built-in ones, and in no other project", async () => {
    const [api, other] = [server.project(), server.project()];
    await put(api, "fast", { kind: "latency", max_ms: 2000, threshold: 1 });
    const { body } = await api.get<MetricListItem[]>("/evaluations/metrics");
    expect(body.map(({ name }) => name)).toHaveLength(11);
    expect(body[0]).toMatchObject({ name: "task_completion", built_in: true, version: null });
    expect(body.at(-1)).toMatchObject({ name: "fast", built_in: false, version: 1, default_threshold: 1 });
    expect((await other.get<MetricListItem[]>("/evaluations/metrics")).body).toHaveLength(10);
    expectProblem(await other.get("/evaluations/metrics/fast"), "not_found");
    expectProblem(await other.delete("/evaluations/metrics/fast"), "not_found");
    await storeTrace(other);
    expectProblem(await other.post("/evaluations/trace-runs", { metrics: ["fast"] }), "unknown_metric");
  });

  test("a deleted metric is gone, and a new one with its name continues the version numbers", async () => {
    const api = server.project();
    await put(api, "support", checklist);
    expect((await api.delete("/evaluations/metrics/support")).status).toBe(204);
    expectProblem(await api.get("/evaluations/metrics/support"), "not_found");
    expectProblem(await api.get("/evaluations/metrics/support/versions"), "not_found");
    expectProblem(await api.delete("/evaluations/metrics/support"), "not_found");
    await storeTrace(api);
    expectProblem(await api.post("/evaluations/trace-runs", { metrics: ["support"] }), "unknown_metric");
    expect((await put(api, "support", checklist)).version).toBe(2);
  });

  test("a project's metric wins over a later built-in one with its name", async () => {
    const api = server.project();
    await put(api, "mine", { kind: "no_errors" });
    await database.run(
      `with renamed as (insert into metrics (project_id, name, version)
         select project_id, 'coherence', 1 from metrics where name = 'mine' and project_id = (select id from projects where name = $1)
         returning project_id)
       insert into metric_versions (project_id, name, version, definition)
       select project_id, 'coherence', 1, '{"kind":"no_errors"}' from renamed`,
      [api.headers["x-project-name"]],
    );
    const trace = await storeTrace(api);
    expect((await score(api, trace, "coherence")).metadata).toMatchObject({ metric_version: 1, model: null });
    expect((await put(api, "coherence", { kind: "no_errors", threshold: 1 })).version).toBe(2);
    const { body } = await api.get<MetricListItem[]>("/evaluations/metrics");
    expect(body.filter(({ name }) => name === "coherence")).toMatchObject([{ built_in: false }]);
  });
});

describe("a checklist", () => {
  test("asks all questions in one call, and the score is the weighted share of yes", async () => {
    const api = server.project();
    await put(api, "weighted", { ...checklist, instructions: "It is a shop (weighted)." });
    says.set("(weighted)", answers("yes", "no"));
    const trace = await storeTrace(api, { input: "Refund?", output: "Please wait." });
    await api.post(`/traces/${trace}/spans`, [spanBody({ name: "think" })]);
    const [span] = (await api.get<{ items: { span_id: string }[] }>(`/traces/${trace}/spans`)).body.items;
    const calls = llm.requests.length;
    const { value, reason, metadata, source } = await score(api, trace, "weighted");
    expect(llm.requests.length - calls).toBe(1);
    expect({ value, source }).toEqual({ value: "0.25", source: "AUTOMATED" });
    expect(reason).toBe(
      "Yes to 1 of 2 questions (weighted 0.25). No to checked: No step looks the order up.",
    );
    expect(metadata).toEqual({
      answers: [
        { id: "polite", answer: "yes", why: "Step 1 says please.", spans: [span?.span_id] },
        { id: "checked", answer: "no", why: "No step looks the order up.", spans: [span?.span_id] },
      ],
      weighted_share: 0.25,
      metric_version: 1,
      threshold: 0.5,
      success: false,
      model: "openai/judge",
    });
    const { system, prompt } = asked.findLast((question) => question.system.includes("(weighted)")) ?? {};
    expect(system).toMatch(/- polite: Was the agent polite\?\n- checked: Did it check the order\?/);
    expect(prompt).toContain("Please wait.");
  });

  test("a no to a required question makes it 0, or at most the cap", async () => {
    const api = server.project();
    const required = { kind: "checklist", criteria: [{ ...criteria[0], required: true }, criteria[1]] };
    await put(api, "strict", { ...required, instructions: "(strict)" });
    await put(api, "capped", { ...required, cap: 0.3, instructions: "(capped)" });
    for (const key of ["(strict)", "(capped)"]) says.set(key, answers("no", "yes"));
    const trace = await storeTrace(api);
    expect((await score(api, trace, "strict")).value).toBe("0");
    const capped = await score(api, trace, "capped");
    expect(capped).toMatchObject({ value: "0.3", metadata: { weighted_share: 0.75 } });
    expect(capped.reason).toMatch(/limits the score to 0\.3/);
  });

  test("fails the item if the model leaves a question out, whatever else it says", async () => {
    const api = server.project();
    await put(api, "skipped", { ...checklist, instructions: "(skipped)" });
    says.set("(skipped)", { answers: answers("yes", "yes").answers.slice(1) });
    const { status, reason, metadata } = await score(api, await storeTrace(api), "skipped");
    expect({ status, version: metadata["metric_version"] }).toEqual({ status: "FAILED", version: 1 });
    expect(reason).toMatch(/answered in the wrong form/);
  });

  test("is answered by the heuristic judge too, and shown by the template", async () => {
    const api = server.project();
    await put(api, "support", checklist);
    const trace = await storeTrace(api, { input: "Check my order", output: "I checked the order." });
    const { reason, metadata } = await score(api, trace, "support", { model: "heuristic/v1" });
    expect(reason).toMatch(/Yes to 1 of 2 questions/);
    expect(metadata).toMatchObject({
      answers: [
        { id: "polite", answer: "no" },
        { id: "checked", answer: "yes" },
      ],
    });
    const { body } = await api.get<EvalRunTemplate>("/evaluations/trace-runs/template?metric=support");
    expect(body.metric).toMatchObject({ name: "support", prompt_preview: [{ stage: "checklist" }] });
    expect(body.metric.prompt_preview[0]?.prompt).toContain("- polite: Was the agent polite?");
  });

  test("a run and its retries keep the version that the run began with, even if the metric is deleted", async () => {
    const api = server.project();
    await put(api, "pinned", { ...checklist, instructions: "(pinned one)" });
    says.set("(pinned one)", "no JSON");
    const trace = await storeTrace(api);
    const run = await createRun(api, { metrics: ["pinned", "coherence"] });
    expect(run.metric_versions).toEqual({ pinned: 1 });
    await put(api, "pinned", { ...checklist, instructions: "(pinned two)" });
    await api.delete("/evaluations/metrics/pinned");
    expect((await endedRun(api, run.id)).failed_count).toBe(1);
    says.set("(pinned one)", answers("yes", "yes"));
    const { status, body: retried } = await api.post<typeof run>(`/evaluations/trace-runs/${run.id}/retry`);
    expect({ status, versions: retried.metric_versions, metrics: retried.metric_names }).toEqual({
      status: 202,
      versions: { pinned: 1 },
      metrics: ["pinned"],
    });
    await endedRun(api, retried.id);
    expect(await runScores(api, retried.id)).toMatchObject([
      { trace_id: trace, value: "1", metadata: { metric_version: 1 } },
    ]);
  });

  test("a monitor uses the latest version at each tick", async () => {
    const api = server.project();
    await put(api, "watched", { ...checklist, instructions: "(watched)" });
    says.set("(watched)", answers("yes", "yes"));
    await storeTrace(api);
    const monitor = await createMonitor(api, { metrics: ["watched"] });
    await put(api, "watched", { ...checklist, instructions: "(watched)", threshold: 0.9 });
    const { body: run } = await api.post<{ id: string; metric_versions: object }>(
      `/evaluations/monitors/${monitor.id}/trigger`,
    );
    expect(run.metric_versions).toEqual({ watched: 2 });
    await endedRun(api, run.id);
    expect(await runScores(api, run.id)).toMatchObject([{ metadata: { threshold: 0.9, metric_version: 2 } }]);
    await api.delete("/evaluations/metrics/watched");
    expectProblem(await api.post(`/evaluations/monitors/${monitor.id}/trigger`), "unknown_metric");
  });

  test("is estimated like a built-in metric, and its threshold is the definition's unless the run sets one", async () => {
    const api = server.project();
    await put(api, "estimated", { ...checklist, threshold: 0.2, instructions: "(estimated)" });
    says.set("(estimated)", answers("yes", "no"));
    const trace = await storeTrace(api);
    const { body } = await api.post("/evaluations/trace-runs/estimate", { metrics: ["estimated"] });
    expect(body).toMatchObject({ targets: 1, calls: 1 });
    expect((await score(api, trace, "estimated")).metadata).toMatchObject({ threshold: 0.2, success: true });
    const stricter = await score(api, trace, "estimated", { thresholds: { estimated: 0.3 } });
    expect(stricter.metadata).toMatchObject({ threshold: 0.3, success: false });
  });

  test("compares with the reference in the trace's metadata, and is not applicable without it", async () => {
    const api = server.project();
    await put(api, "referenced", {
      ...checklist,
      reference: "expected.answer",
      instructions: "(referenced)",
    });
    says.set("(referenced)", answers("yes", "yes"));
    const [trace, without] = [
      await storeTrace(api, { metadata: { expected: { answer: "forty-two" } } }),
      await storeTrace(api),
    ];
    expect((await score(api, trace, "referenced")).value).toBe("1");
    const { prompt } = asked.findLast(({ system }) => system.includes("(referenced)")) ?? {};
    expect(prompt).toMatch(/<data label="reference">\n"forty-two"/);
    const other = await score(api, without, "referenced");
    expect(other.metadata).toMatchObject({ applicable: false, note: "no_reference" });
  });
});

describe("a scale", () => {
  test("maps its lowest anchor to 0 and its highest to 1", async () => {
    const api = server.project();
    const anchors = [
      { value: 1, text: "rude" },
      { value: 5, text: "kind" },
    ];
    await put(api, "tone", { kind: "scale", instructions: "How kind? (tone)", anchors });
    says.set("(tone)", { value: 4, reason: "Mostly kind.", steps: [] });
    const { value, reason, metadata } = await score(api, await storeTrace(api), "tone");
    expect({ value, reason }).toEqual({ value: "0.75", reason: "Mostly kind." });
    expect(metadata).toMatchObject({ value: 4, scale: { low: 1, high: 5 }, metric_version: 1 });
  });
});

describe("a metric of sessions", () => {
  test("reads the whole conversation in one question, and cites its traces", async () => {
    const api = server.project();
    await put(api, "resolved", { ...checklist, target: "SESSION", instructions: "(resolved)" });
    says.set("(resolved)", answers("yes", "no"));
    const [first] = await storeSession(api, "s", [{}, { output: "Bye </data> now" }]);
    const calls = llm.requests.length;
    const run = await createRun(api, { metrics: ["resolved"] }, "session-runs");
    await endedSessionRun(api, run.id);
    expect(llm.requests.length - calls).toBe(1);
    const [found] = (await sessionScores(api, run.id)) as SessionScoreResponse[];
    expect(found).toMatchObject({
      session_id: "s",
      value: "0.25",
      metadata: { metric_version: 1, answers: [{ spans: [first] }, { spans: [first] }] },
    });
    const { prompt } = asked.findLast(({ system }) => system.includes("(resolved)")) ?? {};
    expect(prompt).toMatch(/question 0 of s.*question 1 of s.*Bye \\u003c\/data>/s);
    expectProblem(await api.post("/evaluations/trace-runs", { metrics: ["resolved"] }), "unknown_metric", {
      detail: /needs a whole session/,
    });
  });

  test("no longer says what the judge said once a trace of the session is deleted", async () => {
    const api = server.project();
    await put(api, "kind", { ...checklist, target: "SESSION", instructions: "(kind)" });
    says.set("(kind)", answers("yes", "no"));
    const [first] = await storeSession(api, "s", [{}, {}]);
    const run = await createRun(api, { metrics: ["kind"] }, "session-runs");
    await endedSessionRun(api, run.id);
    const [before] = await sessionScores(api, run.id);
    expect(before?.metadata["answers"]).toHaveLength(2);
    expect((await api.delete(`/traces/${first}`)).status).toBe(204);
    const [after] = await sessionScores(api, run.id);
    expect(after).toMatchObject({
      value: before?.value,
      reason: expect.stringMatching(/^A trace of the session was deleted/),
    });
    expect(after?.metadata).not.toHaveProperty("answers");
    expect(after?.metadata).toMatchObject({ metric_version: 1 });
  });

  test("can be in one run with built-in ones, by the heuristic judge", async () => {
    const api = server.project();
    await put(api, "resolved", { ...checklist, target: "SESSION" });
    await storeSession(api, "s", [{}, {}]);
    const fields = { metrics: ["resolved", "agent_reliability"], model: "heuristic/v1" };
    const run = await createRun(api, fields, "session-runs");
    expect(await endedSessionRun(api, run.id)).toMatchObject({ status: "COMPLETED", failed_count: 0 });
    expect((await sessionScores(api, run.id)).map(({ name }) => name).sort()).toEqual([
      "agent_reliability",
      "resolved",
    ]);
  });
});

describe("a metric without a judge", () => {
  /** The values of the metrics on a trace, by name; "n/a: …" if they are not applicable. */
  async function check(
    trace: object,
    spans: readonly object[],
    definitions: Record<string, object>,
  ): Promise<Record<string, string | null>> {
    const api = server.project();
    for (const [name, definition] of Object.entries(definitions)) await put(api, name, definition);
    const id = await storeTrace(api, trace);
    if (spans.length > 0) await api.post(`/traces/${id}/spans`, spans);
    const calls = llm.requests.length;
    const run = await createRun(api, { metrics: Object.keys(definitions) });
    const { status, usage } = await endedRun(api, run.id);
    expect({ status, calls: usage.calls, made: llm.requests.length - calls }).toEqual({
      status: "COMPLETED",
      calls: 0,
      made: 0,
    });
    return Object.fromEntries(
      (await runScores(api, run.id)).map(({ name, value, metadata }) => {
        expect(metadata["model"]).toBeNull();
        return [name, metadata["applicable"] === false ? `n/a: ${metadata["note"]}` : value];
      }),
    );
  }

  test("compares the output", async () => {
    const metadata = { answer: " Paris ", json: '{"a": 1}', parts: ["par", "is"] };
    const definitions = {
      same: { kind: "exact_match", reference: "answer", ignore_case: true },
      case: { kind: "exact_match", reference: "answer" },
      missing: { kind: "exact_match", reference: "nothing.here" },
      parts: { kind: "contains", reference: "parts" },
      any: { kind: "contains", values: ["rome", "PAR"], match: "any", ignore_case: true },
      all: { kind: "contains", values: ["rome", "par"] },
    };
    expect(await check({ output: "paris", metadata }, [], definitions)).toEqual({
      same: "1",
      case: "0",
      missing: "n/a: no_reference",
      parts: "1",
      any: "1",
      all: "0",
    });
    const json = { json: { kind: "exact_match", reference: "json" } };
    expect(await check({ output: { a: 1 }, metadata }, [], json)).toEqual({ json: "1" });
  });

  test("checks time, cost and errors", async () => {
    const spans = [
      spanBody({ cost: { total: 0.03 } }),
      spanBody({ cost: { input: 0.01, output: 0.01 }, status: "ERROR" }),
    ];
    const definitions = {
      fast: { kind: "latency", max_ms: 2000 },
      faster: { kind: "latency", max_ms: 1999 },
      cheap: { kind: "cost", max_usd: 0.05 },
      cheaper: { kind: "cost", max_usd: 0.049 },
      clean: { kind: "no_errors" },
    };
    const trace = { started_at: "2026-03-01T09:00:00Z", ended_at: "2026-03-01T09:00:02Z" };
    expect(await check(trace, spans, definitions)).toEqual({
      fast: "1",
      faster: "0",
      cheap: "1",
      cheaper: "0",
      clean: "0",
    });
    expect(await check({}, [spanBody()], definitions)).toEqual({
      fast: "n/a: no_end",
      faster: "n/a: no_end",
      cheap: "n/a: no_cost",
      cheaper: "n/a: no_cost",
      clean: "1",
    });
  });

  test("compares the tool calls with the expected ones", async () => {
    const call = (name: string, input: object) => spanBody({ name, kind: "TOOL", input });
    const spans = [
      call("search", { q: "a", limit: 5 }),
      call("search", { q: "b" }),
      call("book", { id: 1 }),
    ].map((span, n) => ({
      ...span,
      started_at: `2026-03-01T09:00:0${n + 1}Z`,
    }));
    const metadata = {
      // The call without arguments fits both searches, and the other one only the first.
      calls: [
        { name: "search" },
        { name: "search", arguments: { q: "a" } },
        { name: "book", arguments: { id: 1 } },
      ],
      names: ["search", "search", "book"],
      few: ["book"],
      wrong: [{ name: "book", arguments: { id: 2 } }],
      text: "search",
    };
    const sequence = (expected: string, fields: object = {}) => ({
      kind: "tool_sequence",
      expected,
      ...fields,
    });
    expect(
      await check({ metadata }, spans, {
        names: sequence("names"),
        strict: sequence("calls"),
        unordered: sequence("calls", { match: "unordered" }),
        exact: sequence("names", { arguments: "exact" }),
        few: sequence("few"),
        superset: sequence("few", { match: "superset" }),
        subset: sequence("few", { match: "subset" }),
        wrong: sequence("wrong", { match: "superset" }),
        ignored: sequence("wrong", { match: "superset", ignored_arguments: ["id"] }),
        "no-arguments": sequence("wrong", { match: "superset", arguments: "ignore" }),
        text: sequence("text"),
        none: sequence("nothing"),
      }),
    ).toEqual({
      names: "1",
      strict: "0",
      unordered: "1",
      exact: "0",
      few: "0",
      superset: "1",
      subset: "0",
      wrong: "0",
      ignored: "1",
      "no-arguments": "1",
      text: "n/a: invalid_reference",
      none: "n/a: no_reference",
    });
  });

  test("checks the output against a JSON Schema", async () => {
    const schema = (schema: object) => ({ kind: "json_schema", schema });
    expect(
      await check({ output: '{"total": 12, "items": ["a"]}' }, [], {
        fits: schema({
          type: "object",
          required: ["total"],
          properties: { total: { type: "integer", minimum: 12 } },
        }),
        no: schema({ type: "object", properties: { items: { items: { type: "number" } } } }),
        nowhere: schema({ $ref: "#/$defs/nothing" }),
        endless: schema({ $ref: "#" }),
      }),
    ).toEqual({ fits: "1", no: "0", nowhere: "0", endless: "0" });
  });

  test("a pattern that never finishes fails only its own item", { timeout: 30_000 }, async () => {
    const api = server.project();
    await put(api, "slow", { kind: "json_schema", schema: { pattern: "^(a+)+$" } });
    await put(api, "clean", { kind: "no_errors" });
    await storeTrace(api, { output: `${"a".repeat(50)}!` });
    const run = await createRun(api, { metrics: ["slow", "clean"] });
    expect(await endedRun(api, run.id, 20_000)).toMatchObject({ status: "COMPLETED", failed_count: 1 });
    const scores = await runScores(api, run.id);
    expect(scores.find(({ name }) => name === "slow")?.reason).toMatch(/CPU time/);
    expect(scores.find(({ name }) => name === "clean")?.value).toBe("1");
  });
});
