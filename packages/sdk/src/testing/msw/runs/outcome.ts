import {
  defaultThresholdOf,
  failedMetadata,
  type ScoreResult,
  scoreResult,
} from "@pandaprobe/contract/rules";
import type { ScriptedResult } from "../scores/score-book.ts";
import type { Run } from "./run.ts";

/** How a metric of a target, or a signal of a trace, ended. */
export interface Outcome {
  readonly status: "SUCCESS" | "FAILED";
  readonly value: string | null;
  readonly reason: string;
  readonly metadata: Record<string, unknown>;
}

export function outcomeOf(run: Run, metric: string, result: ScriptedResult): Outcome {
  const context = scoreContext(run, metric);
  if (!("failed" in result)) return success(scoreResult(metric, result, context));
  return { status: "FAILED", value: null, reason: result.failed, metadata: failedMetadata(context) };
}

export function success({ value, reason, metadata }: ScoreResult): Outcome {
  return { status: "SUCCESS", value, reason, metadata: { ...metadata } };
}

export function scoreContext({ thresholds, response }: Run, metric: string) {
  return { threshold: thresholds[metric] ?? defaultThresholdOf(metric), model: response.model };
}
