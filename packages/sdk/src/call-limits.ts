import { checkedCount, checkedTimeout, longestTimeoutMs } from "./checked-number.ts";
import type { Configuration } from "./configuration.ts";
import type { OperationOptions } from "./operation.ts";

/** How long and how often a call may try. */
export interface CallLimits {
  readonly tryMs: number;
  readonly totalMs: number;
  readonly retries: number;
}

/** How long the server is asked to hold its answer is added to what one try may take. */
export function callLimits(configuration: Configuration, options: OperationOptions): CallLimits {
  const timeoutMs = checkedTimeout(options, "timeoutMs", configuration.timeoutMs);
  const waitMs = checkedCount(options, "waitSeconds", 0) * 1000;
  const byDefaultMs = Math.min((configuration.totalTimeoutMs ?? 4 * timeoutMs) + waitMs, longestTimeoutMs);
  return {
    tryMs: Math.min(timeoutMs + waitMs, longestTimeoutMs),
    totalMs: checkedTimeout(options, "totalTimeoutMs", byDefaultMs),
    retries: checkedCount(options, "retries", configuration.retries),
  };
}
