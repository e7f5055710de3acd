import type { PassBar } from "./to-pass.ts";

/** What `expect` knows besides, of what `evaluateTraces` or `evaluateSessions` gave, or of an array of scores. */
export interface ScoreMatchers<Result = void> {
  /**
   * Enough scores of a metric pass. A score that could not be had has not passed; no score at all is a failure.
   *
   * @throws RangeError for a bar that is not from 0 to 1.
   * @example
   * ```ts
   * expect(await client.evaluateTraces({ metrics: ["task_completion"] })).toPass("task_completion", {
   *   min: 0.8,
   *   rate: 0.95,
   * });
   * ```
   */
  toPass(metric: string, bar?: PassBar): Result;
  /**
   * Every score could be had; none is FAILED.
   *
   * @example
   * ```ts
   * expect(await client.evaluateTraces({ metrics: ["task_completion"] })).toHaveNoFailedScores();
   * ```
   */
  toHaveNoFailedScores(): Result;
}
