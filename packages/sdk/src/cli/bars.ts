/** What a run has to reach. */
export interface Bars {
  /** The least mean of a metric's scores. */
  readonly mean: ReadonlyMap<string, number>;
  /** The least share of a metric's scores that pass their threshold. */
  readonly rate: ReadonlyMap<string, number>;
  /** How many pairs of target and metric may have failed. */
  readonly maxFailed: number;
}

/** One thing that a run is held to. */
export interface Bar {
  readonly kind: "mean" | "pass_rate" | "failed_scores";
  /** `null` for what holds for the whole run. */
  readonly metric: string | null;
  readonly bar: number;
}

/** The bars one after the other: metric by metric, and at the end how many scores may fail. */
export function listedBars(bars: Bars, metrics: Iterable<string>): Bar[] {
  const of = (kind: Bar["kind"], metric: string, bar: number | undefined): Bar[] =>
    bar === undefined ? [] : [{ kind, metric, bar }];
  return [
    ...[...metrics].flatMap((metric) => [
      ...of("mean", metric, bars.mean.get(metric)),
      ...of("pass_rate", metric, bars.rate.get(metric)),
    ]),
    { kind: "failed_scores", metric: null, bar: bars.maxFailed },
  ];
}

/** The metrics that have a bar of their own. */
export const barredMetrics = ({ mean, rate }: Bars): Set<string> => new Set([...mean.keys(), ...rate.keys()]);
