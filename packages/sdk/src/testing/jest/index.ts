import { matchers } from "../matchers/index.ts";
import type { ScoreMatchers } from "../matchers/score-matchers.ts";

interface Expect {
  extend(added: typeof matchers): void;
}

const { expect } = globalThis as { readonly expect?: Expect };
if (expect === undefined) {
  throw new Error(
    'There is no global expect: name "@pandaprobe/sdk/testing/jest" in setupFilesAfterEnv of jest\'s configuration; or, with injectGlobals off, call expect.extend(matchers) with those of "@pandaprobe/sdk/testing/matchers".',
  );
}
expect.extend(matchers);

declare module "expect" {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends ScoreMatchers<R> {}
}

declare global {
  namespace jest {
    // For `@types/jest`; without it, this has no effect.
    interface Matchers<R, T = NonNullable<unknown>> extends ScoreMatchers<R> {}
  }
}

/** Refers to jest's own matchers, so that TypeScript loads the module that is augmented above. */
export type { Matchers as JestMatchers } from "expect";
export type { PassBar } from "../matchers/to-pass.ts";
export type { CasesBar } from "../matchers/to-pass-cases.ts";
export { matchers, type ScoreMatchers };
