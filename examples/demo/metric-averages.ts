import { dim, scoreColor, successThreshold } from "./colors.ts";
import { type ScoredTrace, scoreNumber } from "./score-matrix.ts";

const barWidth = 20;

/** One line for each metric: its average, and how many scores stay below the threshold or failed. */
export function metricAverages(traces: readonly ScoredTrace[], metrics: readonly string[]): string[] {
  const nameWidth = Math.max(...metrics.map((metric) => metric.length));
  return metrics.map((metric) => {
    const scores = traces.flatMap((trace) => trace.scores.get(metric) ?? []);
    const values = scores.map(scoreNumber).filter((value) => value !== null);
    const name = `  ${metric.padEnd(nameWidth)}`;
    if (values.length === 0) return `${name}  ${scoreColor(null, `all ${scores.length} failed`)}`;
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    const filled = Math.round(average * barWidth);
    const bar = `${"█".repeat(filled)}${dim("░".repeat(barWidth - filled))}`;
    const below = values.filter((value) => value < successThreshold).length;
    const failed = scores.length - values.length;
    const notes = [
      ...(below > 0 ? [`${below} below ${successThreshold}`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
    ];
    return `${name}  ${scoreColor(average, average.toFixed(2))} ${bar}  ${notes.join(", ")}`.trimEnd();
  });
}
