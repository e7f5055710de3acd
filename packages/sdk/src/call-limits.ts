import { checkedCount, checkedTimeout, longestTimeoutMs } from "./checked-number.ts";
import type { Configuration } from "./configuration.ts";
import type { GetRunOptions } from "./request-options.ts";

/** How long and how often a call may try. */
export interface CallLimits {
  readonly tryMs: number;
  readonly totalMs: number;
  readonly retries: number;
}

/** How long the server is asked to hold its answer is added to what one try may take. */
export function callLimits(configuration: Configuration, options: GetRunOptions): CallLimits {
  const timeoutMs = checkedTimeout("timeoutMs", options.timeoutMs ?? configuration.timeoutMs);
  const waitMs = checkedCount("waitSeconds", options.waitSeconds ?? 0) * 1000;
  const totalMs =
    options.totalTimeoutMs === undefined
      ? (configuration.totalTimeoutMs ?? 4 * timeoutMs) + waitMs
      : checkedTimeout("totalTimeoutMs", options.totalTimeoutMs);
  return {
    tryMs: Math.min(timeoutMs + waitMs, longestTimeoutMs),
    totalMs: Math.min(totalMs, longestTimeoutMs),
    retries: checkedCount("retries", options.retries ?? configuration.maxRetries),
  };
}
