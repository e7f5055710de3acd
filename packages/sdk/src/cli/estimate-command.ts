import type { RunEstimate } from "@pandaprobe/sdk";
import { connect } from "./connect.ts";
import type { EvalSettings } from "./eval-settings.ts";
import { exitCodes } from "./exit-codes.ts";
import { failureOf } from "./failure.ts";
import { numberText, usdText } from "./figures.ts";
import { estimateRun } from "./run-client.ts";

/**
 * Estimates the cost of a run without creating one.
 *
 * @returns the exit code. It does not depend on the limit, because a run that could exceed it may cost less.
 * @throws UsageError for anything missing before the server is asked.
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

/** The report for programs: the server's estimate, the limit, and whether the highest cost is within it. */
function estimateJson(estimate: RunEstimate, limitUsd: number | null): string {
  const { cost_usd: cost } = estimate;
  const fits = cost === null || limitUsd === null ? null : cost.high <= limitUsd;
  return `${JSON.stringify({ ...estimate, max_cost_usd: limitUsd, fits }, null, 2)}\n`;
}

/** The report for people. */
function estimateTable(estimate: RunEstimate, limitUsd: number | null): string {
  const { targets, calls, cached_calls: cached, input_tokens, output_tokens, cost_usd: cost } = estimate;
  const rows = [
    ["targets", numberText(targets)],
    [
      "calls",
      `${numberText(calls)}${cached === 0 ? "" : `, and ${numberText(cached)} with a cached answer`}`,
    ],
    ["input tokens", rangeText(input_tokens, numberText)],
    ["output tokens", rangeText(output_tokens, numberText)],
    [
      "cost",
      cost === null
        ? "unknown: the server's JUDGE_PRICES lacks the price of a model"
        : rangeText(cost, usdText),
    ],
  ];
  return [
    "An estimate; no run was created.",
    "",
    ...rows.map(([name, value]) => `  ${name?.padEnd(13)}  ${value}`),
    ...(cost === null || limitUsd === null ? [] : ["", limitText(cost, limitUsd)]),
    "",
  ].join("\n");
}

function limitText({ low, high }: { readonly low: number; readonly high: number }, limitUsd: number): string {
  const limit = `--max-cost-usd ${limitUsd}`;
  if (high <= limitUsd) return `The highest cost is within ${limit}.`;
  if (low <= limitUsd) return `The cost may exceed ${limit}: the remaining scores would then fail.`;
  return `The cost exceeds ${limit}: the remaining scores would fail.`;
}

function rangeText(
  { low, high }: { readonly low: number; readonly high: number },
  text: (n: number) => string,
) {
  return low === high ? text(low) : `${text(low)} to ${text(high)}`;
}
