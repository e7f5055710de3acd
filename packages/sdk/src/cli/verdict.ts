import {
  type EvalRunResponse,
  RunScores,
  type SessionScoreResponse,
  type TraceScoreResponse,
} from "@pandaprobe/sdk";
import type { BaselineComparison } from "./baseline.ts";
import { countText, scoreText, shareText } from "./figures.ts";
import { oneLine } from "./printable.ts";
import { listedThresholds, metricsWithThreshold, type Threshold, type Thresholds } from "./thresholds.ts";

export type Score = TraceScoreResponse | SessionScoreResponse;

/** A score to show, with its target. */
export interface ShownScore {
  readonly metric: string;
  /** The trace's id, or the session's. */
  readonly target: string;
  /** `null` if the score failed. */
  readonly value: number | null;
  readonly reason: string | null;
}

/** The summary of one metric's scores. */
export interface MetricResult {
  readonly metric: string;
  /** `null` if nothing was judged. */
  readonly mean: number | null;
  /** The share of the judged scores that pass the run's own threshold; `null` if nothing was judged. */
  readonly passRate: number | null;
  readonly judged: number;
  readonly failed: number;
  /** Scores that had nothing to judge. No mean and no pass rate counts them. */
  readonly notApplicable: number;
  /** The lowest scores, worst first: those that did not pass, or all of a metric that missed a threshold. */
  readonly worst: readonly ShownScore[];
}

/** A threshold, and whether it was reached. */
export interface Check extends Threshold {
  /** `null`, which passes no threshold, if nothing was judged. */
  readonly value: number | null;
  readonly passed: boolean;
  /** Scores of the metric that had nothing to judge. */
  readonly notApplicable: number;
}

/** The result of an ended run, compared with the thresholds. */
export interface Verdict {
  /** Whether the run completed and every threshold was reached. */
  readonly passed: boolean;
  readonly run: EvalRunResponse;
  readonly scores: readonly Score[];
  readonly checks: readonly Check[];
  readonly metrics: readonly MetricResult[];
  /** The scores that failed. */
  readonly failed: readonly ShownScore[];
  /** How many scores are people's. */
  readonly byPeople: number;
  /** `null` without a baseline. */
  readonly comparison: BaselineComparison | null;
}

export function verdict(
  run: EvalRunResponse,
  scores: readonly Score[],
  thresholds: Thresholds,
  worst: number,
  comparison: BaselineComparison | null,
): Verdict {
  const all = new RunScores<Score>(scores);
  const metrics = [...new Set([...run.metric_names, ...metricsWithThreshold(thresholds)])];
  const checks = listedThresholds(thresholds, metrics).map((threshold) => checked(threshold, run, all));
  return {
    passed:
      run.status === "COMPLETED" &&
      checks.every(({ passed }) => passed) &&
      comparison?.verdict !== "regressed",
    run,
    scores,
    checks,
    metrics: metrics.map((metric) => {
      const isBelow = checks.some((check) => check.metric === metric && !check.passed);
      return metricResult(all, metric, isBelow, worst);
    }),
    failed: all.failed.map(shown),
    byPeople: scores.filter(({ source }) => source === "ANNOTATION").length,
    comparison,
  };
}

function checked(threshold: Threshold, run: EvalRunResponse, all: RunScores<Score>): Check {
  if (threshold.metric === null) {
    return {
      ...threshold,
      value: run.failed_count,
      passed: run.failed_count <= threshold.bar,
      notApplicable: 0,
    };
  }
  const value = known(
    threshold.kind === "mean" ? all.mean(threshold.metric) : all.passRate(threshold.metric),
  );
  const passed = value !== null && value >= threshold.bar;
  return { ...threshold, value, passed, notApplicable: notApplicable(all, threshold.metric) };
}

function metricResult(all: RunScores<Score>, metric: string, isBelow: boolean, worst: number): MetricResult {
  const judged = all.filter(({ name, number }) => name === metric && number !== null);
  const notable = judged.filter(({ metadata }) => isBelow || metadata["success"] !== true);
  return {
    metric,
    mean: known(all.mean(metric)),
    passRate: known(all.passRate(metric)),
    judged: judged.length,
    failed: all.failed.filter(({ name }) => name === metric).length,
    notApplicable: notApplicable(all, metric),
    worst: notable
      .sort((a, b) => (a.number ?? 0) - (b.number ?? 0))
      .slice(0, worst)
      .map(shown),
  };
}

function notApplicable(all: RunScores<Score>, metric: string): number {
  return all.filter(({ name, metadata }) => name === metric && metadata["applicable"] === false).length;
}

function shown(score: RunScores<Score>[number]): ShownScore {
  const target = "trace_id" in score ? score.trace_id : score.session_id;
  return { metric: score.name, target, value: score.number, reason: score.reason };
}

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** How many scores are people's: `3 of 40 scores are people's.` */
export const peopleText = ({ byPeople, scores }: Verdict): string =>
  `${byPeople} of ${countText(scores.length, "score")} are people's.`;

/** Why a run did not pass, as the end of a sentence. */
export function missedText({ run, checks, comparison }: Verdict): string {
  const regressed = comparison?.metrics.filter(({ verdict }) => verdict === "regressed") ?? [];
  const reasons = [
    ...checks.filter(({ passed }) => !passed).map(checkText),
    ...regressed.map(({ metric }) => `${oneLine(metric)} is worse than the baseline`),
  ];
  if (run.status !== "COMPLETED") {
    reasons.unshift(`the run ended ${run.status} (${oneLine(run.error_message ?? "no reason given")})`);
  }
  return `${reasons.join("; ")}.`;
}

/** A missed threshold, and the value that missed it. */
export function checkText({ kind, metric, value, bar, notApplicable }: Check): string {
  if (kind === "failed_scores") return `${countText(value ?? 0, "score")} failed, but at most ${bar} may`;
  const text = kind === "mean" ? scoreText : shareText;
  if (value === null) {
    const name = oneLine(metric ?? "");
    return notApplicable > 0
      ? `no score for ${name} is applicable: ${countText(notApplicable, "score")} had nothing to judge`
      : `every score for ${name} failed`;
  }
  return kind === "mean"
    ? `the mean of ${oneLine(metric ?? "")} is ${text(value)}, below ${text(bar)}`
    : `${text(value)} of the scores for ${oneLine(metric ?? "")} pass, less than ${text(bar)}`;
}
