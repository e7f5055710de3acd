import type { TraceResponse } from "@pandaprobe/sdk";

/** What a metric evaluates. */
export interface ScoreQuestion {
  /** The metric's name. */
  readonly metric: string;
  /** The trace. `null` for a metric of a whole session. */
  readonly trace: TraceResponse | null;
  /** The session. `null` for a trace without one. */
  readonly sessionId: string | null;
}

/**
 * A scripted score: a number from 0 to 1, optionally with a reason and `metadata`; why there is nothing to judge, as
 * a code such as `no_plan`, for a score that is not applicable; or the reason of a failure, for a FAILED score.
 */
export type ScriptedScore =
  | number
  | {
      readonly value: number;
      readonly reason?: string | undefined;
      readonly metadata?: Readonly<Record<string, unknown>> | undefined;
    }
  | { readonly notApplicable: string; readonly reason?: string | undefined }
  | { readonly failed: string };

/** Limits a script. Default: no limit. */
export interface ScoreScope {
  /** Only this trace. */
  readonly traceId?: string | undefined;
  /** Only this session and its traces. */
  readonly sessionId?: string | undefined;
  /** Only for this many scores; then earlier scripts apply again. */
  readonly times?: number | undefined;
}

/** Scripts the scores of runs. */
export interface ScoreScript {
  /**
   * Scripts the scores of a metric. If several scripts match, the most specific one wins: a script for a trace before
   * one for a session, before one for all, and one for a metric before one for `"*"`. Of equally specific scripts, the
   * last one wins.
   *
   * @param metric the name of a metric, or `"*"` for every metric.
   * @param score a score, or a function that returns one.
   * @throws RangeError for a number outside 0 to 1.
   * @example
   * ```ts
   * pandaProbe.scores.set("task_completion", 0.4, { reason: "It never booked the hotel." });
   * pandaProbe.scores.set("confidence", ({ trace }) => (trace?.status === "ERROR" ? 0.1 : 0.95));
   * ```
   */
  set(
    metric: string,
    score: ScriptedScore | ((question: ScoreQuestion) => ScriptedScore),
    scope?: ScoreScope & { readonly reason?: string | undefined },
  ): void;
  /**
   * Makes the scores of a metric FAILED.
   *
   * @example
   * ```ts
   * pandaProbe.scores.fail("task_completion", "The judge gave no answer.", { times: 1 });
   * ```
   */
  fail(metric: string, reason: string, scope?: ScoreScope): void;
  /** Removes all scripts. */
  reset(): void;
}
