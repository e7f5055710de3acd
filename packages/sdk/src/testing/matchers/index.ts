import { toHaveNoFailedScores } from "./to-have-no-failed-scores.ts";
import { toPass } from "./to-pass.ts";

/** The matchers, for `expect.extend` of vitest, jest or a compatible framework. */
export const matchers = { toPass, toHaveNoFailedScores };

export type { MatcherContext, MatchResult } from "./match-result.ts";
export type { ScoreMatchers } from "./score-matchers.ts";
export type { PassBar } from "./to-pass.ts";
