import { defaultThreshold } from "../metrics.ts";
import type { Verdict } from "../scores/score-book.ts";
import type { Run } from "./run.ts";

/** How a metric of a target, or a signal of a trace, ended. */
export interface Outcome {
  readonly status: "SUCCESS" | "FAILED";
  readonly value: string | null;
  readonly reason: string;
  readonly metadata: Record<string, unknown>;
}

export function outcomeOf({ thresholds, response }: Run, metric: string, verdict: Verdict): Outcome {
  const threshold = thresholds[metric] ?? defaultThreshold;
  const { model } = response;
  if ("failed" in verdict) {
    const metadata = { threshold, success: false, model };
    return { status: "FAILED", value: null, reason: verdict.failed, metadata };
  }
  const score = rounded(verdict.value);
  return {
    status: "SUCCESS",
    value: String(score),
    reason: verdict.reason,
    metadata: { ...verdict.metadata, threshold, success: score >= threshold, model },
  };
}

/** To four decimals, as scores are stored. */
export function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
