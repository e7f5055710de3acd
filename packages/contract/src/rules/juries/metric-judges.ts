import type { JudgedBy } from "./judged-by.ts";

/** The fields of a run's metric that decide who judges it. */
export interface MetricToJudge {
  readonly name: string;
  /** Whether it uses a model. */
  readonly usesModel: boolean;
  /** The judge that its definition names, if that counts; else `null`. */
  readonly model: string | null;
}

/** The judge of a run, and the judges of metrics that have their own. */
export interface MetricJudges {
  /** `null`: the server's default, or a jury. */
  readonly model: string | null;
  /** By metric. */
  readonly others: ReadonlyMap<string, string>;
}

/**
 * Who judges each metric of a run: the requested judge or jury, or the one in the metric's definition, or the default.
 * If all metrics name the same, it is the judge of the run.
 *
 * @param isRequested whether the request names the judge or jury. A retry without one has that of the original run.
 */
export function metricJudges(
  { model, judges }: Pick<JudgedBy, "model" | "judges">,
  metrics: readonly MetricToJudge[],
  isRequested: boolean = model !== null || judges !== null,
): MetricJudges {
  if (isRequested) return { model, others: new Map() };
  const judged = metrics.filter(({ usesModel }) => usesModel);
  const [first] = judged;
  if (model === null && judges === null && judged.every((metric) => metric.model === first?.model)) {
    return { model: first?.model ?? null, others: new Map() };
  }
  const named = judged.flatMap((metric) =>
    metric.model === null ? [] : [[metric.name, metric.model] as const],
  );
  return { model, others: new Map(named) };
}
