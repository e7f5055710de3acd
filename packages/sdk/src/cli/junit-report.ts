import type { EvalRunResponse } from "@pandaprobe/sdk";
import { type Bars, barredMetrics, listedBars } from "./bars.ts";
import { scoreText, shareText } from "./figures.ts";
import { type BarOutcome, junitDocument, type Outcome } from "./junit-document.ts";
import { checkText } from "./missed-text.ts";
import { oneLine } from "./printable.ts";
import type { Check, ShownScore, Verdict } from "./verdict.ts";

/**
 * The report of a run that has ended: what is red in it is what fails the build, and no test is red in a build that
 * passes. (One for each trace and metric would show failures beside a bar that lets them pass.)
 */
export function junitReport(verdict: Verdict): string {
  const { run, checks } = verdict;
  const reason = run.error_message ?? "no reason given";
  return junitDocument(
    run,
    run.status === "COMPLETED" ? null : errorOutcome(run.status, reason),
    checks.map((check) => ({ bar: check, ...outcomeOf(check, verdict) })),
  );
}

/**
 * The report where there is no result to hold against the bars: they are skipped, and the error says why.
 *
 * @param run as it was last seen; `null` where there is none.
 */
export function junitErrorReport(
  run: EvalRunResponse | null,
  bars: Bars,
  { type, message }: { readonly type: string; readonly message: string },
): string {
  const skipped: BarOutcome[] = listedBars(bars, barredMetrics(bars)).map((bar) => ({
    bar,
    element: "skipped",
    text: "",
  }));
  return junitDocument(run, errorOutcome(type, message), skipped);
}

/** In both places, for some CI systems show the message, and others the text. */
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
