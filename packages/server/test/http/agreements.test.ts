import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Agreement } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { storeTrace } from "../support/traces.ts";
import { expectProblem } from "./support/expect-problem.ts";
// Made by scripts/statistics-reference.py with scikit-learn.
import liveMcp from "./support/live-mcp-agreement.json" with { type: "json" };
import { createScore } from "./support/samples.ts";
import { newProject, useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const metric = "quality";

async function agreementOf(api: ApiClient, request: object = {}): Promise<Agreement> {
  const { status, body } = await api.post<Agreement>("/evaluations/agreements", { metric, ...request });
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

interface Scored {
  readonly person?: string;
  readonly judge?: string;
  readonly trace?: object;
  readonly label?: object;
}

/** Stores a trace with a score by a person and one by a judge. */
async function storeScored(api: ApiClient, { person, judge, trace, label }: Scored): Promise<string> {
  const traceId = await storeTrace(api, trace);
  if (judge !== undefined) await createScore(api, traceId, { value: judge, source: "PROGRAMMATIC" });
  if (person !== undefined) await createScore(api, traceId, { value: person, ...label });
  return traceId;
}

/** 12 traces that both pass, 11 that both fail, 4 that only the judge passes, 3 that only the person passes. */
async function storeThirty(api: ApiClient): Promise<void> {
  const groups = [
    [12, "0.9", "1"],
    [11, "0.2", "0"],
    [4, "0.8", "0"],
    [3, "0.4", "1"],
  ] as const;
  for (const [count, judge, person] of groups) {
    for (let i = 0; i < count; i++) await storeScored(api, { judge, person });
  }
}

describe("POST /evaluations/agreements", () => {
  test("computes every figure from scores of people and judge", async () => {
    const api = server.project();
    await storeThirty(api);
    const answer = await agreementOf(api);
    expect(answer).toMatchObject({
      metric,
      threshold: 0.5,
      n: 30,
      confusion: { tp: 12, fp: 4, fn: 3, tn: 11 },
      tpr: 12 / 15,
      tnr: 11 / 15,
      alpha: null,
      pass_rate: { judge: 16 / 30, judged_count: 30 },
      disagreement_count: 7,
    });
    expect(answer.kappa).toBeCloseTo(8 / 15, 12);
    expect(answer.pass_rate.corrected).toBeCloseTo(0.5, 12);
    expect(answer.pass_rate.ci?.low).toBeLessThan(0.5);
    expect(answer.pass_rate.ci?.high).toBeGreaterThan(0.5);
    expect(answer.kappa_ci?.low).toBeLessThan(answer.kappa ?? 0);
    expect(answer.not_enough).toEqual(["alpha needs 30 traces that several people scored: there are 0."]);
    expect(await agreementOf(api)).toEqual(answer);
    expect((await agreementOf(api, { seed: 2 })).kappa_ci).not.toEqual(answer.kappa_ci);
    expect((await agreementOf(api, { threshold: 0.85 })).confusion).toEqual({ tp: 12, fp: 0, fn: 3, tn: 15 });
    const halves = await Promise.all(["dev", "test"].map((split) => agreementOf(api, { split })));
    expect(halves.map(({ pass_rate }) => pass_rate.judged_count).reduce((a, b) => a + b)).toBe(30);
    expect(halves.every(({ pass_rate }) => pass_rate.judged_count > 3)).toBe(true);
  });

  test("says what there is too little of", async () => {
    const api = server.project();
    await storeScored(api, { judge: "0.9", person: "1" });
    expect(await agreementOf(api)).toMatchObject({
      n: 1,
      kappa: null,
      tpr: null,
      auc: null,
      pass_rate: { judge: 1, corrected: null, ci: null },
      not_enough: [
        "kappa, auc and brier need 30 traces that people and the judge scored: there are 1.",
        "tpr and the corrected rate need 10 traces that people pass: there are 1.",
        "tnr and the corrected rate need 10 traces that people fail: there are 0.",
        "alpha needs 30 traces that several people scored: there are 0.",
      ],
    });
    expect(await agreementOf(server.project(), { metric: "task_completion" })).toMatchObject({
      n: 0,
      pass_rate: { judge: null, judged_count: 0 },
    });
  });

  test("leaves scores that people picked or corrected out of every rate, and lists them", async () => {
    const api = server.project();
    await storeScored(api, { judge: "0.9", person: "1" });
    const picked = await storeScored(api, {
      judge: "0.9",
      person: "0",
      label: { metadata: { selection: "targeted" }, reason: "It lied." },
    });
    const corrected = await storeTrace(api, { session_id: "s" });
    const { id } = await createScore(api, corrected, {
      value: "0.6",
      source: "PROGRAMMATIC",
      reason: "Fine.",
    });
    await api.patch(`/evaluations/trace-scores/${id}`, { value: "0.1", reason: "Not at all." });
    const answer = await agreementOf(api);
    expect(answer).toMatchObject({
      n: 1,
      confusion: { tp: 1, fp: 0, fn: 0, tn: 0 },
      // The judge's own score counts, not a person's correction of it.
      pass_rate: { judge: 1, judged_count: 3 },
      left_out: { targeted: 1, corrections: 1 },
      disagreement_count: 2,
    });
    expect(answer.disagreements).toMatchObject([
      {
        trace_id: picked,
        selection: "targeted",
        judge: { value: 0.9 },
        person: { value: 0, reason: "It lied." },
      },
      {
        trace_id: corrected,
        session_id: "s",
        selection: "correction",
        judge: { score_id: id, value: 0.6, reason: "Fine.", source: "PROGRAMMATIC", model: null },
        person: { score_id: id, value: 0.1, reason: "Not at all." },
      },
    ]);
  });

  test("counts scores without a judge, without a number, or with nothing to judge", async () => {
    const api = server.project();
    await storeScored(api, { person: "1" });
    const label = { data_type: "CATEGORICAL", value: "fine" };
    await storeScored(api, { judge: "1", person: "1", label });
    const notApplicable = await storeTrace(api);
    await createScore(api, notApplicable, {
      value: "1",
      source: "PROGRAMMATIC",
      metadata: { applicable: false },
    });
    await createScore(api, notApplicable);
    await storeScored(api, { judge: "1", person: "true", label: { data_type: "BOOLEAN" } });
    expect(await agreementOf(api)).toMatchObject({
      n: 1,
      confusion: { tp: 1 },
      left_out: { without_judge: 1, without_value: 1, not_applicable: 1 },
      pass_rate: { judged_count: 2 },
    });
  });

  test("selects traces and judges", async () => {
    const api = server.project();
    const byModel = (model: string) => ({ source: "PROGRAMMATIC", metadata: { model } });
    const traceId = await storeScored(api, { person: "1", trace: { release: "v1" } });
    await createScore(api, traceId, { value: "0", ...byModel("a/one") });
    await createScore(api, traceId, { value: "1", ...byModel("a/two") });
    await storeScored(api, { person: "1", judge: "0", trace: { release: "v2" } });
    expect((await agreementOf(api, { filters: { release: "v1" } })).confusion.tp).toBe(1);
    expect((await agreementOf(api, { filters: { release: "v2" } })).confusion.fn).toBe(1);
    expect((await agreementOf(api, { judge: { model: "a/one" } })).confusion).toMatchObject({ tp: 0, fn: 1 });
    await createScore(api, traceId, { value: "0", source: "PROGRAMMATIC", metadata: { metric_version: 2 } });
    expect((await agreementOf(api, { version: 2 })).confusion).toMatchObject({ tp: 0, fn: 1 });
    expect(await agreementOf(api, { version: 1 })).toMatchObject({ n: 0 });
    expect(await agreementOf(api, { judge: { source: "AUTOMATED" } })).toMatchObject({
      n: 0,
      left_out: { without_judge: 2 },
    });
  });

  test("compares people's scores of sessions, and corrected ones, with what the judge said", async () => {
    const api = server.project();
    const ofSession = { metric: "quality", target_type: "SESSION" };
    for (const [session_id, judge] of Object.entries({ good: "0.9", bad: "0.8" })) {
      // Both traces of a session match, which must not count it twice.
      await storeTrace(api, { session_id, release: session_id });
      await storeTrace(api, { session_id, release: session_id });
      const score = { session_id, name: "quality" };
      const by = { source: "PROGRAMMATIC", reason: "Fine." };
      const { status, body } = await api.post<{ id: string }>("/evaluations/session-scores", {
        ...score,
        ...by,
        value: judge,
      });
      expect(status).toBe(201);
      if (session_id === "good") await api.post("/evaluations/session-scores", { ...score, value: "1" });
      else await api.patch(`/evaluations/session-scores/${body.id}`, { value: "0", reason: "It lied." });
    }
    const answer = await agreementOf(api, ofSession);
    expect(answer).toMatchObject({
      n: 1,
      confusion: { tp: 1 },
      left_out: { corrections: 1 },
      not_enough: expect.arrayContaining([
        "alpha needs 30 sessions that several people scored: there are 0.",
      ]),
      pass_rate: { judge: 1, judged_count: 2 },
    });
    expect(answer.disagreements).toMatchObject([
      {
        trace_id: null,
        session_id: "bad",
        selection: "correction",
        judge: { value: 0.8, reason: "Fine." },
        person: { value: 0, reason: "It lied." },
      },
    ]);
    expect(await agreementOf(api, { ...ofSession, filters: { release: "good" } })).toMatchObject({
      n: 1,
      left_out: { corrections: 0 },
    });
    expect(await agreementOf(api)).toMatchObject({ n: 0, pass_rate: { judged_count: 0 } });
    const wrong = await api.post("/evaluations/agreements", { metric, target_type: "SPAN" });
    expectProblem(wrong, "validation_error");
  });

  test("refuses a name that is no metric and that no score has, and says which one may be meant", async () => {
    const api = server.project();
    const agree = (body: object) => api.post("/evaluations/agreements", body);
    const definition = { kind: "checklist", criteria: [{ id: "a", question: "Was the agent polite?" }] };
    const json = { "content-type": "application/json" };
    const put = await api.sendRaw("PUT", "/evaluations/metrics/politeness", JSON.stringify(definition), json);
    expect(put.status).toBeLessThan(300);
    for (const [name, meant] of [
      ["politness", "politeness"],
      ["task_compltion", "task_completion"],
    ]) {
      expectProblem(await agree({ metric: name }), "unknown_metric", {
        detail: new RegExp(`No score .* "${name}"; did you mean ${meant}\\? Score traces or sessions first`),
      });
    }
    expectProblem(await agree({ metric: "mood", target_type: "SESSION" }), "unknown_metric", {
      detail: /^No score of this project is named "mood"\. Score/,
    });
    for (const name of ["politeness", "task_completion", "loop_detection"])
      expect(await agree({ metric: name })).toMatchObject({ status: 200, body: { n: 0 } });
    const run = { metrics: ["politness"] };
    expectProblem(await api.post("/evaluations/trace-runs", run), "unknown_metric", {
      detail: /There is no trace metric "politness"; did you mean politeness\? The trace metrics are/,
    });
  });

  test("sees only its own project, and refuses what it does not know", async () => {
    const [mine, other] = [server.project(), server.project()];
    await storeScored(mine, { judge: "1", person: "1" });
    await storeTrace(other);
    expectProblem(await other.post("/evaluations/agreements", { metric }), "unknown_metric");
    expectProblem(await mine.post("/evaluations/agreements", {}), "validation_error");
    expectProblem(await mine.post("/evaluations/agreements", { metric, metrics: [] }), "validation_error");
    expectProblem(await mine.post("/evaluations/agreements", { metric, threshold: 2 }), "validation_error");
    const dates = { date_from: "2026-03-02T00:00:00Z", date_to: "2026-03-01T00:00:00Z" };
    expectProblem(await mine.post("/evaluations/agreements", { metric, filters: dates }), "invalid_filters");
  });
});

const trajectories = path.join(import.meta.dirname, "../../../../../shared/data/livemcp.jsonl");

interface Trajectory {
  readonly human: "success" | "failure";
  readonly judges: Readonly<
    Record<string, { readonly verdict: "success" | "failure"; readonly reason: string }>
  >;
}

test.skipIf(!existsSync(trajectories))(
  "ten published judges agree with people on 95 real trajectories as scikit-learn says (skipped where the trajectories are missing)",
  async () => {
    const api = server.current.api.as({ project: newProject() });
    const rows = readFileSync(trajectories, "utf8").split("\n").filter(Boolean);
    for (const row of rows) {
      const { human, judges } = JSON.parse(row) as Trajectory;
      const traceId = await storeTrace(api);
      for (const [judge, { verdict, reason }] of Object.entries(judges)) {
        await createScore(api, traceId, {
          data_type: "BOOLEAN",
          value: String(verdict === "success"),
          source: "PROGRAMMATIC",
          reason,
          metadata: { model: judge },
        });
      }
      await createScore(api, traceId, { data_type: "BOOLEAN", value: String(human === "success") });
    }
    for (const [model, expected] of Object.entries(liveMcp.judges)) {
      const answer = await agreementOf(api, { judge: { model } });
      expect(answer.confusion, model).toEqual(expected.confusion);
      expect(answer.kappa, model).toBeCloseTo(expected.kappa, 9);
      expect(answer.pass_rate.judge, model).toBeCloseTo(expected.judge, 9);
      expect(answer.pass_rate.corrected, model).toBeCloseTo(expected.corrected, 9);
      expect(answer.disagreement_count).toBe(expected.confusion.fp + expected.confusion.fn);
    }
  },
);
