import { failure, type MatcherContext, type MatchResult } from "./match-result.ts";
import { textTable } from "./score-rows.ts";

/** The fields of a compared metric that the matcher uses. */
interface Metric {
  readonly metric: string;
  readonly verdict: string;
  readonly summary: string;
  readonly regressions: readonly RegressedCase[];
}

interface RegressedCase {
  readonly case: string | null;
  readonly a: { readonly value: number };
  readonly b: { readonly value: number; readonly trace_id: string; readonly reason: string | null };
}

const maxRows = 5;

/** Whether no metric of a comparison got worse. If there was not enough to compare, it fails, even with `.not`. */
export function toHaveNoRegression(
  this: MatcherContext,
  received: unknown,
  ...metrics: readonly string[]
): MatchResult {
  const { isNot = false } = this;
  const listed = metrics.map((name) => JSON.stringify(name)).join(", ");
  const call = `expect(comparison)${isNot ? ".not" : ""}.toHaveNoRegression(${listed})`;
  const compared = comparedMetrics(received);
  if (typeof compared === "string") return failure(this, `${call}\n\n${compared}`);
  const missing = metrics.find((name) => !compared.some(({ metric }) => metric === name));
  if (missing !== undefined) {
    const names = compared.map(({ metric }) => metric).join(", ");
    return failure(this, `${call}\n\n${JSON.stringify(missing)} was not compared. These were: ${names}.`);
  }
  const checked = compared.filter(({ metric }) => metrics.length === 0 || metrics.includes(metric));
  const summaries = checked.map(({ summary }) => summary).join("\n");
  const regressed = checked.filter(({ verdict }) => verdict === "regressed");
  if (regressed.length === 0 && checked.every(({ verdict }) => verdict === "not_enough")) {
    return failure(this, `${call}\n\n${summaries || "No metric was compared."}`);
  }
  return {
    pass: regressed.length === 0,
    message: () => [call, "", summaries, ...regressed.map(casesOf)].join("\n"),
  };
}

function casesOf({ metric, regressions }: Metric): string {
  const rows = regressions
    .slice(0, maxRows)
    .map(({ case: name, a, b }) => [shown(a.value), shown(b.value), name ?? "", b.trace_id, b.reason ?? ""]);
  return rows.length === 0
    ? ""
    : `\nWorst cases of ${metric}:\n${textTable(["before", "after", "case", "trace", "reason"], rows)}`;
}

function shown(value: number): string {
  return `${Number(value.toFixed(4))}`;
}

/** The compared metrics that `expect` was given, or a sentence that says why it got none. */
function comparedMetrics(received: unknown): readonly Metric[] | string {
  if (isObject(received) && "then" in received) return "It received a promise: await the comparison first.";
  const metrics = isObject(received) ? received["metrics"] : undefined;
  if (!Array.isArray(metrics) || !metrics.every(isMetric)) {
    return "It expects the result of compareScores.";
  }
  return metrics;
}

function isMetric(value: unknown): value is Metric {
  return isObject(value) && typeof value["verdict"] === "string" && Array.isArray(value["regressions"]);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
