import type { ComparisonResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { createRun } from "../support/run-helpers.ts";
import { storeTrace } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createScore, unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const database = databaseBehind(server);
const metrics = ["quality"];
const [v1, v2] = [{ filters: { release: "v1" } }, { filters: { release: "v2" } }];

async function comparisonOf(api: ApiClient, request: object = {}): Promise<ComparisonResponse> {
  const body = { a: v1, b: v2, metrics, pair_by: "metadata.case_id", ...request };
  const answer = await api.post<ComparisonResponse>("/evaluations/compare", body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

async function only(api: ApiClient, request: object = {}): Promise<ComparisonResponse["metrics"][number]> {
  const [metric] = (await comparisonOf(api, request)).metrics;
  if (metric === undefined) throw new Error("There is no metric.");
  return metric;
}

interface Stored {
  readonly release: string;
  readonly value: number | string;
  readonly trace?: object;
  readonly score?: object;
}

/** Stores a trace of a release with a program's score. @returns the ids of both */
async function storeScored(api: ApiClient, { release, value, trace, score }: Stored) {
  const traceId = await storeTrace(api, { release, ...trace });
  const fields = { value: String(value), source: "PROGRAMMATIC", ...score };
  return { traceId, score: await createScore(api, traceId, fields) };
}

/** Cases of both releases, each in a session of its own; `v2` scores lower by `drop`. */
async function storeCases(api: ApiClient, count: number, drop: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const value = 0.8 + i / 100;
    const trace = { metadata: { case_id: `case ${i}` }, input: { question: i } };
    const score = { metadata: { threshold: 0.7, success: value >= 0.7 } };
    await storeScored(api, { release: "v1", value, trace, score });
    const lower = Number((value - drop).toFixed(4));
    await storeScored(api, { release: "v2", value: lower, trace, score: { reason: "It forgot the date." } });
  }
}

describe("POST /evaluations/compare", () => {
  test("compares the same cases of two releases", async () => {
    const api = server.project();
    await storeCases(api, 8, 0.2);
    const answer = await comparisonOf(api);
    expect(answer).toMatchObject({
      verdict: "regressed",
      metrics: [
        {
          metric: "quality",
          verdict: "regressed",
          pair_count: 8,
          session_count: 8,
          a: { score_count: 8, pass_rate: 1, unpaired_count: 0 },
          b: { score_count: 8, pass_rate: null },
          wins: 0,
          losses: 8,
          ties: 0,
          p_value: 2 / 256,
          p_adjusted: 2 / 256,
        },
      ],
    });
    const [metric] = answer.metrics;
    expect(metric?.a.mean).toBeCloseTo(0.835, 12);
    expect(metric?.difference).toBeCloseTo(-0.2, 12);
    expect(metric?.regressions).toHaveLength(8);
    expect(metric?.regressions[0]).toMatchObject({
      case: expect.stringMatching(/^case \d$/),
      a: { score_count: 1, session_id: null, reason: null },
      b: { score_count: 1, reason: "It forgot the date." },
    });
    expect(metric?.summary).toMatch(/^Worse: quality is 0\.635 after 0\.835 /);
    expect(await comparisonOf(api)).toEqual(answer);
    expect((await comparisonOf(api, { a: v2, b: v1 })).verdict).toBe("improved");
    expect(await only(api, { pair_by: "input" })).toMatchObject({ pair_count: 8, losses: 8 });
    expect(await only(api, { pair_by: "metadata.missing" })).toMatchObject({
      verdict: "not_enough",
      pair_count: 0,
      a: { score_count: 0, unpaired_count: 8, mean: null },
    });
    const unpaired = await only(api, { pair_by: undefined });
    expect(unpaired).toMatchObject({ verdict: "regressed", pair_count: null, wins: null, regressions: [] });
    expect(unpaired.summary).toContain("not paired");
  });

  test("takes the newest score of a judge, and leaves out what has no number", async () => {
    const api = server.project();
    const trace = { metadata: { case_id: 1 } };
    const { traceId } = await storeScored(api, { release: "v1", value: 0.2, trace });
    await createScore(api, traceId, { value: "0.4", source: "PROGRAMMATIC" });
    await createScore(api, traceId, { value: "1" });
    await storeScored(api, { release: "v2", value: 0.6, trace });
    await storeScored(api, {
      release: "v2",
      value: 1,
      trace,
      score: { metadata: { applicable: false } },
    });
    await storeScored(api, { release: "v2", value: "fine", trace, score: { data_type: "CATEGORICAL" } });
    expect(await only(api)).toMatchObject({
      verdict: "not_enough",
      pair_count: 1,
      a: { score_count: 1, mean: 0.4 },
      b: { score_count: 1, mean: 0.6, not_applicable_count: 1, without_value_count: 1 },
    });
  });

  test("compares judges' scores or, on request, people's", async () => {
    const api = server.project();
    const trace = { metadata: { case_id: true } };
    const { score, traceId } = await storeScored(api, {
      release: "v1",
      value: 0.8,
      trace,
      score: { reason: "Fine.", metadata: { threshold: 0.5, success: true } },
    });
    await api.patch(`/evaluations/trace-scores/${score.id}`, { value: "0.1", reason: "Not at all." });
    await storeScored(api, { release: "v2", value: 0.3, trace });
    const judged = await only(api);
    expect(judged).toMatchObject({ a: { mean: 0.8, pass_rate: 1 }, losses: 1 });
    expect(judged.regressions).toMatchObject([{ case: "true", a: { score_id: score.id, reason: "Fine." } }]);
    expect(await only(api, { prefer: "person" })).toMatchObject({ a: { mean: 0.1, pass_rate: 0 }, wins: 1 });
    // A judge's newer score does not outrank a person's score.
    await createScore(api, traceId, { value: "0.9", source: "PROGRAMMATIC" });
    expect((await only(api)).a.mean).toBe(0.9);
    expect((await only(api, { prefer: "person" })).a.mean).toBe(0.1);
  });

  test("pairs true and false by session with McNemar's test", async () => {
    const api = server.project();
    for (let i = 0; i < 7; i++) {
      const trace = { metadata: { case_id: i } };
      const score = { data_type: "BOOLEAN" };
      await storeScored(api, { release: "v1", value: "true", trace, score });
      await storeScored(api, { release: "v2", value: String(i === 0), trace, score });
    }
    const metric = await only(api);
    expect(metric).toMatchObject({ a: { pass_rate: 1 }, b: { pass_rate: 1 / 7 }, losses: 6, ties: 1 });
    expect(metric.mcnemar_p).toBeCloseTo(2 / 64, 12);
  });

  test("compares runs that have ended, over the same traces", async () => {
    const api = server.project();
    const traces = [];
    for (let i = 0; i < 6; i++) traces.push(await storeTrace(api));
    const runs = [await createRun(api), await createRun(api)].map(({ id }) => id);
    const [first = "", second = ""] = runs;
    const sides = { a: { run_id: first }, b: { run_id: second }, pair_by: "trace_id" };
    const runMetrics = ["coherence"];
    const open = await api.post("/evaluations/compare", { ...sides, metrics: runMetrics });
    expectProblem(open, "run_in_progress");
    await database.run("update eval_runs set status = 'COMPLETED' where id = any($1)", [runs]);
    for (const [i, run] of runs.entries()) {
      await database.run(
        `insert into trace_scores (project_id, id, trace_id, name, data_type, value, numeric_value, source, status,
          eval_run_id, metadata)
        select project_id, gen_random_uuid(), trace_id, 'coherence', 'NUMERIC', $2::text, $2::text::float8, 'AUTOMATED', 'SUCCESS', $1, '{}'
        from traces where trace_id = any($3)`,
        [run, i === 0 ? "0.875" : "0.75", traces],
      );
    }
    const [metric] = (await comparisonOf(api, { ...sides, metrics: runMetrics })).metrics;
    expect(metric).toMatchObject({
      verdict: "regressed",
      pair_count: 6,
      a: { mean: 0.875 },
      b: { mean: 0.75 },
    });
    expect(metric?.regressions[0]?.case).toBe(metric?.regressions[0]?.b.trace_id);
    expectProblem(await api.post("/evaluations/compare", { ...sides, metrics }), "unknown_metric");
  });

  test("reads thousands of scores piece by piece, and misses none; agreement does so too", async () => {
    const api = server.project();
    const { score } = await storeScored(api, { release: "v0", value: 1 });
    await database.run(
      `insert into traces (project_id, trace_id, name, status, input, output, metadata, started_at, tags, release)
      select $1, gen_random_uuid(), 'made', 'COMPLETED', 'null', 'null', json_build_object('case_id', n / 2), now(), '{}',
        case n % 2 when 0 then 'v1' else 'v2' end
      from generate_series(0, 9001) n`,
      [score.project_id],
    );
    // Otherwise the checks of the foreign key are planned for the few traces there were, and take 15 s.
    await database.run("analyze traces");
    await database.run(
      `insert into trace_scores (project_id, id, trace_id, name, data_type, value, source, status, metadata)
      select project_id, gen_random_uuid(), trace_id, 'quality', 'BOOLEAN', (release = 'v1')::text, source, 'SUCCESS', '{}'
      from traces, unnest('{PROGRAMMATIC,ANNOTATION}'::text[]) source where name = 'made'`,
    );
    expect(await only(api)).toMatchObject({
      pair_count: 4501,
      session_count: 4501,
      losses: 4501,
      a: { mean: 1 },
      b: { mean: 0 },
    });
    const agreement = await api.post("/evaluations/agreements", { metric: "quality" });
    expect(agreement.body).toMatchObject({
      n: 9002,
      confusion: { tp: 4501, fp: 0, fn: 0, tn: 4501 },
      pass_rate: { judged_count: 9003 },
    });
  });

  test("refuses sides that it cannot compare, and says why", async () => {
    const api = server.project();
    await storeScored(api, { release: "v1", value: 1 });
    const refusal = async (request: object) =>
      await api.post("/evaluations/compare", { a: v1, b: v2, metrics, ...request });
    const both = await refusal({ a: { ...v1, run_id: unknownId } });
    expectProblem(both, "validation_error");
    expect(both.body).toMatchObject({
      detail: expect.stringContaining("must have either run_id or filters"),
    });
    expectProblem(await refusal({ a: {} }), "validation_error");
    expectProblem(await refusal({ a: { run_id: unknownId } }), "not_found");
    const unknown = await refusal({ metrics: ["quality", "qualty"] });
    expectProblem(unknown, "unknown_metric");
    expect(unknown.body).toMatchObject({
      detail:
        'No trace score of this project is named "qualty". Evaluate the traces first, or check the name.',
    });
    expectProblem(await refusal({ metrics: [] }), "validation_error");
    expectProblem(await refusal({ metrics: ["quality", "quality"] }), "validation_error");
    for (const pair_by of ["", "metadata", "metadata.", "session_id"]) {
      expectProblem(await refusal({ pair_by }), "validation_error");
    }
    const dates = { date_from: "2026-03-02T00:00:00Z", date_to: "2026-03-01T00:00:00Z" };
    expectProblem(await refusal({ a: { filters: dates } }), "invalid_filters");
    expectProblem(
      await server.project().post("/evaluations/compare", { a: v1, b: v2, metrics }),
      "unknown_metric",
    );
  });
});
