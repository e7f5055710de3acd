import { dim, scoreColor } from "./colors.ts";
import { fitTo, wrap } from "./fit.ts";
import type { NotableScore } from "./notable-scores.ts";
import { scoreText } from "./score-text.ts";

const indent = 8;
const mostLines = 4;

/** Scores with their traces and reasons, at most `columns` wide. */
export function scoreReasons(scores: readonly NotableScore[], columns: number): string[] {
  const metricWidth = Math.max(...scores.map(({ metric }) => metric.length));
  return scores.flatMap(({ trace, metric, value, reason }) => {
    const score = scoreColor(value, value === null ? "fail" : scoreText(value));
    const name = fitTo(`${trace.agent}.${trace.label}`, columns - indent - metricWidth - 2).trimEnd();
    const lines = wrap(reason, columns - indent);
    const shown = lines.slice(0, mostLines).map((line) => dim(`${" ".repeat(indent)}${line}`));
    if (lines.length > mostLines) shown.push(dim(`${" ".repeat(indent)}…`));
    return [`  ${score}  ${metric.padEnd(metricWidth)}  ${name}`, ...shown];
  });
}
