import type { TraceResponse } from "@pandaprobe/sdk";

/** What a metric is asked about. */
export interface ScoreQuestion {
  /** The metric's name. */
  readonly metric: string;
  /** The trace; `null` where a whole session is scored. */
  readonly trace: TraceResponse | null;
  /** The session; of a trace that is part of none, `null`. */
  readonly sessionId: string | null;
}

/**
 * What a metric is to answer: a number from 0 to 1; with a reason, or more for the score's `metadata`; or why there is no
 * score, which makes it FAILED.
 */
export type ScriptedScore =
  | number
  | {
      readonly value: number;
      readonly reason?: string | undefined;
      readonly metadata?: Readonly<Record<string, unknown>> | undefined;
    }
  | { readonly failed: string };

/** What a score is scripted for. What is left out is anything. */
export interface ScoreScope {
  /** One trace alone. */
  readonly traceId?: string | undefined;
  /** One session, and the traces in it. */
  readonly sessionId?: string | undefined;
  /** For so many scores; afterwards what was scripted before counts again. Default: for all. */
  readonly times?: number | undefined;
}

/** A script of scores: what runs find out about which trace. */
export interface ScoreScript {
  /**
   * Scripts what a metric answers. Of several that fit, the one for a trace counts before the one for a session, that
   * before one for anything, a metric's own before `"*"`, and of equals the last one.
   *
   * @param metric a metric's name, or `"*"` for every metric.
   * @param score a score, or a function that tells it.
   * @throws RangeError for a number that is not from 0 to 1.
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
   * Scripts that a metric cannot be had: its scores are FAILED.
   *
   * @example
   * ```ts
   * pandaProbe.scores.fail("task_completion", "The judge gave no answer.", { times: 1 });
   * ```
   */
  fail(metric: string, reason: string, scope?: ScoreScope): void;
  /** Forgets everything that was scripted. */
  reset(): void;
}
