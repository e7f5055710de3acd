import type { TraceScoreResponse } from "@pandaprobe/sdk";
import { bold, dim, scoreColor } from "./colors.ts";
import { displayWidth } from "./display-width.ts";
import { fitTo } from "./fit.ts";
import { isApplicable, type ScoredTrace, scoreNumber } from "./score-matrix.ts";
import { scoreText } from "./score-text.ts";

const scoreWidth = "0.00".length;
const indent = 2;
const shortestLabel = 12;

/** One line for each trace, grouped by agent, and a column for each metric, at most `columns` wide. */
export function scoreTable(
  traces: readonly ScoredTrace[],
  metrics: readonly string[],
  columns: number,
): string[] {
  const gap = columns >= 100 ? 3 : 1;
  const columnWidth = scoreWidth + gap;
  const labelWidth = Math.max(
    shortestLabel,
    Math.min(
      Math.max(...traces.map(({ label }) => displayWidth(label))),
      columns - indent - gap - tableWidth(metrics, columnWidth),
    ),
  );
  const start = indent + labelWidth + gap;
  const lines = heading(metrics, start, columnWidth);
  let agent = "";
  for (const trace of traces) {
    if (trace.agent !== agent) lines.push(bold(fitTo(trace.agent, start).trimEnd()));
    agent = trace.agent;
    const cells = metrics.map((metric) => cell(trace.scores.get(metric)));
    const label = fitTo(trace.label, labelWidth);
    lines.push(`${" ".repeat(indent)}${label}${" ".repeat(gap)}${cells.join(" ".repeat(gap))}`);
  }
  return lines;
}

/** The width of the columns with the names above them. */
function tableWidth(metrics: readonly string[], columnWidth: number): number {
  return Math.max(
    columnWidth * metrics.length,
    ...metrics.map((metric, index) => index * columnWidth + metric.length),
  );
}

/** The metrics' names are longer than their columns, so each gets a line, with a rail down to its column. */
function heading(metrics: readonly string[], start: number, columnWidth: number): string[] {
  const rail = "│".padEnd(columnWidth);
  return metrics.map((metric, index) => `${" ".repeat(start)}${dim(rail.repeat(index))}${metric}`);
}

function cell(score: TraceScoreResponse | undefined): string {
  if (score === undefined) return dim("–".padStart(scoreWidth));
  if (!isApplicable(score)) return dim("n/a".padStart(scoreWidth));
  const value = scoreNumber(score);
  return scoreColor(value, value === null ? "fail" : scoreText(value));
}
