import { toHaveNoFailedScores } from "./to-have-no-failed-scores.ts";
import { toPass } from "./to-pass.ts";

/** The matchers, for `expect.extend` of vitest, of jest, or of what is like them. */
export const matchers = { toPass, toHaveNoFailedScores };

export type { MatcherContext, MatchResult } from "./match-result.ts";
export type { ScoreMatchers } from "./score-matchers.ts";
export type { PassBar } from "./to-pass.ts";
