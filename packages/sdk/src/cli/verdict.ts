import {
  type EvalRunResponse,
  RunScores,
  type SessionScoreResponse,
  type TraceScoreResponse,
} from "@pandaprobe/sdk";
import { type Bar, type Bars, barredMetrics, listedBars } from "./bars.ts";

export type Score = TraceScoreResponse | SessionScoreResponse;

/** A target with a score that is worth a look. */
export interface ShownScore {
  readonly metric: string;
  /** The trace's id, or the session's. */
  readonly target: string;
  /** `null` where the score could not be had. */
  readonly value: number | null;
  readonly reason: string | null;
}

/** What the scores of one metric come to. */
export interface MetricResult {
  readonly metric: string;
  /** `null` where nothing could be judged. */
  readonly mean: number | null;
  /** The share of scores that pass their threshold; `null` where nothing could be judged. */
  readonly passRate: number | null;
  readonly judged: number;
  readonly failed: number;
  /** The lowest scores, worst first, of those that did not pass their threshold or of a metric below its bar. */
  readonly worst: readonly ShownScore[];
}

/** One bar, and whether it was reached. */
export interface Check extends Bar {
  /** `null`, which passes no bar, where nothing could be judged. */
  readonly value: number | null;
  readonly passed: boolean;
}

/** What a run that has ended comes to, held against the bars. */
export interface Verdict {
  /** Whether the run came to its end and every bar was reached. */
  readonly passed: boolean;
  readonly run: EvalRunResponse;
  readonly scores: readonly Score[];
  readonly checks: readonly Check[];
  readonly metrics: readonly MetricResult[];
  /** Scores that could not be had. */
  readonly failed: readonly ShownScore[];
}

export function verdict(run: EvalRunResponse, scores: readonly Score[], bars: Bars, worst: number): Verdict {
  const all = new RunScores<Score>(scores);
  const metrics = [...new Set([...run.metric_names, ...barredMetrics(bars)])];
  const checks = listedBars(bars, metrics).map((bar) => checked(bar, run, all));
  return {
    passed: run.status === "COMPLETED" && checks.every(({ passed }) => passed),
    run,
    scores,
    checks,
    metrics: metrics.map((metric) => {
      const isBelow = checks.some((check) => check.metric === metric && !check.passed);
      return metricResult(all, metric, isBelow, worst);
    }),
    failed: all.failed.map(shown),
  };
}

function checked(bar: Bar, run: EvalRunResponse, all: RunScores<Score>): Check {
  if (bar.metric === null) return { ...bar, value: run.failed_count, passed: run.failed_count <= bar.bar };
  const value = known(bar.kind === "mean" ? all.mean(bar.metric) : all.passRate(bar.metric));
  return { ...bar, value, passed: value !== null && value >= bar.bar };
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
    worst: notable
      .sort((a, b) => (a.number ?? 0) - (b.number ?? 0))
      .slice(0, worst)
      .map(shown),
  };
}

function shown(score: RunScores<Score>[number]): ShownScore {
  const target = "trace_id" in score ? score.trace_id : score.session_id;
  return { metric: score.name, target, value: score.number, reason: score.reason };
}

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);
