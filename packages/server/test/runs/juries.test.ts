import type {
  EvalRunResponse,
  MonitorResponse,
  Problem,
  RunEstimate,
  TraceScoreResponse,
} from "@pandaprobe/contract";
import type { RepeatsReport, Vote } from "@pandaprobe/contract/rules";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ApiClient } from "../support/api-client.ts";
import { type LlmServer, type RecordedRequest, startLlmServer } from "../support/llm-server.ts";
import { createRun, endedRun, type RunsPath, runScores } from "../support/run-helpers.ts";
import {
  askedSignal,
  endedSessionRun,
  sessionScores,
  signalsOf,
  storeSession,
} from "../support/session-helpers.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import { storeTrace, storeTraces } from "../support/traces.ts";

/** Output tokens cost half a cent and input tokens nothing. Each call is reserved 20 tokens and charged 8. */
const prices = Object.fromEntries(
  ["random-a", "random-b", "random-c", "high", "low", "middle", "gone", "down", "embeds"].map((model) => [
    `openai/${model}`,
    { input_usd_per_mtok: 0, output_usd_per_mtok: 5_000 },
  ]),
);
const reservedUsd = 0.1;
const chargedUsd = 0.04;

const random = seededRandom(20_260_301);
/** The score that the model gave to each question, in order. */
const given: { readonly model: string; readonly prompt: string; readonly score: number }[] = [];
let llm: LlmServer;
let server: TestServer & { close(): Promise<void> };
/** Calls about the confidence of a trace that is hard to judge, and how many of them have unusable answers. */
let [hardCalls, hardAnswers] = [0, 0];
/** Each test has a project of its own. */
let projects = 0;

beforeAll(async () => {
  llm = await startLlmServer({
    usage: ({ path }) => ({ input: 50, output: path === "/embeddings" ? 0 : 8 }),
    fault(request) {
      const { model } = request.body;
      if (model === "gone") return { kind: "status", status: 404 };
      if (model === "down") return { kind: "status", status: 503 };
      if (model === "babbles") return { kind: "says", text: "I would rather not." };
      if (!promptOf(request).includes("hard to judge") || askedSignal(request) !== "confidence")
        return undefined;
      hardCalls += 1;
      return hardCalls <= hardAnswers ? { kind: "says", text: "Hm." } : undefined;
    },
    answer: (request) => {
      if (request.path === "/embeddings") return undefined;
      const { model } = request.body;
      const question = promptOf(request);
      const stage = request.body.response_format?.json_schema?.name;
      if (stage === "plan") return { plan: model === "middle" ? ["a step"] : [] };
      if (!question.includes('"score"')) return undefined;
      const score = model.startsWith("random") ? Math.round(random() * 1000) / 1000 : (fixed[model] ?? 0.5);
      given.push({ model, prompt: question, score });
      return { score, reason: `${model} says ${score}.` };
    },
  });
  server = await startTestServer({
    environment: {
      OPENAI_BASE_URL: llm.baseUrl,
      EVAL_LLM_MODEL: "openai/high",
      EVAL_EMBEDDING_MODEL: "openai/embeds",
      EVAL_MAX_OUTPUT_TOKENS: "20",
      EVAL_MAX_ATTEMPTS: "1",
      EVAL_PROVIDER_PATIENCE_SECONDS: "1",
      JUDGE_PRICES: JSON.stringify(prices),
    },
  });
});

afterAll(async () => {
  await server.close();
  await llm.stop();
});

const fixed: Readonly<Record<string, number>> = { high: 0.9, middle: 0.5, low: 0.1 };

function newProject(): ApiClient {
  projects += 1;
  return new ApiClient({ url: server.url, apiKey: server.apiKey, project: `juries-${projects}` });
}

function promptOf({ body }: RecordedRequest): string {
  return JSON.stringify(body);
}

/** The scores that the models gave about a text, in any order. */
function scoresAbout(text: string, model?: string): number[] {
  return given
    .filter((each) => each.prompt.includes(text) && (model === undefined || each.model === model))
    .map(({ score }) => score)
    .sort();
}

