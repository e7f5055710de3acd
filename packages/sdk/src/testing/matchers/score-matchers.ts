import type { PassBar } from "./to-pass.ts";
import type { CasesBar } from "./to-pass-cases.ts";

/**
 * Matchers for the result of `evaluateTraces`, `evaluateSessions` or `evaluateCases`, for an array of scores, and for
 * comparisons.
 */
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
  /**
   * Passes if enough cases of `evaluateCases` pass in all of their repeats. Without any case, the assertion fails.
   *
   * @throws RangeError for a rate outside 0 to 1.
   * @example
   * ```ts
   * import { evaluateCases } from "@pandaprobe/sdk/testing/cases";
   *
   * const cases = [{ id: "sum", input: "2 + 2?", expected: "4" }];
   * expect(await evaluateCases(cases, () => "4", { metrics: ["task_completion"] })).toPassCases({ rate: 0.9 });
   * ```
   */
  toPassCases(bar?: CasesBar): Result;
  /**
   * Passes if no metric of a comparison (`compareScores`) got worse, or none of the given ones. If there was not enough to
   * compare, the assertion fails.
   *
   * @example
   * ```ts
   * import { PandaProbeReview } from "@pandaprobe/sdk/review";
   *
   * const comparison = await new PandaProbeReview().compareScores({
   *   a: { filters: { release: "v41" } },
   *   b: { filters: { release: "v42" } },
   *   metrics: ["task_completion"],
   *   pair_by: "metadata.case_id",
   * });
   * expect(comparison).toHaveNoRegression();
   * ```
   */
  toHaveNoRegression(...metrics: readonly string[]): Result;
}
