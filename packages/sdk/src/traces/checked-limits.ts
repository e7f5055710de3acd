import { checkedTimeout } from "../options/checked-number.ts";
import type { TraceSenderOptions } from "./trace-sender-options.ts";

/** What the server takes in one request. */
const mostInBatch = 100;

/** The limits of a sender, complete. */
export type TraceSenderLimits = Readonly<Record<keyof Omit<TraceSenderOptions, "onDrop">, number>>;

/** @throws TypeError for a limit that cannot be one. */
export function checkedLimits(options: TraceSenderOptions): TraceSenderLimits {
  return {
    maxQueued: checked("maxQueued", options.maxQueued ?? 10_000),
    maxQueuedBytes: checked("maxQueuedBytes", options.maxQueuedBytes ?? 64 * 2 ** 20),
    maxTraceBytes: checked("maxTraceBytes", options.maxTraceBytes ?? 10 * 2 ** 20),
    maxBatch: checked("maxBatch", options.maxBatch ?? mostInBatch, mostInBatch),
    maxBatchBytes: checked("maxBatchBytes", options.maxBatchBytes ?? 2 ** 20),
    maxWaitMs: checkedTimeout(options, "maxWaitMs", 1_000),
  };
}

function checked(name: string, value: number, most = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isSafeInteger(value) || value < 1 || value > most) {
    throw new TypeError(`${name} must be a whole number from 1 to ${most}.`);
  }
  return value;
}
