import type { EvalRunResponse } from "@pandaprobe/sdk";
import type { MetricComparison } from "@pandaprobe/sdk/review";
import { regressionText } from "./comparison-text.ts";
import { scoreText, shareText } from "./figures.ts";
import { oneLine } from "./printable.ts";
import { runMs } from "./run-text.ts";
import { listedThresholds, metricsWithThreshold, type Threshold, type Thresholds } from "./thresholds.ts";
import { type Check, checkText, type ShownScore, type Verdict } from "./verdict.ts";

/**
 * The report of a run that has ended: a test is red if and only if it fails the build. (A test for each trace and
 * metric would fail even where a threshold tolerates the failure.)
 */
export function junitReport(verdict: Verdict): string {
  const { run, checks, comparison } = verdict;
  const reason = run.error_message ?? "no reason given";
  return junitDocument(run, run.status === "COMPLETED" ? null : errorOutcome(run.status, reason), [
    ...checks.map((check) => ({ ...testOf(check), ...outcomeOf(check, verdict) })),
    ...(comparison?.metrics ?? []).map(comparisonTest),
  ]);
}

function comparisonTest(comparison: MetricComparison): TestOutcome {
  const { metric, verdict, summary, regressions } = comparison;
  const test = { metric, name: `${metric} is not worse than the baseline` };
  if (verdict !== "regressed") return { ...test, element: "system-out", text: summary };
  const text = ["", ...regressions.map(regressionText), ""].join("\n");
  return { ...test, element: "failure", type: "Regression", message: summary, text };
}

/**
 * The report without a result: the thresholds are skipped, and the error says why.
 *
 * @param run as last seen; `null` if there is none.
 */
export function junitErrorReport(
  run: EvalRunResponse | null,
  thresholds: Thresholds,
  { type, message }: { readonly type: string; readonly message: string },
): string {
  const skipped = listedThresholds(thresholds, metricsWithThreshold(thresholds)).map(
    (threshold): TestOutcome => ({ ...testOf(threshold), element: "skipped", text: "" }),
  );
  return junitDocument(run, errorOutcome(type, message), skipped);
}

/** In both places, because some CI systems show the message and others the text. */
const errorOutcome = (type: string, message: string): Outcome => ({
  element: "error",
  type,
  message,
  text: message,
});

function outcomeOf(check: Check, verdict: Verdict): Outcome {
  if (check.passed) return { element: "system-out", text: measured(check) };
  return {
    element: "failure",
    type: "BelowBar",
    message: checkText(check),
    text: details(check, verdict),
  };
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

/** The result of a test. CI systems show its `text`. */
export interface Outcome {
  readonly element: "failure" | "error" | "skipped" | "system-out";
  readonly type?: string;
  readonly message?: string;
  readonly text: string;
}

/** The result of one threshold, or of the comparison of one metric. */
export interface TestOutcome extends Outcome {
  /** `null` for the whole run. */
  readonly metric: string | null;
  readonly name: string;
}

const testOf = (threshold: Threshold) => ({ metric: threshold.metric, name: thresholdText(threshold) });

/**
 * A JUnit report with a test for the run itself, and one for each threshold and each compared metric. The names of
 * tests are the same in every run, so that CI shows their history; measured values are in the text.
 *
 * @param run as last seen; `null` if there is none.
 * @param error why there is no complete result; `null` if there is one.
 */
function junitDocument(
  run: EvalRunResponse | null,
  error: Outcome | null,
  tests: readonly TestOutcome[],
): string {
  const seconds = (((run && runMs(run)) ?? 0) / 1000).toFixed(3);
  const count = (element: Outcome["element"]) => tests.filter((test) => test.element === element).length;
  const counts = `tests="${tests.length + 1}" failures="${count("failure")}" errors="${error === null ? 0 : 1}" skipped="${count("skipped")}" time="${seconds}"`;
  const timestamp = run === null ? new Date().toISOString() : run.created_at;
  const lines = [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="PandaProbe" ${counts}>`,
    `  <testsuite name="PandaProbe evaluation" ${counts} timestamp="${attribute(timestamp)}">`,
    ...(run === null ? [] : properties(run)),
    ...testCase("pandaprobe", "the run completes", seconds, error),
    ...tests.flatMap((test) => testCase(`pandaprobe.${test.metric ?? "all"}`, test.name, "0", test)),
    "  </testsuite>",
    "</testsuites>",
  ];
  return `${lines.join("\n")}\n`;
}

function properties({ id, name, model, judges, total_targets }: EvalRunResponse): string[] {
  const jury = judges?.join(", ") ?? null;
  return [
    "    <properties>",
    ...Object.entries({ run: id, name, model, judges: jury, targets: total_targets })
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

function thresholdText({ kind, metric, bar }: Threshold): string {
  if (kind === "failed_scores") return `at most ${bar} failed`;
  return kind === "mean" ? `mean of ${metric} ≥ ${scoreText(bar)}` : `${metric} passes ≥ ${shareText(bar)}`;
}

/** XML 1.0 cannot represent most control characters or lone surrogates. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\P{Cc}\n\t]|[\ufffe\uffff]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

const attribute = (text: string): string => escaped(oneLine(text)).replaceAll('"', "&quot;");
