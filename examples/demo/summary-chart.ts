import type { ScoreSummaryItem } from "@pandaprobe/sdk";
import { dim, scoreColor } from "./colors.ts";
import { rangeLine } from "./range-line.ts";
import { scoreText } from "./score-text.ts";

const lineWidth = 25;
const averageWidth = "average".length;

/** One line for each metric: its average, its range on a line from 0 to 1, and the number of scores. */
export function summaryChart(rows: readonly ScoreSummaryItem[]): string[] {
  const nameWidth = Math.max(...rows.map(({ metric_name }) => metric_name.length));
  const scale = `0${"0.5".padStart((lineWidth + 1) / 2)}${"1".padStart((lineWidth - 3) / 2)}`;
  const heading = `  ${" ".repeat(nameWidth)}  average  ${scale}`;
  return [
    dim(heading),
    ...rows.map((row) => {
      const failures = row.failed_count === 0 ? "" : scoreColor(null, `, ${row.failed_count} failed`);
      const { success_count: successes, not_applicable_count: notApplicable } = row;
      const count = `${successes - notApplicable} scores${notApplicable === 0 ? "" : `, ${notApplicable} n/a`}${failures}`;
      return `  ${row.metric_name.padEnd(nameWidth)}  ${average(row)}  ${line(row)}  ${count}`;
    }),
  ];
}

function average({ avg_score: score }: ScoreSummaryItem): string {
  const text = (score === null ? "–" : scoreText(score)).padStart(averageWidth);
  return score === null ? text : scoreColor(score, text);
}

function line({ min_score: min, median_score: median, max_score: max }: ScoreSummaryItem): string {
  const isEmpty = min === null || median === null || max === null;
  return isEmpty ? " ".repeat(lineWidth) : rangeLine({ min, median, max }, lineWidth);
}
