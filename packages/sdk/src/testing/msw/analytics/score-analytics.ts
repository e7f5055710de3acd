import {
  type AnalyticsGranularity,
  limits,
  type ScoreDistributionItem,
  type ScoreGroup,
  type ScoreGroupBy,
  type ScoreSummaryItem,
  type ScoreTrendItem,
} from "@pandaprobe/contract";
import { hasPassed, isApplicable } from "@pandaprobe/contract/rules";
import { groupedBy, sorted } from "../lists.ts";
import { matchingScores } from "../scores/matching-scores.ts";
import { groupValues, type ScoreFilters, type SelectedScore, selectScores } from "../scores/select-scores.ts";
import type { Project } from "../state/project.ts";
import { bucketed, mean, percentile } from "./statistics.ts";

/** The fields of a score that statistics need. */
export interface CountedScore extends SelectedScore {
  readonly name: string;
  readonly created_at: string;
  readonly data_type: string;
  readonly status: string;
  readonly value: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

interface Query extends ScoreFilters {
  readonly date_from?: string | undefined;
  readonly date_to?: string | undefined;
  readonly group_by?: ScoreGroupBy | undefined;
}

/** The number of a score. `null` if it failed, is not applicable or is not NUMERIC. */
export function numberOf({
  data_type,
  status,
  value,
  metadata,
}: Pick<CountedScore, "data_type" | "status" | "value" | "metadata">): number | null {
  const counts = data_type === "NUMERIC" && status === "SUCCESS" && isApplicable(metadata);
  return counts && value !== null ? Number(value) : null;
}

export function scoreSummary(
  project: Project,
  scores: readonly CountedScore[],
  query: Query,
): ScoreSummaryItem[] {
  const counted = inRange(project, scores, query);
  const names = new Set([...new Set(counted.map(({ name }) => name))].sort().slice(0, limits.summaryRows));
  const rows = inGroups(
    project,
    counted.filter(({ name }) => names.has(name)),
    query,
    summaryOf,
  );
  return sorted(rows, ({ metric_name }) => [metric_name]);
}

function summaryOf(scores: readonly CountedScore[]): ScoreSummaryItem[] {
  return [...groupedBy(scores, ({ name }) => name)].map(([name, its]) => {
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
  project: Project,
  scores: readonly CountedScore[],
  query: Query & { metric_name: string; granularity: AnalyticsGranularity },
): ScoreTrendItem[] {
  const { metric_name, granularity } = query;
  const rows = inGroups<ScoreTrendItem>(project, numbersOf(project, scores, query), query, (its) =>
    bucketed(its, granularity, ({ created_at }) => created_at).map(([bucket, inBucket]) => ({
      bucket,
      metric_name,
      avg_score: mean(inBucket.map((score) => numberOf(score) ?? 0)) ?? 0,
      count: inBucket.length,
    })),
  );
  return sorted(rows, ({ bucket }) => [bucket]);
}

export function scoreDistribution(
  project: Project,
  scores: readonly CountedScore[],
  query: Query & { metric_name: string; buckets: number },
): ScoreDistributionItem[] {
  const { buckets } = query;
  return inGroups<ScoreDistributionItem>(project, numbersOf(project, scores, query), query, (its) => {
    // Rounded, because 0.29 × 100 is less than 29 in binary.
    const places = its.map((score) =>
      Math.min(Math.floor(Number(((numberOf(score) ?? 0) * buckets).toPrecision(12))), buckets - 1),
    );
    if (places.length === 0) return [];
    return Array.from({ length: buckets }, (_, index) => ({
      bucket: index + 1,
      bucket_min: index / buckets,
      bucket_max: (index + 1) / buckets,
      count: places.filter((place) => place === index).length,
    }));
  });
}

/** The scores of a metric that have a number. */
function numbersOf(
  project: Project,
  scores: readonly CountedScore[],
  query: Query & { metric_name: string },
): CountedScore[] {
  return inRange(project, scores, query).filter(
    (score) => score.name === query.metric_name && numberOf(score) !== null,
  );
}

function inRange(project: Project, scores: readonly CountedScore[], query: Query): CountedScore[] {
  const { date_from, date_to } = query;
  return matchingScores(selectScores(project, scores, query), { date_from, date_to });
}

/** The rows of each group of scores, or of all scores: the largest groups, scores without a value, and all others. */
function inGroups<Row extends { group?: ScoreGroup | undefined }>(
  project: Project,
  scores: readonly CountedScore[],
  query: Query,
  rowsOf: (scores: readonly CountedScore[]) => readonly Row[],
): Row[] {
  const { group_by: by } = query;
  if (by === undefined) return [...rowsOf(scores)];
  const valued = scores.map((score) => ({ score, values: groupValues(project, score, by, query) }));
  const sizes = new Map<string, number>();
  for (const value of valued.flatMap(({ values }) => [...values]))
    sizes.set(value, (sizes.get(value) ?? 0) + 1);
  const shown = sorted(sizes, ([value, size]) => [-size, value])
    .slice(0, limits.scoreGroups)
    .map(([value]) => value);
  const rowsWhere = (group: ScoreGroup, isIn: (values: Set<string>) => boolean) =>
    rowsOf(valued.filter(({ values }) => isIn(values)).map(({ score }) => score)).map((row) => ({
      ...row,
      group,
    }));
  return [
    ...shown.sort().flatMap((value) => rowsWhere({ value, is_other: false }, (values) => values.has(value))),
    ...rowsWhere({ value: null, is_other: false }, (values) => values.size === 0),
    ...rowsWhere({ value: null, is_other: true }, (values) =>
      [...values].some((value) => !shown.includes(value)),
    ),
  ];
}
