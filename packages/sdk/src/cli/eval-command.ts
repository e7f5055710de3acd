import { existsSync } from "node:fs";
import { appendFile, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { EvalRunResponse, PandaProbe } from "@pandaprobe/sdk";
import type { EvalSettings } from "./eval-settings.ts";
import { exitCodes } from "./exit-codes.ts";
import { failureText, isRefusal } from "./failure.ts";
import { countText } from "./figures.ts";
import { Interrupted, interruption } from "./interruption.ts";
import { jsonReport } from "./json-report.ts";
import { junitReport } from "./junit-report.ts";
import { type ProgressDisplay, progressDisplay } from "./progress-display.ts";
import { cancelRun, connect, scoresOf, startRun } from "./run-client.ts";
import { targetText } from "./run-text.ts";
import { styledFor } from "./styled-for.ts";
import { tableReport } from "./table-report.ts";
import { UsageError } from "./usage-error.ts";
import { type Verdict, verdict } from "./verdict.ts";

/** What a log is cut to, which has no width. */
const logColumns = 160;

/**
 * Makes a run, or takes one that there is, waits for its end, and reports what it comes to. What goes wrong on the way is
 * said on standard error.
 *
 * @returns the exit code
 * @throws UsageError where something is missing that can be seen before anything is asked of the server.
 */
export async function evalCommand(settings: EvalSettings): Promise<number> {
  const client = connect(settings);
  const { source, junitFile } = settings;
  if (junitFile !== undefined) await checkWritable(junitFile);
  const isOurs = source.kind !== "existing";
  const display = progressDisplay(process.stderr, settings.isQuiet);
  using stop = interruption();
  stop.signal.addEventListener("abort", () => {
    display.say(
      isOurs
        ? "Interrupted: the run is being cancelled. Once more leaves at once."
        : "Interrupted: the run goes on.",
    );
  });
  let run: EvalRunResponse | null = null;
  try {
    // Not ended by a signal: a run whose id never arrived could not be cancelled.
    const started = await startRun(client, source);
    if (typeof started !== "string") {
      run = started;
      display.say(`Run ${run.id}: ${countText(run.total_targets, targetText(run))} to evaluate.`);
    }
    run = await client.waitForRun(started, {
      timeoutMs: settings.timeoutMs,
      signal: stop.signal,
      throwOnFailed: false,
      onProgress(progress) {
        run = progress.run;
        display.update(progress);
      },
    });
    const scores = await scoresOf(client, run, stop.signal);
    display.end();
    return await reported(settings, verdict(run, scores, settings.bars, settings.worst));
  } catch (error) {
    display.end();
    if (error instanceof Interrupted) {
      if (isOurs && run !== null) await cancel(client, run, display);
      return error.exitCode;
    }
    process.stderr.write(`pandaprobe: ${failureText(error, run)}\n`);
    if (stop.signal.reason instanceof Interrupted) return stop.signal.reason.exitCode;
    return run === null && isRefusal(error) ? exitCodes.wrongUse : exitCodes.noResult;
  }
}

async function reported(settings: EvalSettings, result: Verdict): Promise<number> {
  if (settings.junitFile !== undefined) await writeFile(settings.junitFile, junitReport(result));
  process.stdout.write(reportText(settings, result));
  if (result.run.status !== "COMPLETED") return exitCodes.noResult;
  return result.passed ? exitCodes.passed : exitCodes.belowBar;
}

function reportText({ output, mayColor }: EvalSettings, result: Verdict): string {
  switch (output) {
    case "json":
      return jsonReport(result);
    case "junit":
      return junitReport(result);
    case "table": {
      const { stdout } = process;
      // Some terminals of CI systems say that they have none.
      const columns = stdout.isTTY && stdout.columns > 0 ? stdout.columns : logColumns;
      return tableReport(result, columns, styledFor(stdout, mayColor));
    }
  }
}

/** Tries it now, so that a report which cannot be written is no surprise at the end of a run. */
async function checkWritable(file: string): Promise<void> {
  const isThere = existsSync(file);
  try {
    await mkdir(dirname(file), { recursive: true });
    await appendFile(file, "");
    // Whoever collects reports must find none where there is no result.
    if (!isThere) await rm(file);
  } catch (error) {
    throw new UsageError(`--junit ${file} cannot be written: ${(error as Error).message}`);
  }
}

async function cancel(client: PandaProbe, run: EvalRunResponse, display: ProgressDisplay): Promise<void> {
  try {
    const { status, error_message, evaluated_count, total_targets } = await cancelRun(client, run);
    const how = status === "FAILED" && error_message === "Cancelled" ? "is cancelled" : `has ended ${status}`;
    display.say(`Run ${run.id} ${how}, with ${evaluated_count} of ${total_targets} evaluated.`);
  } catch (error) {
    process.stderr.write(
      `pandaprobe: run ${run.id} could not be cancelled, and goes on. ${failureText(error, null)}\n`,
    );
  }
}
