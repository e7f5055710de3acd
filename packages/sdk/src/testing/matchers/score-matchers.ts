import type { PassBar } from "./to-pass.ts";

/** Matchers for the result of `evaluateTraces` or `evaluateSessions`, or for an array of scores. */
export interface ScoreMatchers<Result = void> {
  /**
   * Passes if enough scores of a metric pass. A FAILED score does not pass. Without any score, the assertion fails.
   *
   * @throws RangeError for a number outside 0 to 1.
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
   * Passes if no score is FAILED. Without any score, the assertion fails.
   *
   * @example
   * ```ts
   * expect(await client.evaluateTraces({ metrics: ["task_completion"] })).toHaveNoFailedScores();
   * ```
   */
  toHaveNoFailedScores(): Result;
}
