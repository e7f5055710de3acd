import type { ScoreTrendItem } from "@pandaprobe/sdk";
import { bar } from "./bar.ts";
import { scoreColor } from "./colors.ts";
import { scoreText } from "./score-text.ts";

const barWidth = 30;

/** One line for each day of each metric. */
export function trendChart(points: readonly ScoreTrendItem[]): string[] {
  const nameWidth = Math.max(0, ...points.map(({ metric_name }) => metric_name.length));
  return points.map(({ metric_name, bucket, avg_score, count }) => {
    const day = (bucket ?? "").slice(0, "2026-03-01".length);
    const score = scoreColor(avg_score, scoreText(avg_score));
    return `  ${metric_name.padEnd(nameWidth)}  ${day}  ${score}  ${bar(avg_score, barWidth)}  ${count} scores`;
  });
}
