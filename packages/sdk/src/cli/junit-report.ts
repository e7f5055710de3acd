import { scoreText, shareText } from "./figures.ts";
import { checkText } from "./missed-text.ts";
import { oneLine } from "./printable.ts";
import { runMs } from "./run-text.ts";
import type { Check, ShownScore, Verdict } from "./verdict.ts";

/**
 * A JUnit report with one test for each bar: what is red in it is what fails the build, and no test is red in a build
 * that passes. (One for each trace and metric would show failures beside a bar that lets them pass.) The names of tests
 * are the same in every run, so that CI shows their history; what was measured is in the text.
 */
export function junitReport(verdict: Verdict): string {
  const { run, checks } = verdict;
  const seconds = ((runMs(run) ?? 0) / 1000).toFixed(3);
  const failures = checks.filter(({ passed }) => !passed).length;
  const errors = run.status === "COMPLETED" ? 0 : 1;
  const counts = `tests="${checks.length + 1}" failures="${failures}" errors="${errors}" skipped="0" time="${seconds}"`;
  const properties = { run: run.id, name: run.name, model: run.model, targets: run.total_targets };
  const lines = [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="PandaProbe" ${counts}>`,
    `  <testsuite name="PandaProbe evaluation" ${counts} timestamp="${attribute(run.created_at)}">`,
    "    <properties>",
    ...Object.entries(properties)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => `      <property name="${name}" value="${attribute(`${value}`)}"/>`),
    "    </properties>",
    ...testCase("pandaprobe", "the run comes to its end", seconds, [
      ...(errors === 0 ? [] : [element("error", run.status, run.error_message ?? "no reason given", "")]),
    ]),
    ...checks.flatMap((check) => {
      const outcome = check.passed
        ? element("system-out", null, null, measured(check))
        : element("failure", "BelowBar", checkText(check), details(check, verdict));
      return testCase(`pandaprobe.${check.metric ?? "all"}`, barText(check), "0", [outcome]);
    }),
    "  </testsuite>",
    "</testsuites>",
  ];
  return `${lines.join("\n")}\n`;
}

function testCase(classname: string, name: string, seconds: string, children: readonly string[]): string[] {
  const start = `    <testcase classname="${attribute(classname)}" name="${attribute(name)}" time="${seconds}"`;
  if (children.length === 0) return [`${start}/>`];
  return [`${start}>`, ...children.map((child) => `      ${child}`), "    </testcase>"];
}

function element(name: string, type: string | null, message: string | null, text: string): string {
  const attributes = Object.entries({ type, message })
    .filter((entry): entry is [string, string] => entry[1] !== null)
    .map(([key, value]) => ` ${key}="${attribute(value)}"`);
  return `<${name}${attributes.join("")}>${escaped(text)}</${name}>`;
}

function barText({ kind, metric, bar }: Check): string {
  if (kind === "failed_scores") return `at most ${bar} failed`;
  return kind === "mean" ? `mean of ${metric} ≥ ${scoreText(bar)}` : `${metric} passes ≥ ${shareText(bar)}`;
}

function measured({ kind, value }: Check): string {
  return kind === "failed_scores" ? `${value} failed` : kind === "mean" ? scoreText(value) : shareText(value);
}

function details({ kind, metric }: Check, { metrics, failed }: Verdict): string {
  const scores = kind === "failed_scores" ? failed : metrics.find((each) => each.metric === metric)?.worst;
  return ["", ...(scores ?? []).map(scoreLine), ""].join("\n");
}

function scoreLine({ metric, target, value, reason }: ShownScore): string {
  const first = value === null ? oneLine(metric) : scoreText(value);
  return `${first}  ${oneLine(target)}  ${oneLine(reason ?? "no reason given")}`;
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
