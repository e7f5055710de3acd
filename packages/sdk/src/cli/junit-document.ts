import type { EvalRunResponse } from "@pandaprobe/sdk";
import type { Bar } from "./bars.ts";
import { scoreText, shareText } from "./figures.ts";
import { oneLine } from "./printable.ts";
import { runMs } from "./run-text.ts";

/** What became of a test; `text` is what CI systems show of it. */
export interface Outcome {
  readonly element: "failure" | "error" | "skipped" | "system-out";
  readonly type?: string;
  readonly message?: string;
  readonly text: string;
}

/** What became of one bar. */
export interface BarOutcome extends Outcome {
  readonly bar: Bar;
}

/**
 * A JUnit report with a test for the run itself and one for each bar. The names of tests are the same in every run, so
 * that CI shows their history; what was measured is in the text.
 *
 * @param run as it was last seen; `null` where there is none.
 * @param error why there is no whole result; `null` where there is one.
 */
export function junitDocument(
  run: EvalRunResponse | null,
  error: Outcome | null,
  bars: readonly BarOutcome[],
): string {
  const seconds = (((run && runMs(run)) ?? 0) / 1000).toFixed(3);
  const count = (element: Outcome["element"]) => bars.filter((bar) => bar.element === element).length;
  const counts = `tests="${bars.length + 1}" failures="${count("failure")}" errors="${error === null ? 0 : 1}" skipped="${count("skipped")}" time="${seconds}"`;
  const timestamp = run === null ? new Date().toISOString() : run.created_at;
  const lines = [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="PandaProbe" ${counts}>`,
    `  <testsuite name="PandaProbe evaluation" ${counts} timestamp="${attribute(timestamp)}">`,
    ...(run === null ? [] : properties(run)),
    ...testCase("pandaprobe", "the run comes to its end", seconds, error),
    ...bars.flatMap((outcome) =>
      testCase(`pandaprobe.${outcome.bar.metric ?? "all"}`, barText(outcome.bar), "0", outcome),
    ),
    "  </testsuite>",
    "</testsuites>",
  ];
  return `${lines.join("\n")}\n`;
}

function properties({ id, name, model, total_targets }: EvalRunResponse): string[] {
  return [
    "    <properties>",
    ...Object.entries({ run: id, name, model, targets: total_targets })
      .filter(([, value]) => value !== null)
      .map(([key, value]) => `      <property name="${key}" value="${attribute(`${value}`)}"/>`),
    "    </properties>",
  ];
}

function testCase(classname: string, name: string, seconds: string, outcome: Outcome | null): string[] {
  const start = `    <testcase classname="${attribute(classname)}" name="${attribute(name)}" time="${seconds}"`;
  return outcome === null ? [`${start}/>`] : [`${start}>`, `      ${xml(outcome)}`, "    </testcase>"];
}

function xml({ element, type, message, text }: Outcome): string {
  const attributes = Object.entries({ type, message })
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([key, value]) => ` ${key}="${attribute(value)}"`);
  return `<${element}${attributes.join("")}>${escaped(text)}</${element}>`;
}

function barText({ kind, metric, bar }: Bar): string {
  if (kind === "failed_scores") return `at most ${bar} failed`;
  return kind === "mean" ? `mean of ${metric} ≥ ${scoreText(bar)}` : `${metric} passes ≥ ${shareText(bar)}`;
}

/** XML 1.0 has no way to write most control characters, nor halves of a pair. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\P{Cc}\n\t]|[\ufffe\uffff]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

const attribute = (text: string): string => escaped(oneLine(text)).replaceAll('"', "&quot;");
