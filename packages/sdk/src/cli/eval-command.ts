import type { EvalRunResponse, PandaProbe } from "@pandaprobe/sdk";
import { checkBaseline, compareWithBaseline } from "./baseline.ts";
import { connect, connectReview } from "./connect.ts";
import type { EvalSettings } from "./eval-settings.ts";
import { exitCodes } from "./exit-codes.ts";
import { failureOf, failureText } from "./failure.ts";
import { countText } from "./figures.ts";
import { Interrupted, type Interruption, interruption } from "./interruption.ts";
import { jsonReport } from "./json-report.ts";
import { junitErrorReport, junitReport } from "./junit-report.ts";
import { markdownErrorReport, markdownReport } from "./markdown-report.ts";
import { type ProgressDisplay, progressDisplay } from "./progress-display.ts";
import { checkWritable, type ReportFile, writeReport } from "./report-file.ts";
import { cancelRun, scoresOf, startRun } from "./run-client.ts";
import { targetText } from "./run-text.ts";
import { endedRun } from "./run-watch.ts";
import { styledFor, tableReport } from "./table-report.ts";
import { type Verdict, verdict } from "./verdict.ts";

/** The width of output that is not a terminal. */
const logColumns = 160;

/**
 * Creates a run, or takes an existing one, waits for its end and reports the result. Failures go to standard error and
 * to the JUnit report, if there is one.
 *
 * @returns the exit code
 * @throws UsageError for anything missing before the server is asked, or a report that cannot be written.
 */
export async function evalCommand(settings: EvalSettings): Promise<number> {
  const client = connect(settings);
  const files = reportFiles(settings);
  for (const file of files) await checkWritable(file);
  const display = progressDisplay(process.stderr, settings.isQuiet);
  using stop = interruption();
  const isOurs = settings.source.kind !== "existing";
  stop.signal.addEventListener("abort", () => {
    display.say(
      isOurs
        ? "Interrupted: cancelling the run. Interrupt again to exit at once."
        : "Interrupted: the run continues.",
    );
  });
  let run: EvalRunResponse | null = null;
  const onRun = (seen: EvalRunResponse) => {
    run = seen;
  };
  let result: Verdict;
  try {
    result = await judged(client, settings, display, stop, onRun);
  } catch (error) {
    display.end();
    return await withoutResult(client, settings, display, stop, { error, run });
  }
  display.end();
  process.stdout.write(reportText(settings, result));
  for (const file of files) {
    await writeReport(file, file.option === "junit" ? junitReport(result) : markdownReport(result));
  }
  if (result.run.status !== "COMPLETED") return exitCodes.noResult;
  return result.passed ? exitCodes.passed : exitCodes.belowThreshold;
}

function reportFiles({ junitFile, markdownFile }: EvalSettings): ReportFile[] {
  return [
    ...(junitFile === undefined ? [] : [{ option: "junit", file: junitFile } as const]),
    ...(markdownFile === undefined ? [] : [{ option: "markdown", file: markdownFile } as const]),
  ];
}

async function judged(
  client: PandaProbe,
  settings: EvalSettings,
  display: ProgressDisplay,
  { signal }: Interruption,
  onRun: (run: EvalRunResponse) => void,
): Promise<Verdict> {
  const { source, prefer, timeoutMs, thresholds, worst, baseline } = settings;
  if (baseline !== undefined) await checkBaseline(client, baseline);
  // Not aborted by the signal: a run whose id never arrived could not be cancelled.
  const started = await startRun(client, source);
  if (typeof started !== "string") {
    onRun(started);
    display.say(`Run ${started.id}: ${countText(started.total_targets, targetText(started))} to evaluate.`);
  }
  const run = await endedRun(client, started, {
    timeoutMs,
    signal,
    onProgress(progress) {
      onRun(progress.run);
      display.update(progress);
    },
  });
  const scores = await scoresOf(client, run, prefer, signal);
  const isCompared = baseline !== undefined && run.status === "COMPLETED";
  const comparison = isCompared
    ? await compareWithBaseline(connectReview(settings), run, baseline, signal)
    : null;
  return verdict(run, scores, thresholds, worst, comparison);
}

async function withoutResult(
  client: PandaProbe,
  settings: EvalSettings,
  display: ProgressDisplay,
  stop: Interruption,
  { error, run }: { readonly error: unknown; readonly run: EvalRunResponse | null },
): Promise<number> {
  const { message, exitCode } =
    error instanceof Interrupted ? error : await failureOf(client, settings, error, run);
  if (!(error instanceof Interrupted)) process.stderr.write(`pandaprobe: ${message}\n`);
  else if (settings.source.kind !== "existing" && run !== null) await cancel(client, run, display);
  const type = error instanceof Error ? error.name : "Error";
  const report = junitErrorReport(run, settings.thresholds, { type, message });
  if (settings.output === "junit") process.stdout.write(report);
  for (const file of reportFiles(settings)) {
    await writeReport(file, file.option === "junit" ? report : markdownErrorReport(message));
  }
  return stop.signal.reason instanceof Interrupted ? stop.signal.reason.exitCode : exitCode;
}

function reportText({ output, mayColor }: EvalSettings, result: Verdict): string {
  switch (output) {
    case "json":
      return jsonReport(result);
    case "junit":
      return junitReport(result);
    case "table": {
      const { stdout } = process;
      // Some CI terminals report no width.
      const columns = stdout.isTTY && stdout.columns > 0 ? stdout.columns : logColumns;
      return tableReport(result, columns, styledFor(stdout, mayColor));
    }
  }
}

async function cancel(client: PandaProbe, run: EvalRunResponse, display: ProgressDisplay): Promise<void> {
  try {
    const { status, error_message, evaluated_count, total_targets } = await cancelRun(client, run);
    const how = status === "FAILED" && error_message === "Cancelled" ? "is cancelled" : `has ended ${status}`;
    display.say(`Run ${run.id} ${how}, with ${evaluated_count} of ${total_targets} evaluated.`);
  } catch (error) {
    process.stderr.write(
      `pandaprobe: run ${run.id} could not be cancelled and continues. ${failureText(error, null)}\n`,
    );
  }
}
