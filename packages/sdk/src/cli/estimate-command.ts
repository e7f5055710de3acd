import { estimateJson, estimateTable } from "./estimate-report.ts";
import type { EvalSettings } from "./eval-settings.ts";
import { exitCodes } from "./exit-codes.ts";
import { failureOf } from "./failure.ts";
import { connect, estimateRun } from "./run-client.ts";

/**
 * Tells what a run would cost, and makes none.
 *
 * @returns the exit code, which is no verdict: a run that could cost more than its limit may well cost less.
 * @throws UsageError where something is missing that can be seen before anything is asked of the server.
 */
export async function estimateCommand(settings: EvalSettings): Promise<number> {
  const client = connect(settings);
  const { source, output } = settings;
  const answer = estimateRun(client, source);
  try {
    const limit = source.kind === "existing" ? null : (source.body.max_cost_usd ?? null);
    const report = output === "json" ? estimateJson : estimateTable;
    process.stdout.write(report(await answer, limit));
    return exitCodes.passed;
  } catch (error) {
    const { message, exitCode } = await failureOf(client, settings, error, null);
    process.stderr.write(`pandaprobe: ${message}\n`);
    return exitCode;
  }
}
