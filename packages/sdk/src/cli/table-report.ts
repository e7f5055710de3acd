import type { WriteStream } from "node:tty";
import { type BaselineComparison, comparedText } from "./baseline.ts";
import { comparisonMarks, regressionText } from "./comparison-text.ts";
import { countText, scoreText, shareText } from "./figures.ts";
import { columnsOf, fitInto, oneLine, wrapParts } from "./printable.ts";
import { runTexts } from "./run-text.ts";
import {
  type Check,
  type MetricResult,
  missedText,
  peopleText,
  type ShownScore,
  type Verdict,
} from "./verdict.ts";

/** How a part of the report is styled. */
export type Style = "good" | "bad" | "strong" | "faint";
export type Styled = (style: Style, text: string) => string;

/** `0.1234` */
const longestScore = 6;

/** A gate without thresholds must not look like one that checks something. */
const noThreshold = "Passed: no threshold is set. Use --min or --min-rate.";

const isTested = (comparison: Verdict["comparison"]) =>
  comparison !== null && comparison.verdict !== "not_enough";

/** The report for people: a row for each metric, the lowest scores with their reasons, and the result. */
export function tableReport(verdict: Verdict, columns: number, styled: Styled): string {
  const { run, metrics, failed, checks, byPeople, comparison, passed } = verdict;
  const isGate = checks.some(({ metric }) => metric !== null) || isTested(comparison);
  const lines = [
    ...wrapParts(columns, runTexts(run), " · ").map((line) => styled("strong", line)),
    "",
    ...metricRows(metrics, checks, columns, styled),
    ...metrics.flatMap(({ metric, worst }) => [
      ...(worst.length === 0 ? [] : ["", styled("strong", fitInto(columns, `Lowest ${oneLine(metric)}`))]),
      ...worst.flatMap((score) => scoreLines(score, scoreText(score.value).padEnd(longestScore), columns)),
    ]),
    ...failedLines(failed, columns, styled),
    ...(byPeople === 0 ? [] : ["", peopleText(verdict)]),
    ...(comparison === null ? [] : ["", ...comparisonLines(comparison, columns, styled)]),
    "",
    passed
      ? styled("good", isGate ? "Passed." : noThreshold)
      : styled("bad", `Not passed: ${missedText(verdict)}`),
  ];
  return `${lines.join("\n")}\n`;
}

function metricRows(
  metrics: readonly MetricResult[],
  checks: readonly Check[],
  columns: number,
  styled: Styled,
): string[] {
  const bar = (metric: string, kind: Check["kind"], text: (bar: number) => string) => {
    const check = checks.find((each) => each.metric === metric && each.kind === kind);
    return check === undefined ? "" : `≥ ${text(check.bar)}`;
  };
  const cells = [
    ["metric", "mean", "bar", "passing", "bar", "judged", "failed", "n/a"],
    ...metrics.map(({ metric, mean, passRate, judged, failed, notApplicable }) => [
      oneLine(metric),
      scoreText(mean),
      bar(metric, "mean", scoreText),
      shareText(passRate),
      bar(metric, "pass_rate", shareText),
      `${judged}`,
      `${failed}`,
      notApplicable === 0 ? "" : `${notApplicable}`,
    ]),
  ];
  const columnsUsed = (cells[0] ?? []).flatMap((_, column) => {
    const values = cells.map((row) => row[column] ?? "");
    // Without a threshold of a kind there is no column for it.
    if (values.slice(1).every((value) => value === "")) return [];
    return [{ column, width: Math.max(...values.map(columnsOf)), isText: column <= 2 || column === 4 }];
  });
  return cells.map((row, index) => {
    const padded = columnsUsed.map(({ column, width, isText }) => {
      const cell = row[column] ?? "";
      const padding = " ".repeat(width - columnsOf(cell));
      return isText ? cell + padding : padding + cell;
    });
    const text = padded.join("  ");
    const line = (mark: string) => fitInto(columns, `${mark} ${text}`);
    if (index === 0) return styled("faint", line(" "));
    const own = checks.filter(({ metric }) => metric === metrics[index - 1]?.metric);
    if (own.length === 0) return line(" ");
    return own.every(({ passed }) => passed) ? styled("good", line("✓")) : styled("bad", line("✗"));
  });
}

function comparisonLines(comparison: BaselineComparison, columns: number, styled: Styled): string[] {
  const shown = 5;
  return [
    styled("strong", fitInto(columns, `Compared with ${oneLine(comparedText(comparison))}`)),
    ...comparison.metrics.flatMap(({ verdict, summary, regressions }) => {
      const [mark, style] = comparisonMarks[verdict];
      const lines = wrapParts(columns - 2, oneLine(summary).split(" "), " ");
      const text = lines.map((line, i) => styled(style, `${i === 0 ? mark : " "} ${line}`));
      if (verdict !== "regressed") return text;
      return [
        ...text,
        ...regressions.slice(0, shown).map((one) => fitInto(columns, `    ${regressionText(one)}`)),
      ];
    }),
  ];
}

function failedLines(failed: readonly ShownScore[], columns: number, styled: Styled): string[] {
  if (failed.length === 0) return [];
  const most = 10;
  return [
    "",
    styled("strong", `Could not be judged: ${countText(failed.length, "score")}`),
    ...failed.slice(0, most).flatMap((score) => scoreLines(score, oneLine(score.metric), columns)),
    ...(failed.length > most ? [`  … and ${failed.length - most} more`] : []),
  ];
}

/** With less space than this beside its target, a reason gets a line of its own. */
const fewestReasonColumns = 60;

function scoreLines({ target, reason }: ShownScore, first: string, columns: number): string[] {
  const start = `  ${first}  ${oneLine(target)}`;
  const said = oneLine(reason ?? "no reason given");
  const whole = `${start}  ${said}`;
  const hasRoom = columnsOf(whole) <= columns || columns - columnsOf(start) - 2 >= fewestReasonColumns;
  return (hasRoom ? [whole] : [start, `    ${said}`]).map((line) => fitInto(columns, line));
}

const codes: Readonly<Record<Style, string>> = { good: "32", bad: "31", strong: "1", faint: "2" };

/** Colors on a terminal that has them. `hasColors` respects NO_COLOR and TERM=dumb. */
export function styledFor(stream: WriteStream, mayColor: boolean): Styled {
  if (!mayColor || !stream.isTTY || !stream.hasColors()) return (_style, text) => text;
  return (style, text) => `\x1b[${codes[style]}m${text}\x1b[0m`;
}
