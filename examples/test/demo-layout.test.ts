import type { TraceScoreResponse } from "@pandaprobe/sdk";
import { describe, expect, test } from "vitest";
import { bar } from "../demo/bar.ts";
import { displayWidth } from "../demo/display-width.ts";
import { distributionChart } from "../demo/distribution-chart.ts";
import { fitTo, onOneLine, wrap } from "../demo/fit.ts";
import { notableScores } from "../demo/notable-scores.ts";
import { rangeLine } from "../demo/range-line.ts";
import type { ScoredTrace } from "../demo/score-matrix.ts";
import { scoreReasons } from "../demo/score-reasons.ts";
import { scoreTable } from "../demo/score-table.ts";
import { summaryChart } from "../demo/summary-chart.ts";

test.each([
  ["abc", 3],
  ["é", 1],
  ["e\u0301", 1],
  ["日本語", 6],
  ["ｱｲｳ", 3],
  ["한국어", 6],
  ["（全角）", 8],
  ["👩‍👩‍👧", 2],
  ["مرحبا", 5],
  ["", 0],
])("%s is %i columns wide", (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});

describe("fitTo", () => {
  test.each([
    ["short", 8, "short   "],
    ["exactly8", 8, "exactly8"],
    ["more than 8", 8, "more th…"],
    ["会議の時間", 8, "会議の… "],
  ])("%s in %i columns is %j", (text, columns, fitted) => {
    expect(fitTo(text, columns)).toBe(fitted);
    expect(displayWidth(fitted)).toBe(columns);
  });
});

test("text is wrapped at spaces, and words that are longer than a line inside", () => {
  expect(wrap("one two  three\nfour", 9)).toEqual(["one two", "three", "four"]);
  expect(wrap("see https://example.com now", 10)).toEqual(["see", "https://ex", "ample.com", "now"]);
  expect(wrap("会議の時間を変更", 7)).toEqual(["会議の", "時間を", "変更"]);
  expect(wrap("", 10)).toEqual([]);
});

test("a judge's text cannot move the cursor", () => {
  expect(onOneLine("a\x1b[2Jb\r\n\tc\x07")).toBe("ab c");
});

test.each([
  [0, "░░░░"],
  [0.5, "██░░"],
  [1, "████"],
  [7, "████"],
])("a bar of %d is %s", (share, drawn) => {
  expect(bar(share, 4)).toBe(drawn);
});

test.each([
  [{ min: 0, median: 0.5, max: 1 }, "├─┃─┤"],
  [{ min: 0.5, median: 0.5, max: 1 }, "··┃─┤"],
  [{ min: 0, median: 0, max: 0 }, "┃····"],
])("%j is %s", (range, drawn) => {
  expect(rangeLine(range, 5)).toBe(drawn);
});

test("the summary mentions a metric without any number", () => {
  const empty = {
    avg_score: null,
    min_score: null,
    median_score: null,
    max_score: null,
    latest_score_at: null,
    pass_count: 0,
    graded_count: 0,
    not_applicable_count: 0,
  };
  const lines = summaryChart([{ metric_name: "mood", ...empty, success_count: 2, failed_count: 1 }]);
  expect(lines[1]).toMatch(/^ {2}mood +– +2 scores, 1 failed$/);
  expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(80);
});

test("the fullest bucket fills its bar, and none is as good as empty", () => {
  const bucket = (count: number) => ({ bucket: 1, bucket_min: 0, bucket_max: 0.5, count });
  const [full, half] = distributionChart([bucket(4), bucket(2)]);
  expect([full, half].map((line) => line?.match(/█/g)?.length)).toEqual([30, 15]);
  expect(distributionChart([bucket(0)])[0]).not.toContain("█");
});

describe.each([60, 80, 120])("in %i columns", (columns) => {
  test("the table fits, and every score stands under its metric", () => {
    const lines = scoreTable(
      [trace("a", "one"), trace("a", "会議".repeat(30)), trace("b", "two")],
      metrics,
      columns,
    );
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns);
    const heads = metrics.map((metric, index) => displayWidth((lines[index] ?? "").split(metric)[0] ?? ""));
    for (const line of lines.filter((line) => line.includes("0.5"))) {
      const row = [...line.matchAll(/\d\.\d\d|fail/g)].map(({ index }) => displayWidth(line.slice(0, index)));
      expect(row).toEqual(heads);
    }
  });

  test("the reasons fit", () => {
    const { lowest } = notableScores([trace("a", "x".repeat(200), "一".repeat(500))], {
      lowest: 3,
      highest: 0,
    });
    const lines = scoreReasons(lowest, columns);
    expect(lines.length).toBeGreaterThan(1);
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns);
  });
});

const metrics = ["task_completion", "tool_correctness", "argument_correctness", "plan_quality"];

function trace(agent: string, label: string, reason = "why"): ScoredTrace {
  return { agent, label, scores: new Map(metrics.map((metric) => [metric, score(metric, reason)])) };
}

function score(name: string, reason: string): TraceScoreResponse {
  return {
    project_id: "",
    id: "",
    trace_id: "",
    name,
    data_type: "NUMERIC",
    value: "0.5",
    source: "AUTOMATED",
    status: name === "plan_quality" ? "FAILED" : "SUCCESS",
    eval_run_id: null,
    author_user_id: null,
    judged: null,
    stale: false,
    reason,
    environment: null,
    config_id: null,
    metadata: {},
    created_at: "",
    updated_at: "",
  };
}
