import { expect } from "vitest";
import { matchers } from "../matchers/index.ts";
import type { ScoreMatchers } from "../matchers/score-matchers.ts";

expect.extend(matchers);

declare global {
  namespace Chai {
    // All versions of vitest take over what this one has; `Matchers` has other type parameters in each of them.
    interface Assertion extends ScoreMatchers {}
  }
}

export type { PassBar } from "../matchers/to-pass.ts";
export type { CasesBar } from "../matchers/to-pass-cases.ts";
export { matchers, type ScoreMatchers };
