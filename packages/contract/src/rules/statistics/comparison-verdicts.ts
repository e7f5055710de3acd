import type { ComparisonVerdict } from "../../comparisons.ts";
import type { ComparisonOfScores } from "./compared-scores.ts";
import { leastSessions } from "./comparison.ts";
import { holmAdjusted } from "./permutation.ts";

/** A p-value at or below it is significant. */
const alpha = 0.05;

type Compared = ComparisonOfScores & { readonly metric: string };

/** Judges the metrics of a request together: the more there are, the more often one looks worse by chance. */
export function withVerdicts(comparisons: readonly Compared[]) {
  const tested = comparisons.filter(({ p_value }) => p_value !== null);
  const adjusted = holmAdjusted(tested.map(({ p_value }) => p_value ?? 1));
  const adjustedByMetric = new Map(tested.map(({ metric }, i) => [metric, adjusted[i] ?? 1]));
  const metrics = comparisons.map((comparison) => {
    const p_adjusted = adjustedByMetric.get(comparison.metric) ?? null;
    const verdict = verdictOf(comparison.difference, p_adjusted);
    return {
      ...comparison,
      p_adjusted,
      verdict,
      summary: summaryOf(comparison, verdict, p_adjusted),
    };
  });
  const order = ["regressed", "improved", "no_significant_difference"] as const;
  const verdict: ComparisonVerdict =
    order.find((one) => metrics.some((metric) => metric.verdict === one)) ?? "not_enough";
  return { verdict, metrics };
}

function verdictOf(difference: number | null, p: number | null): ComparisonVerdict {
  if (p === null || difference === null) return "not_enough";
  if (p > alpha || difference === 0) return "no_significant_difference";
  return difference < 0 ? "regressed" : "improved";
}

function summaryOf(comparison: Compared, verdict: ComparisonVerdict, p: number | null): string {
  const { metric, a, b, difference, ci, detectable_difference: detectable } = comparison;
  if (verdict === "not_enough") return notEnough(comparison);
  const means = `${metric} is ${shown(b.mean)} after ${shown(a.mean)}`;
  const interval = ci === null ? "" : `, 95 % interval ${signed(ci.low)} to ${signed(ci.high)}`;
  const change = `${signed(difference)}${interval}, p = ${(p ?? 1).toPrecision(2)}`;
  if (verdict === "no_significant_difference") {
    return `No significant difference: ${means} (${change}) over ${sizeOf(comparison)}. A difference of ${shown(detectable)} would show in 80 % of such comparisons.`;
  }
  const { wins, losses } = comparison;
  const cases = wins === null ? "" : ` ${losses} got worse and ${wins} better.`;
  return `${verdict === "regressed" ? "Worse" : "Better"}: ${means} (${change}) over ${sizeOf(comparison)}.${cases}`;
}

function notEnough({ metric, pair_count: pairs, session_count: sessions, a, b }: Compared): string {
  const found =
    pairs === null
      ? `there are ${count(a.score_count, "score")} and ${count(b.score_count, "score")}, in ${count(sessions, "session")} of the side with fewer`
      : `there are ${count(pairs, "pair")} in ${count(sessions, "session")}`;
  return `Not enough to compare ${metric}: it needs scores from ${leastSessions} sessions on both sides, and ${found}.`;
}

function sizeOf({ pair_count: pairs, session_count: sessions, a, b }: Compared): string {
  return pairs === null
    ? `${count(a.score_count, "score")} and ${count(b.score_count, "score")}, not paired`
    : `${count(pairs, "pair")} in ${count(sessions, "session")}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function shown(value: number | null): string {
  return value === null ? "unknown" : value.toFixed(3);
}

function signed(value: number | null): string {
  if (value === null) return "unknown";
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}
