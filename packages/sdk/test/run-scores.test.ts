import { RunScores, type TraceScoreResponse } from "@pandaprobe/sdk";
import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";

function score(trace_id: string, name: string, value: string | null, more: Partial<TraceScoreResponse> = {}) {
  const whole: TraceScoreResponse = {
    id: `${trace_id}-${name}`,
    trace_id,
    name,
    value,
    status: value === null ? "FAILED" : "SUCCESS",
    source: "AUTOMATED",
    created_at: "2026-03-29T10:00:00.000Z",
    updated_at: "2026-03-29T10:00:00.000Z",
    project_id: "p",
    data_type: "NUMERIC",
    eval_run_id: "r",
    author_user_id: null,
    judged: null,
    stale: false,
    reason: value === null ? "The judge did not answer." : null,
    environment: null,
    config_id: null,
    metadata: { threshold: 0.7, success: Number(value) >= 0.7 },
    ...more,
  };
  return whole;
}

const scores = new RunScores([
  score("a", "task_completion", "1"),
  score("b", "task_completion", "0.5"),
  score("c", "task_completion", "0.75"),
  score("d", "task_completion", null),
  score("a", "confidence", "0"),
  score("a", "tone", "friendly", { data_type: "CATEGORICAL" }),
  score("b", "broken", null),
]);

describe("the scores of a run", () => {
  it("give the score of a trace by its metric, with its number", () => {
    expect(scores.of("b", "task_completion")).toMatchObject({ value: "0.5", number: 0.5 });
    expect(scores.of("a", "confidence")?.number).toBe(0);
    expect(scores.of("d", "task_completion")).toMatchObject({ status: "FAILED", number: null });
    expect(scores.of("a", "tone")).toMatchObject({ value: "friendly", number: null });
    expect(scores.of("b", "confidence")).toBeUndefined();
    expect(scores.of("zzz", "task_completion")).toBeUndefined();
  });

  it("have a mean for each metric, without failed scores", () => {
    expect(scores.mean("task_completion")).toBe(0.75);
    expect(scores.mean("confidence")).toBe(0);
  });

  it("have a mean that reaches a threshold if it does so in decimal", () => {
    const ofNumbers = (numbers: readonly number[]) =>
      new RunScores(numbers.map((number, index) => score(`${index}`, "coherence", String(number))));
    expect(ofNumbers([0.7, 0.8, 0.9]).mean("coherence")).toBe(0.8);
    // A number with many digits stays as exact as it was.
    expect(ofNumbers([0, 0, 1]).mean("coherence")).toBe(1 / 3);
    expect(ofNumbers([5 / 6]).mean("coherence")).toBe(5 / 6);
    const steps = 1e4;
    const bars = fc.integer({ min: 1, max: steps - 1 });
    const offsets = fc.array(fc.integer({ min: 0, max: steps }), { maxLength: 1_000, size: "max" });
    fc.assert(
      fc.property(bars, offsets, fc.boolean(), (bar, given, isShort) => {
        const most = Math.min(bar, steps - bar);
        const around = given.flatMap((offset) => [bar - (offset % most), bar + (offset % most)]);
        const all = [...around, isShort ? bar - 1 : bar].map((step) => step / steps);
        expect(ofNumbers(all).mean("coherence") >= bar / steps).toBe(!isShort);
      }),
    );
  });

  it("have a pass rate, by a given threshold or by the run's own", () => {
    expect(scores.passRate("task_completion", { min: 0.5 })).toBe(1);
    expect(scores.passRate("task_completion", { min: 0.8 })).toBeCloseTo(1 / 3);
    expect(scores.passRate("task_completion")).toBeCloseTo(2 / 3);
    expect(scores.passRate("confidence", { min: 0 })).toBe(1);
  });

  it("have no pass rate without a threshold if the run had none either", () => {
    const own = (value: string, metadata: Record<string, unknown> = {}) => ({
      name: "helpfulness",
      value,
      metadata,
      status: "SUCCESS" as const,
      data_type: "NUMERIC" as const,
    });
    const mine = new RunScores([own("0.9"), own("0.2")]);
    expect(mine.passRate("helpfulness")).toBeNaN();
    expect(mine.passRate("helpfulness", { min: 0.5 })).toBe(0.5);
    const judged = new RunScores([own("0.9"), own("0.2", { success: false }), own("0.8", { success: true })]);
    expect(judged.passRate("helpfulness")).toBe(0.5);
  });

  it("pass no threshold if there are no numbers", () => {
    for (const metric of ["broken", "tone", "unknown"]) {
      expect([scores.mean(metric), scores.passRate(metric), scores.passRate(metric, { min: 0 })]).toEqual([
        Number.NaN,
        Number.NaN,
        Number.NaN,
      ]);
      expect(scores.mean(metric) >= 0).toBe(false);
    }
  });

  it("separate failed ones", () => {
    expect(scores.failed.map(({ id }) => id)).toEqual(["d-task_completion", "b-broken"]);
  });

  it("are an array, and array methods return ordinary ones", () => {
    expect(Array.isArray(scores)).toBe(true);
    expect(scores).toHaveLength(7);
    expect([...scores].map(({ name }) => name)).toEqual(scores.map(({ name }) => name));
    expect(JSON.parse(JSON.stringify(scores))).toEqual([...scores]);
    for (const made of [scores.map(({ value }) => value), scores.filter(() => true), scores.slice(1)]) {
      expect(made).not.toBeInstanceOf(RunScores);
    }
    expectTypeOf(scores.map(({ number }) => number)).toEqualTypeOf<(number | null)[]>();
  });

  it("are found by session if sessions were evaluated", () => {
    const ofSessions = new RunScores([
      {
        session_id: "support/4711",
        name: "agent_reliability",
        value: "0.9",
        status: "SUCCESS",
        data_type: "NUMERIC",
        metadata: {},
      },
    ]);
    expect(ofSessions.of("support/4711", "agent_reliability")?.number).toBe(0.9);
  });
});

describe("scores with nothing to judge", () => {
  const notApplicable = { metadata: { threshold: 0.7, success: true, applicable: false, note: "no_plan" } };
  const some = new RunScores([
    score("a", "plan_quality", "1", notApplicable),
    score("b", "plan_quality", "0.5"),
    score("a", "coherence", "1", notApplicable),
  ]);

  it("have a value and no number", () => {
    expect(some.of("a", "plan_quality")).toMatchObject({ value: "1", number: null });
  });

  it("count in no mean and in no pass rate", () => {
    expect(some.mean("plan_quality")).toBe(0.5);
    expect(some.passRate("plan_quality")).toBe(0);
    expect(some.passRate("plan_quality", { min: 0.5 })).toBe(1);
    expect([some.mean("coherence"), some.passRate("coherence")]).toEqual([Number.NaN, Number.NaN]);
  });
});
