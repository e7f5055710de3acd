import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TraceMetricName } from "@pandaprobe/contract/rules";
import { beforeAll, describe, expect, it } from "vitest";
import { createHeuristicJudge } from "../../src/judge/heuristic/heuristic-judge.ts";
import { evaluateMetric } from "../../src/metrics/evaluate.ts";
import { findTraceMetric } from "../../src/metrics/registry.ts";
import { calm, makeSubject } from "../metrics/support.ts";

const folder = join(import.meta.dirname, "../../../../examples/traces");
type Sample = Parameters<typeof makeSubject>[0] & { readonly name: string };
const samples = new Map<string, Sample>();
/** What the README of the samples expects of each: good, mixed or bad. */
const expected = new Map<string, string>();

beforeAll(async () => {
  for (const file of (await readdir(folder)).filter((name) => name.endsWith(".json"))) {
    const { traces }: { traces: Sample[] } = JSON.parse(await readFile(join(folder, file), "utf8"));
    for (const trace of traces) samples.set(trace.name, trace);
  }
  const table = await readFile(join(folder, "README.md"), "utf8");
  for (const [, name = "", grade = ""] of table.matchAll(/^\| `([^`]+)` .*\| (good|mixed|bad) +\|$/gm)) {
    expected.set(name, grade);
  }
});

async function score(metric: TraceMetricName, name: string): Promise<number> {
  const [found, sample] = [findTraceMetric(metric), samples.get(name)];
  if (found === undefined || sample === undefined) throw new Error(`There is no ${metric} or no ${name}.`);
  return (await evaluateMetric(found, makeSubject(sample), createHeuristicJudge(), { signal: calm })).score;
}

/** How often a good sample scores above a bad one; ties count half. 0.5 is chance. */
async function goodAboveBad(metric: TraceMetricName): Promise<number> {
  const graded = (grade: string) =>
    [...expected].filter(([, g]) => g === grade).map(([name]) => score(metric, name));
  const [good, bad] = await Promise.all([Promise.all(graded("good")), Promise.all(graded("bad"))]);
  const wins = good.flatMap((g) => bad.map((b) => (g > b ? 1 : g === b ? 0.5 : 0)));
  return wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
}

describe("on the sample traces", () => {
  it.each<[TraceMetricName, number]>([
    ["task_completion", 0.95],
    ["confidence", 0.9],
    ["tool_correctness", 0.75],
    ["step_efficiency", 0.7],
    ["coherence", 0.7],
  ])("%s ranks the good above the bad, at least %d of the time", async (metric, atLeast) => {
    expect(expected.size).toBeGreaterThan(20);
    expect(await goodAboveBad(metric)).toBeGreaterThanOrEqual(atLeast);
  });

  it.each<[TraceMetricName, string, string]>([
    ["tool_correctness", "returns-desk.botas-pequenas", "returns-desk.broken-tent-asks-for-person"],
    ["argument_correctness", "ledger-lens.revenue-per-region", "daybook.hour-for-three"],
    ["argument_correctness", "travel-desk.zug-muenchen-wien", "travel-desk.hotel-wien"],
    ["step_efficiency", "ledger-lens.revenue-per-region", "ledger-lens.lost-wholesale-customers"],
    ["step_efficiency", "travel-desk.book-hotel-lisbon", "travel-desk.compare-hotels-lisbon"],
    ["confidence", "reading-room.heat-pump-in-the-cold", "reading-room.gas-or-heat-pump"],
    ["plan_adherence", "patchwork.fix-flaky-invoice-test", "patchwork.upgrade-tinlog"],
    ["plan_quality", "travel-desk.plan-rail-tour", "daybook.hour-for-three"],
    ["coherence", "travel-desk.book-hotel-lisbon", "returns-desk.where-is-my-refund"],
  ])("%s puts %s well above %s", async (metric, better, worse) => {
    expect(await score(metric, better)).toBeGreaterThan((await score(metric, worse)) + 0.2);
  });

  it("is not influenced by text that asks for a perfect score", async () => {
    expect(await score("task_completion", "returns-desk.where-is-my-refund")).toBeLessThan(0.75);
  });
});
