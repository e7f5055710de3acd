import { toHaveNoFailedScores } from "./to-have-no-failed-scores.ts";
import { toHaveNoRegression } from "./to-have-no-regression.ts";
import { toPass } from "./to-pass.ts";
import { toPassCases } from "./to-pass-cases.ts";

/** The matchers, for `expect.extend` of vitest, jest or a compatible framework. */
export const matchers = { toPass, toPassCases, toHaveNoFailedScores, toHaveNoRegression };

export type { MatcherContext, MatchResult } from "./match-result.ts";
export type { ScoreMatchers } from "./score-matchers.ts";
export type { PassBar } from "./to-pass.ts";
export type { CasesBar } from "./to-pass-cases.ts";