async function judged(api: ApiClient, fields: object): Promise<[EvalRunResponse, TraceScoreResponse[]]> {
  const { id } = await createRun(api, { metrics: ["confidence"], ...fields });
  const run = await endedRun(api, id);
  return [run, await runScores(api, id)];
}

function repeatsOf({ metadata }: { metadata: Record<string, unknown> }): RepeatsReport {
  return metadata["repeats"] as RepeatsReport;
}

function votesOf({ metadata }: { metadata: Record<string, unknown> }): readonly Vote[] {
  return metadata["votes"] as readonly Vote[];
}

/** Mean and sample deviation, by the formulas for sums, and the share of values on the minority side of 0.5. */
function statisticsOf(values: readonly number[]) {
  const n = values.length;
  const sum = values.reduce((a, b) => a + b, 0);
  const squares = values.reduce((a, b) => a + b * b, 0);
  const passes = values.filter((value) => value >= 0.5).length;
  const four = (value: number) => Math.round(value * 10_000) / 10_000;
  return {
    mean: four(sum / n),
    standard_deviation: four(Math.sqrt((squares - (sum * sum) / n) / (n - 1))),
    flip_rate: four(Math.min(passes, n - passes) / n),
  };
}

/** Mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe("repeats", () => {
  test("give the mean, the deviation and the flip rate of the answers", async () => {
    const api = newProject();
    const ids = await storeTraces(api, [{ input: "repeated one" }, { input: "repeated two" }]);
    const [run, scores] = await judged(api, { model: "openai/random-a", repeats: 7 });
    expect(run).toMatchObject({ repeats: 7, judges: null, aggregate: null, model: "openai/random-a" });
    expect(run.usage.calls).toBe(14);
    for (const [i, text] of ["repeated one", "repeated two"].entries()) {
      const score = scores.find(({ trace_id }) => trace_id === ids[i]);
      const answers = scoresAbout(text);
      expect(answers).toHaveLength(7);
      const { mean, ...spread } = statisticsOf(answers);
      expect(score).toMatchObject({ value: String(mean), status: "SUCCESS", source: "AUTOMATED" });
      expect(score?.metadata).toMatchObject({
        model: "openai/random-a",
        success: mean >= 0.5,
        repeats: { count: 7, ...spread },
      });
      expect(score && [...repeatsOf(score).values].sort()).toEqual(answers);
    }
  });

  test("ask each stage again, and share no answers", async () => {
    const api = newProject();
    await storeTrace(api, { input: "two stages" });
    const before = llm.requests.length;
    const [run] = await judged(api, { metrics: ["task_completion"], model: "openai/random-b", repeats: 3 });
    expect(run.usage).toMatchObject({ calls: 6, cached_calls: 0 });
    expect(llm.requests.length - before).toBe(6);
  });

  test("continue where an earlier run stopped, unless the run is fresh", async () => {
    const api = newProject();
    await storeTrace(api, { input: "more and more" });
    const [once] = await judged(api, { model: "openai/random-a" });
    const [thrice, [three]] = await judged(api, { model: "openai/random-a", repeats: 3 });
    const [again, [same]] = await judged(api, { model: "openai/random-a", repeats: 3 });
    const [fresh, [other]] = await judged(api, { model: "openai/random-a", repeats: 3, fresh: true });
    expect([once, thrice, again, fresh].map(({ usage }) => [usage.calls, usage.cached_calls])).toEqual([
      [1, 0],
      [2, 1],
      [0, 3],
      [3, 0],
    ]);
    expect(same && three && repeatsOf(same)).toEqual(three && repeatsOf(three));
    expect(other && three && repeatsOf(other).values).not.toEqual(three && repeatsOf(three).values);
  });

  test("compute metrics without a judge only once", async () => {
    const api = newProject();
    await storeTrace(api, { input: "embedded once", output: "an output" });
    const before = llm.requests.length;
    const [run, [score]] = await judged(api, { metrics: ["coherence"], model: "openai/high", repeats: 5 });
    expect(llm.requests.length - before).toBe(1);
    expect(run.usage.calls).toBe(1);
    expect(score?.metadata).toMatchObject({ model: "openai/embeds", coherence_gap: expect.any(Number) });
    expect(score?.metadata).not.toHaveProperty("repeats");
  });

  test("of the heuristic judge cannot differ", async () => {
    const api = newProject();
    await storeTrace(api, { input: "offline", output: "done" });
    const [, [score]] = await judged(api, { model: "heuristic/v1", repeats: 3 });
    const value = Number(score?.value);
    expect(score?.metadata["repeats"]).toEqual({
      count: 3,
      values: [value, value, value],
      standard_deviation: 0,
      flip_rate: 0,
    });
  });

  test("that fail are named, and a retry asks only for what is missing", async () => {
    const api = newProject();
    await storeTrace(api, { input: "hard to judge" });
    [hardCalls, hardAnswers] = [0, 2];
    const [run, [score]] = await judged(api, { model: "openai/random-c", repeats: 4 });
    expect(run).toMatchObject({ status: "COMPLETED", failed_count: 1, usage: { calls: 4 } });
    expect(score).toMatchObject({ status: "FAILED", value: null });
    expect(score?.reason).toMatch(
      /^Only 2 of 4 repeats gave a score, and more than half are needed\. Repeat \d: /,
    );

    const retry = await api.post<EvalRunResponse>(`/evaluations/trace-runs/${run.id}/retry`);
    expect(retry.body).toMatchObject({ repeats: 4, model: "openai/random-c" });
    const ended = await endedRun(api, retry.body.id);
    expect(ended).toMatchObject({ failed_count: 0, usage: { calls: 2, cached_calls: 2 } });
    const [retried] = await runScores(api, ended.id);
    expect(retried && [...repeatsOf(retried).values].sort()).toEqual(scoresAbout("hard to judge"));
  });
});

describe("a jury", () => {
  const judges = ["openai/high", "openai/low", "openai/middle"];

  test("votes with each member's value, and reports them", async () => {
    const api = newProject();
    await storeTrace(api, { input: "voted on" });
    const [run, [score]] = await judged(api, { judges, aggregate: "mean" });
    expect(run).toMatchObject({ model: null, judges, aggregate: "mean", repeats: 1, usage: { calls: 3 } });
    expect(score).toMatchObject({
      value: "0.5",
      reason: "Mean of 3 judges. openai/middle: middle says 0.5.",
    });
    expect(score?.metadata).toEqual({
      threshold: 0.5,
      success: true,
      model: null,
      aggregate: "mean",
      votes: [
        { model: "openai/high", value: 0.9, success: true, applicable: true, reason: "high says 0.9." },
        { model: "openai/low", value: 0.1, success: false, applicable: true, reason: "low says 0.1." },
        { model: "openai/middle", value: 0.5, success: true, applicable: true, reason: "middle says 0.5." },
      ],
      agreement: 0.3333,
    });
  });

  test.each([
    [["openai/high", "openai/low", "openai/middle"], "majority", undefined, "1"],
    [["openai/high", "openai/low"], "majority", undefined, "0"],
    [["openai/high", "openai/low", "openai/middle"], "unanimous", undefined, "0"],
    [["openai/high", "openai/middle"], "unanimous", undefined, "1"],
    [["openai/high", "openai/middle"], "unanimous", { confidence: 0.6 }, "0"],
  ])("of %j, %s, with thresholds %j: %s", async (members, aggregate, thresholds, expected) => {
    const api = newProject();
    await storeTrace(api, { input: "decided" });
    const [, [score]] = await judged(api, { judges: members, aggregate, thresholds });
    expect(score).toMatchObject({ value: expected, metadata: { success: expected === "1", aggregate } });
  });

  test("is asked as often as each member repeats", async () => {
    const api = newProject();
    await storeTrace(api, { input: "both at once" });
    const [run, [score]] = await judged(api, {
      judges: ["openai/random-a", "openai/random-b"],
      repeats: 4,
    });
    expect(run.usage.calls).toBe(8);
    const votes = score === undefined ? [] : votesOf(score);
    const expected = ["random-a", "random-b"].map((model) =>
      statisticsOf(scoresAbout("both at once", model)),
    );
    expect(votes).toMatchObject(
      expected.map(({ mean, ...spread }, i) => ({
        model: ["openai/random-a", "openai/random-b"][i],
        value: mean,
        repeats: { count: 4, ...spread },
      })),
    );
    expect(Number(score?.value)).toBeCloseTo(((expected[0]?.mean ?? 0) + (expected[1]?.mean ?? 0)) / 2, 3);
  });

  test("with a member that is missing or down names it and does not wait forever", async () => {
    const api = newProject();
    await storeTraces(api, 5);
    const members = ["openai/high", "openai/low", "openai/gone", "openai/down", "openai/middle"];
    const [run, scores] = await judged(api, { judges: members });
    expect(run).toMatchObject({ status: "COMPLETED", evaluated_count: 5, failed_count: 0 });
    expect(scores).toHaveLength(5);
    for (const { value, metadata, reason } of scores) {
      expect(value).toBe("0.5");
      expect(reason).toContain("2 did not answer");
      expect(metadata["missing_judges"]).toEqual([
        { model: "openai/gone", reason: expect.stringContaining("404") },
        { model: "openai/down", reason: expect.stringContaining("503") },
      ]);
      expect(metadata["votes"]).toHaveLength(3);
    }
  });

  test("below a quorum fails the item, and without usable members the run", async () => {
    const api = newProject();
    await storeTrace(api, { input: "no quorum" });
    const [run, [score]] = await judged(api, { judges: ["openai/high", "openai/babbles"] });
    expect(run).toMatchObject({ status: "COMPLETED", failed_count: 1 });
    expect(score).toMatchObject({ status: "FAILED", metadata: { success: false, model: null } });
    expect(score?.reason).toMatch(
      /^Only 1 of 2 judges gave a score, and more than half are needed\. openai\/babbles: /,
    );
    const [failed] = await judged(api, { judges: ["openai/high", "openai/gone"], metrics: ["plan_quality"] });
    expect(failed).toMatchObject({ status: "FAILED", error_message: expect.stringContaining("404") });
  });

  test("leaves out members that find nothing to judge", async () => {
    const api = newProject();
    await storeTrace(api, { input: "no plan" });
    const [, [score]] = await judged(api, { metrics: ["plan_quality"], judges });
    expect(score?.metadata).toMatchObject({ applicable: false, note: "no_plan", agreement: 0.3333 });
    expect(score && votesOf(score).map(({ applicable }) => applicable)).toEqual([false, false, true]);
    const [, [decided]] = await judged(api, { metrics: ["plan_quality"], judges: judges.slice(1) });
    expect(decided).toMatchObject({ value: "0.5", metadata: { votes: [{ applicable: false }, {}] } });
    expect(decided?.metadata).not.toHaveProperty("applicable");
  });

  test("may have the heuristic judge as a member", async () => {
    const api = newProject();
    await storeTrace(api, { input: "with the heuristic", output: "done" });
    const [run, [score]] = await judged(api, { judges: ["heuristic/v1", "openai/high"], repeats: 2 });
    expect(run.usage.calls).toBe(2);
    expect(score && votesOf(score)).toMatchObject([
      { model: "heuristic/v1", repeats: { standard_deviation: 0 } },
      { model: "openai/high", value: 0.9 },
    ]);
  });
});

describe("sessions", () => {
  test("are scored once for each member and repeat", async () => {
    const api = newProject();
    const ids = await storeSession(api, "judged session", [{}, {}, {}]);
    const members = ["openai/random-a", "openai/random-b", "openai/high"];
    const created = await createRun(
      api,
      {
        metrics: ["agent_reliability", "agent_consistency"],
        judges: members,
        repeats: 2,
        aggregate: "majority",
        signal_weights: { loop_detection: 0, tool_correctness: 0, coherence: 0 },
      },
      "session-runs",
    );
    const run = await endedSessionRun(api, created.id);
    expect(run).toMatchObject({ status: "COMPLETED", failed_count: 0, judges: members, repeats: 2 });
    const signals = await signalsOf(api, run.id);
    const confidences = signals.filter(({ name }) => name === "confidence");
    expect(confidences).toHaveLength(ids.length);
    // Signals are means, whatever the jury's aggregate.
    for (const signal of confidences) {
      const values = votesOf(signal).map(({ value }) => value);
      expect(Number(signal.value)).toBeCloseTo(values.reduce((a, b) => a + b, 0) / 3, 3);
    }
    expect(signals.find(({ name }) => name === "coherence")?.metadata).not.toHaveProperty("votes");
    for (const score of await sessionScores(api, run.id)) {
      const votes = votesOf(score);
      expect(votes.map(({ model }) => model)).toEqual(members);
      for (const vote of votes) expect(vote.repeats?.values).toHaveLength(2);
      const passes = votes.filter(({ success }) => success).length;
      expect(score.value).toBe(passes >= 2 ? "1" : "0");
    }

    // With these weights, consistency follows from the confidences alone.
    const consistency = (await sessionScores(api, run.id)).find(({ name }) => name === "agent_consistency");
    const risks = (member: number, repeat: number) =>
      confidences.map((signal) => 1 - (votesOf(signal)[member]?.repeats?.values[repeat] ?? Number.NaN));
    for (const [member, vote] of (consistency ? votesOf(consistency) : []).entries()) {
      for (const [repeat, value] of (vote.repeats?.values ?? []).entries()) {
        const squares = risks(member, repeat).map((risk) => risk ** 2);
        expect(value).toBeCloseTo(1 - Math.sqrt(squares.reduce((x, y) => x + y, 0) / squares.length), 3);
      }
    }
  });

  test("name a member that judged none of the signals", async () => {
    const api = newProject();
    await storeSession(api, "half judged", [{ input: "half" }, {}]);
    const members = ["openai/high", "openai/low", "openai/babbles"];
    const created = await createRun(
      api,
      {
        metrics: ["agent_consistency"],
        judges: members,
        signal_weights: { loop_detection: 0, coherence: 0 },
      },
      "session-runs",
    );
    await endedSessionRun(api, created.id);
    const [score] = await sessionScores(api, created.id);
    expect(score?.metadata["missing_judges"]).toEqual([
      { model: "openai/babbles", reason: expect.stringContaining("None of the confidence signals") },
    ]);
  });

  test("that lack a signal are retried by the same jury, which asks for that signal alone", async () => {
    const api = newProject();
    await storeSession(api, "retried", [{ input: "hard to judge in a session" }, {}, {}]);
    [hardCalls, hardAnswers] = [0, 1];
    const judges = ["openai/high", "openai/low"];
    const created = await createRun(api, { metrics: ["agent_consistency"], judges }, "session-runs");
    await endedSessionRun(api, created.id);
    const [score] = await sessionScores(api, created.id);
    expect(score?.metadata["failed_signals"]).toMatchObject([{ signal: "confidence" }]);
    expect(score && votesOf(score)).toMatchObject([{ failed_signals: 1 }, { failed_signals: 1 }]);

    const retry = await api.post<EvalRunResponse>(`/evaluations/session-runs/${created.id}/retry`);
    // The other member's answer is in the ledger, and the signals of the other traces are copied.
    expect(await endedSessionRun(api, retry.body.id)).toMatchObject({
      judges,
      failed_count: 0,
      usage: { calls: 1, cached_calls: 1 },
    });
    const [complete] = await sessionScores(api, retry.body.id);
    expect(complete?.metadata).not.toHaveProperty("failed_signals");
  });
});

describe("a budget", () => {
  test("applies with repeats, stops in the middle of an item, and a retry continues there", async () => {
    const api = newProject();
    await storeTraces(api, [{ input: "budget one" }, { input: "budget two" }]);
    const max_cost_usd = 6 * chargedUsd + reservedUsd;
    const [run, scores] = await judged(api, { model: "openai/random-a", repeats: 5, max_cost_usd });
    const calls = run.usage.calls;
    expect(calls).toBeLessThan(10);
    expect(run.usage.cost_usd ?? 1).toBeLessThanOrEqual(max_cost_usd);
    expect(run.failed_count).toBeGreaterThan(0);
    for (const { status, reason, metadata } of scores) {
      if (status === "SUCCESS") continue;
      expect(reason).toMatch(/^budget_exceeded: /);
      expect(metadata["error"]).toBe("budget_exceeded");
    }
    const retry = await api.post<EvalRunResponse>(`/evaluations/trace-runs/${run.id}/retry`, {
      max_cost_usd: null,
    });
    const ended = await endedRun(api, retry.body.id);
    expect(ended).toMatchObject({ failed_count: 0, repeats: 5, usage: { calls: 10 - calls } });
    expect(scoresAbout("budget one")).toHaveLength(5);
    expect(scoresAbout("budget two")).toHaveLength(5);
  });

  test("and an estimate count every member and repeat", async () => {
    const api = newProject();
    await storeTraces(api, 2);
    const estimate = async (fields: object) =>
      (
        await api.post<RunEstimate>("/evaluations/trace-runs/estimate", {
          metrics: ["confidence", "coherence"],
          ...fields,
        })
      ).body;
    const one = await estimate({ model: "openai/high" });
    const many = await estimate({ judges: ["openai/high", "openai/low", "openai/middle"], repeats: 4 });
    expect(one).toMatchObject({ calls: 4, cost_usd: { high: expect.closeTo(2 * reservedUsd) } });
    // The embeddings are paid for once.
    expect(many).toMatchObject({
      calls: 2 * 3 * 4 + 2,
      cost_usd: { high: expect.closeTo(24 * reservedUsd) },
    });
    const { id } = await createRun(api, {
      metrics: ["confidence", "coherence"],
      judges: ["openai/high", "openai/low", "openai/middle"],
      repeats: 4,
    });
    expect((await endedRun(api, id)).usage.calls).toBe(many.calls);
  });
});

describe("a request", () => {
  test.each<[string, object, number, string, RegExp]>([
    [
      "a model too",
      { judges: ["openai/a", "openai/b"], model: "openai/c" },
      422,
      "validation_error",
      /cannot be combined with model/,
    ],
    ["one judge", { judges: ["openai/a"] }, 422, "validation_error", /at least 2/],
    [
      "the same judge twice",
      { judges: ["gemini/a", "google_genai/a"] },
      422,
      "provider_not_configured",
      /Google/,
    ],
    [
      "another spelling of it",
      { judges: ["openai/gpt-5", "gpt-5"] },
      422,
      "validation_error",
      /openai\/gpt-5 is named twice/,
    ],
    [
      "a judge that is not configured",
      { judges: ["openai/a", "anthropic/b"] },
      422,
      "provider_not_configured",
      /anthropic\/b/,
    ],
    [
      "an unpriced judge and a budget",
      { judges: ["openai/high", "openai/x"], max_cost_usd: 1 },
      422,
      "price_unknown",
      /openai\/x/,
    ],
    ["an aggregate without a jury", { aggregate: "majority" }, 422, "validation_error", /needs judges/],
    ["eleven repeats", { repeats: 11 }, 422, "validation_error", /at most 10/],
  ])("with %s is refused, and nothing is created", async (_, fields, status, code, detail) => {
    const api = newProject();
    const [id] = await storeTraces(api, 1);
    const bodies: [string, object][] = [
      ["trace-runs", {}],
      ["trace-runs/estimate", {}],
      ["trace-runs/batch", { trace_ids: [id] }],
    ];
    for (const [path, more] of bodies) {
      const answer = await api.post<Problem>(`/evaluations/${path}`, {
        metrics: ["confidence"],
        ...more,
        ...fields,
      });
      expect(answer.status).toBe(status);
      expect(answer.body).toMatchObject({ code, detail: expect.stringMatching(detail) });
    }
    const monitor = await api.post<Problem>("/evaluations/monitors", {
      name: "m",
      target_type: "TRACE",
      metrics: ["confidence"],
      cadence: "daily",
      ...fields,
    });
    expect(monitor.body).toMatchObject({ code, status });
    expect((await api.get<{ total: number }>("/evaluations/trace-runs")).body.total).toBe(0);
  });

  test("for a monitor sets who judges its runs, and changes it", async () => {
    const api = newProject();
    await storeTrace(api, { input: "monitored" });
    const judges = ["openai/high", "openai/low"];
    const monitor = await api.post<MonitorResponse>("/evaluations/monitors", {
      name: "jury",
      target_type: "TRACE",
      metrics: ["confidence"],
      cadence: "daily",
      judges,
      aggregate: "unanimous",
      repeats: 2,
    });
    expect(monitor.body).toMatchObject({ judges, aggregate: "unanimous", repeats: 2, model: null });
    const path = `/evaluations/monitors/${monitor.body.id}`;
    const run = await api.post<EvalRunResponse>(`${path}/trigger`);
    expect(run.body).toMatchObject({ judges, aggregate: "unanimous", repeats: 2, model: null });
    expect((await endedRun(api, run.body.id)).usage.calls).toBe(4);

    const changed = await api.patch<MonitorResponse>(path, { model: "openai/middle", repeats: null });
    expect(changed.body).toMatchObject({ model: "openai/middle", judges: null, aggregate: null, repeats: 1 });
    const refused = await api.patch<Problem>(path, { aggregate: "mean" });
    expect(refused).toMatchObject({ status: 422, body: { code: "validation_error" } });
    const back = await api.patch<MonitorResponse>(path, { judges });
    expect(back.body).toMatchObject({ model: null, judges, aggregate: "mean" });
  });

  test("for a retry keeps the jury, or names another judge", async () => {
    const api = newProject();
    await storeTrace(api, { input: "retried by others" });
    const [run] = await judged(api, {
      judges: ["openai/high", "openai/babbles"],
      aggregate: "majority",
      repeats: 2,
    });
    expect(run.failed_count).toBe(1);
    const retry = (body: object) =>
      api.post<EvalRunResponse>(`/evaluations/trace-runs/${run.id}/retry`, body);
    expect((await retry({})).body).toMatchObject({
      judges: ["openai/high", "openai/babbles"],
      aggregate: "majority",
      repeats: 2,
    });
    const single = await retry({ model: "openai/low", repeats: 1 });
    expect(single.body).toMatchObject({ model: "openai/low", judges: null, aggregate: null, repeats: 1 });
    await endedRun(api, single.body.id);
    expect(await runScores(api, single.body.id)).toMatchObject([{ value: "0.1" }]);
    expect((await retry({ model: "openai/low", judges: ["openai/high", "openai/low"] })).status).toBe(422);
  });
});

test.each<[RunsPath]>([["trace-runs"], ["session-runs"]])("lists of %s show the judges", async (path) => {
  const api = newProject();
  await storeSession(api, "listed", [{}]);
  const metrics = [path === "trace-runs" ? "confidence" : "agent_reliability"];
  await createRun(api, { metrics, judges: ["openai/high", "openai/low"], repeats: 2 }, path);
  const { body } = await api.get<{ items: EvalRunResponse[] }>(`/evaluations/${path}`);
  expect(body.items).toMatchObject([
    { judges: ["openai/high", "openai/low"], aggregate: "mean", repeats: 2, model: null },
  ]);
});
