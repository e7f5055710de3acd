import {
  type AnalyticsGranularity,
  limits,
  type ScoreDistributionItem,
  type ScoreSummaryItem,
  type ScoreTrendItem,
} from "@pandaprobe/contract";
import { hasPassed, isApplicable } from "@pandaprobe/contract/rules";
import { groupedBy, sorted } from "../lists.ts";
import { matchingScores } from "../scores/matching-scores.ts";
import { bucketed, mean, percentile } from "./statistics.ts";

/** The fields of a score that statistics need. */
export interface CountedScore {
  readonly name: string;
  readonly created_at: string;
  readonly data_type: string;
  readonly status: string;
  readonly value: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

interface Range {
  readonly date_from?: string | undefined;
  readonly date_to?: string | undefined;
}

/** The number of a score. `null` if it failed, is not applicable or is not NUMERIC. */
export function numberOf({ data_type, status, value, metadata }: CountedScore): number | null {
  const counts = data_type === "NUMERIC" && status === "SUCCESS" && isApplicable(metadata);
  return counts && value !== null ? Number(value) : null;
}

export function scoreSummary(scores: readonly CountedScore[], range: Range): ScoreSummaryItem[] {
  const byName = groupedBy(inRange(scores, range), ({ name }) => name);
  const rows = sorted(byName, ([name]) => [name]).slice(0, limits.summaryRows);
  return rows.map(([name, its]) => {
    const numbers = its.flatMap((score) => numberOf(score) ?? []).sort((a, b) => a - b);
    return {
      metric_name: name,
      avg_score: mean(numbers),
      min_score: numbers.at(0) ?? null,
      max_score: numbers.at(-1) ?? null,
      median_score: percentile(numbers, 0.5),
      success_count: its.filter(({ status }) => status === "SUCCESS").length,
      failed_count: its.filter(({ status }) => status === "FAILED").length,
      pass_count: its.filter((score) => hasPassed(score) === true).length,
      graded_count: its.filter((score) => hasPassed(score) !== null).length,
      not_applicable_count: its.filter(({ metadata }) => !isApplicable(metadata)).length,
      latest_score_at:
        its
          .map(({ created_at }) => created_at)
          .sort()
          .at(-1) ?? null,
    };
  });
}

export function scoreTrend(
  scores: readonly CountedScore[],
  { metric_name, granularity, ...range }: Range & { metric_name: string; granularity: AnalyticsGranularity },
): ScoreTrendItem[] {
  const its = inRange(scores, range).filter(
    (score) => score.name === metric_name && numberOf(score) !== null,
  );
  return bucketed(its, granularity, ({ created_at }) => created_at).map(([bucket, inBucket]) => ({
    bucket,
    metric_name,
    avg_score: mean(inBucket.map((score) => numberOf(score) ?? 0)) ?? 0,
    count: inBucket.length,
  }));
}

export function scoreDistribution(
  scores: readonly CountedScore[],
  { metric_name, buckets, ...range }: Range & { metric_name: string; buckets: number },
): ScoreDistributionItem[] {
  const its = inRange(scores, range).filter(({ name }) => name === metric_name);
  const places = its.flatMap((score) => {
    const number = numberOf(score);
    // Rounded, because 0.29 × 100 is less than 29 in binary.
    return number === null
      ? []
      : [Math.min(Math.floor(Number((number * buckets).toPrecision(12))), buckets - 1)];
  });
  if (places.length === 0) return [];
  return Array.from({ length: buckets }, (_, index) => ({
    bucket: index + 1,
    bucket_min: index / buckets,
    bucket_max: (index + 1) / buckets,
    count: places.filter((place) => place === index).length,
  }));
}

function inRange(scores: readonly CountedScore[], range: Range): CountedScore[] {
  return matchingScores(scores, { date_from: range.date_from, date_to: range.date_to });
}
