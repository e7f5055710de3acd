/** The thresholds that a run must reach to pass. */
export interface Thresholds {
  /** The lowest mean of a metric's scores that passes, by metric. */
  readonly mean: ReadonlyMap<string, number>;
  /** The lowest share of a metric's scores that must pass the run's own threshold, by metric. */
  readonly rate: ReadonlyMap<string, number>;
  /** How many evaluation items may have failed. */
  readonly maxFailed: number;
}

/** One threshold. Its fields are part of the JSON report. */
export interface Threshold {
  readonly kind: "mean" | "pass_rate" | "failed_scores";
  /** `null` for the whole run. */
  readonly metric: string | null;
  readonly bar: number;
}

/** All thresholds: those of metrics, then how many scores may fail. */
export function listedThresholds(thresholds: Thresholds, metrics: Iterable<string>): Threshold[] {
  const of = (kind: Threshold["kind"], metric: string, bar: number | undefined): Threshold[] =>
    bar === undefined ? [] : [{ kind, metric, bar }];
  return [
    ...[...metrics].flatMap((metric) => [
      ...of("mean", metric, thresholds.mean.get(metric)),
      ...of("pass_rate", metric, thresholds.rate.get(metric)),
    ]),
    { kind: "failed_scores", metric: null, bar: thresholds.maxFailed },
  ];
}

/** The metrics that have a threshold of their own. */
export const metricsWithThreshold = ({ mean, rate }: Thresholds): Set<string> =>
  new Set([...mean.keys(), ...rate.keys()]);
