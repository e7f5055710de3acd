import { expect } from "vitest";
import { matchers } from "../matchers/index.ts";
import type { ScoreMatchers } from "../matchers/score-matchers.ts";

expect.extend(matchers);

declare global {
  namespace Chai {
    // All versions of vitest inherit from this interface; the type parameters of `Matchers` differ between versions.
    interface Assertion extends ScoreMatchers {}
  }
}

export type { PassBar } from "../matchers/to-pass.ts";
export type { CasesBar } from "../matchers/to-pass-cases.ts";
export { matchers, type ScoreMatchers };
