export type { MatcherContext, MatchResult } from "./match-result.ts";
export { matchers } from "./matchers.ts";
export type { PassBar } from "./pass-bar.ts";
export type { ScoreMatchers } from "./score-matchers.ts";
