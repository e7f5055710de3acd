import type { RunEstimate } from "@pandaprobe/contract";
import type { Judges } from "../../../judge/judges.ts";
import type { LedgerCall } from "../../../judge/ledger/ledger.ts";
import { costUsd } from "../../../judge/prices/prices.ts";
import { minInputTokens, minOutputTokens } from "../../../judge/prices/tokens.ts";

/** The calls that a dry run would make. */
interface DryRun {
  readonly calls: readonly LedgerCall[];
  readonly cachedCalls: number;
}

/** @param times how many times the dry run the whole run is. */
export function estimateOf(
  { calls, cachedCalls }: DryRun,
  judges: Pick<Judges, "priceOf">,
  { targets, times }: { targets: number; times: number },
): RunEstimate {
  const low = calls.map((call) => ({
    input: minInputTokens(call),
    output: minOutputTokens(call),
    usd: costUsd(judges.priceOf(call.model), minInputTokens(call), minOutputTokens(call)),
  }));
  const high = calls.map((call) => ({
    input: call.maxInputTokens,
    output: call.maxOutputTokens,
    usd: call.reservedUsd,
  }));
  const lowUsd = sum(low.map(({ usd }) => usd));
  const highUsd = sum(high.map(({ usd }) => usd));
  const range = (of: "input" | "output") => ({
    low: Math.floor((sum(low.map((call) => call[of])) ?? 0) * times),
    high: Math.ceil((sum(high.map((call) => call[of])) ?? 0) * times),
  });
  return {
    targets,
    calls: Math.round(calls.length * times),
    cached_calls: Math.round(cachedCalls * times),
    input_tokens: range("input"),
    output_tokens: range("output"),
    cost_usd:
      lowUsd === null || highUsd === null
        ? null
        : { low: sixDigits(lowUsd * times, Math.floor), high: sixDigits(highUsd * times, Math.ceil) },
  };
}

/** The sum, or `null` if one of the values is `null`. */
function sum(values: readonly (number | null)[]): number | null {
  return values.reduce((total, value) => (total === null || value === null ? null : total + value), 0);
}

/** Rounded to six significant digits, in the given direction. */
function sixDigits(value: number, round: (value: number) => number): number {
  if (value === 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 5);
  // Rounding errors in the last digits must not push the value to the next unit.
  const units = Number((value / unit).toPrecision(12));
  return Number((round(units) * unit).toPrecision(6));
}
