import type { EvalRunResponse } from "@pandaprobe/sdk";
import type { RunFailure } from "./run-plan.ts";

export type TargetType = "TRACE" | "SESSION";

export interface Target {
  readonly id: string;
  /** What it is evaluated by: of a retry, what the original has no score for. */
  readonly metrics: readonly string[];
}

export interface Run {
  readonly type: TargetType;
  /** As it is answered. */
  readonly response: EvalRunResponse;
  readonly targets: readonly Target[];
  readonly thresholds: Readonly<Record<string, number>>;
  /** How long each target takes. */
  readonly targetMs: number;
  readonly failure: RunFailure | undefined;
  /** When its first target began. */
  startedAt: number;
}
