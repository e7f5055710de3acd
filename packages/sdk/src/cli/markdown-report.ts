import type { Regression } from "@pandaprobe/sdk/review";
import { comparedText } from "./baseline.ts";
import { scoreText, shareText } from "./figures.ts";
import { oneLine } from "./printable.ts";
import { runTexts } from "./run-text.ts";
import { type Check, missedText, peopleText, type ShownScore, type Verdict } from "./verdict.ts";

/** A workflow finds its comment by this mark, to change it instead of adding another. */
const mark = "<!-- pandaprobe eval -->";

/** The report for a comment on a pull request. Details are folded, so that the result is what people see. */
export function markdownReport(verdict: Verdict): string {
  const { run, passed, metrics, checks, comparison, failed, byPeople } = verdict;
  const worst = metrics.flatMap(({ worst: scores }) => scores);
  return document([
    `### ${passed ? "✅ Evaluation passed" : "❌ Evaluation failed"}`,
    ...(passed ? [] : [text(missedText(verdict))]),
    table(
      ["metric", "mean", "passing", "judged", "failed", "threshold"],
      metrics.map(({ metric, mean, passRate, judged, failed: broken }) => [
        code(metric),
        scoreText(mean),
        shareText(passRate),
        `${judged}`,
        `${broken}`,
        checks
          .filter((check) => check.metric === metric)
          .map(thresholdText)
          .join(", "),
      ]),
    ),
    ...(byPeople === 0 ? [] : [text(peopleText(verdict))]),
    ...comparisonParts(comparison),
    ...details("Lowest scores", scoreTable(worst)),
    ...details("Could not be judged", scoreTable(failed.slice(0, mostListed))),
    text(runTexts(run).join(" · ")),
  ]);
}

/** The report without a result. */
export function markdownErrorReport(message: string): string {
  return document(["### ❌ Evaluation without a result", ...message.split("\n").map(text)]);
}

const mostListed = 20;

function document(parts: readonly string[]): string {
  return `${[mark, ...parts].join("\n\n")}\n`;
}

function thresholdText({ kind, bar, passed }: Check): string {
  return `${passed ? "✅" : "❌"} ${kind === "mean" ? `mean ≥ ${scoreText(bar)}` : `passing ≥ ${shareText(bar)}`}`;
}

function comparisonParts(comparison: Verdict["comparison"]): string[] {
  if (comparison === null) return [];
  const regressed = comparison.metrics.filter(({ verdict }) => verdict === "regressed");
  return [
    `**Compared with ${code(comparedText(comparison))}**`,
    table(
      ["metric", "baseline", "now", "difference (95 % interval)", "p", "better / worse / same", ""],
      comparison.metrics.map(({ metric, verdict, a, b, difference, ci, p_adjusted, wins, losses, ties }) => [
        code(metric),
        scoreText(a.mean),
        scoreText(b.mean),
        `${signed(difference)}${ci === null ? "" : ` (${signed(ci.low)} to ${signed(ci.high)})`}`,
        p_adjusted === null ? "–" : p_adjusted.toPrecision(2),
        wins === null ? "not paired" : `${wins} / ${losses} / ${ties}`,
        verdicts[verdict],
      ]),
    ),
    comparison.metrics.map(({ summary }) => `- ${text(summary)}`).join("\n"),
    ...regressed.flatMap(({ metric, regressions }) =>
      details(`Cases of ${metric} that got worse`, regressionTable(regressions)),
    ),
  ];
}

const verdicts = {
  regressed: "❌ worse",
  improved: "✅ better",
  no_significant_difference: "no significant difference",
  not_enough: "not enough to compare",
} as const;

function regressionTable(regressions: readonly Regression[]): string | null {
  if (regressions.length === 0) return null;
  return table(
    ["case", "baseline", "now", "trace", "reason"],
    regressions.map(({ case: name, a, b }) => [
      name === null ? "" : code(name),
      scoreText(a.value),
      scoreText(b.value),
      code(b.trace_id),
      b.reason === null ? "" : code(b.reason),
    ]),
  );
}

function scoreTable(scores: readonly ShownScore[]): string | null {
  if (scores.length === 0) return null;
  return table(
    ["metric", "score", "target", "reason"],
    scores.map(({ metric, target, value, reason }) => [
      code(metric),
      scoreText(value),
      code(target),
      reason === null ? "" : code(reason),
    ]),
  );
}

function details(title: string, content: string | null): string[] {
  return content === null ? [] : [`<details><summary>${text(title)}</summary>\n\n${content}\n\n</details>`];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function signed(value: number | null): string {
  return value === null ? "–" : `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}

/** Text from judges and agents, as code, so that it cannot contain mentions, links, images or HTML. */
function code(value: string): string {
  const shown = oneLine(value).replaceAll("`", "'").replaceAll("|", "\\|");
  return shown === "" ? "" : `\`${shown}\``;
}

/** Our own sentences; names of metrics and models in them may contain any character. */
function text(value: string): string {
  return oneLine(value)
    .replace(/[\\`*_{}[\]<>#|!~]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll("@", "@<!-- -->");
}
