import type { RunEstimate } from "@pandaprobe/sdk";
import { usdText } from "./figures.ts";

/** What a program reads: the estimate as the server sent it, the limit, and whether the most that it can cost fits into it. */
export function estimateJson(estimate: RunEstimate, limitUsd: number | null): string {
  const { cost_usd: cost } = estimate;
  const fits = cost === null || limitUsd === null ? null : cost.high <= limitUsd;
  return `${JSON.stringify({ ...estimate, max_cost_usd: limitUsd, fits }, null, 2)}\n`;
}

/** What a person reads. */
export function estimateTable(estimate: RunEstimate, limitUsd: number | null): string {
  const { targets, calls, cached_calls: cached, input_tokens, output_tokens, cost_usd: cost } = estimate;
  const rows = [
    ["targets", numberText(targets)],
    [
      "calls",
      `${numberText(calls)}${cached === 0 ? "" : `, and ${numberText(cached)} whose answers are known`}`,
    ],
    ["input tokens", rangeText(input_tokens, numberText)],
    ["output tokens", rangeText(output_tokens, numberText)],
    [
      "cost",
      cost === null
        ? "unknown: JUDGE_PRICES of the server lacks a model that it would call"
        : rangeText(cost, usdText),
    ],
  ];
  return [
    "An estimate; no run is made.",
    "",
    ...rows.map(([name, value]) => `  ${name?.padEnd(13)}  ${value}`),
    ...(cost === null || limitUsd === null ? [] : ["", limitText(cost, limitUsd)]),
    "",
  ].join("\n");
}

function limitText({ low, high }: { readonly low: number; readonly high: number }, limitUsd: number): string {
  const limit = `--max-cost-usd ${limitUsd}`;
  if (high <= limitUsd) return `It fits into ${limit}, whatever the judge answers.`;
  if (low <= limitUsd) return `It may not fit into ${limit}: scores for which nothing is left would fail.`;
  return `It does not fit into ${limit}: scores for which nothing is left would fail.`;
}

function rangeText(
  { low, high }: { readonly low: number; readonly high: number },
  text: (n: number) => string,
) {
  return low === high ? text(low) : `${text(low)} to ${text(high)}`;
}

const numberText = (value: number): string => value.toLocaleString("en-US");
