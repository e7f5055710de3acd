import type { ScoreDistributionItem, SessionScoreResponse, TraceScoreResponse } from "@pandaprobe/sdk";
import { isApplicable, scoreNumber } from "../../ui/marks.tsx";

export type RunScore = TraceScoreResponse | SessionScoreResponse;

const bucketCount = 10;

export function targetOf(score: RunScore): string {
  return "trace_id" in score ? score.trace_id : score.session_id;
}

/** The distribution of numbers from 0 to 1 in ten buckets; 1 is in the last one. */
export function distributionOf(scores: readonly RunScore[]): ScoreDistributionItem[] {
  const counts = Array.from({ length: bucketCount }, () => 0);
  for (const score of scores) {
    const number = scoreNumber(score);
    if (number !== null) counts[bucketOf(number)] = (counts[bucketOf(number)] ?? 0) + 1;
  }
  return counts.map((count, index) => ({
    bucket: index + 1,
    bucket_min: index / bucketCount,
    bucket_max: (index + 1) / bucketCount,
    count,
  }));
}

/** The index of a number's bucket. */
export function bucketOf(number: number): number {
  return Math.min(bucketCount - 1, Math.floor(number * bucketCount));
}

export interface MetricResult {
  readonly name: string;
  readonly scores: readonly RunScore[];
  /** `null` if no score is a number. */
  readonly mean: number | null;
  /** How many numbers the mean covers. */
  readonly count: number;
  readonly passed: number;
  readonly graded: number;
}

export function resultsByMetric(names: readonly string[], scores: readonly RunScore[]): MetricResult[] {
  return names.map((name) => {
    const own = scores.filter((score) => score.name === name);
    const numbers = own.map(scoreNumber).filter((number) => number !== null);
    const graded = own.filter(
      (score) =>
        score.status === "SUCCESS" && isApplicable(score) && typeof score.metadata["success"] === "boolean",
    );
    return {
      name,
      scores: own,
      mean: numbers.length === 0 ? null : numbers.reduce((sum, number) => sum + number, 0) / numbers.length,
      count: numbers.length,
      passed: graded.filter(({ metadata }) => metadata["success"] === true).length,
      graded: graded.length,
    };
  });
}

/** The failed scores by reason, most first. Numbers in reasons differ, so they are ignored for grouping. */
export function failuresByReason(
  scores: readonly RunScore[],
): { reason: string; scores: readonly RunScore[] }[] {
  const groups = new Map<string, { reason: string; scores: RunScore[] }>();
  for (const score of scores) {
    if (score.status !== "FAILED") continue;
    const reason = score.reason ?? "No reason was given.";
    const key = reason.replaceAll(/\d+/g, "0");
    const group = groups.get(key) ?? { reason, scores: [] };
    groups.set(key, group);
    group.scores.push(score);
  }
  return [...groups.values()].toSorted((a, b) => b.scores.length - a.scores.length);
}
