import type { EvalRunResponse } from "@pandaprobe/sdk";

/** The result of a matcher, for `expect` of vitest and jest. */
export interface MatchResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** The part of the `this` of a matcher that is used. */
export interface MatcherContext {
  readonly isNot?: boolean;
}

/** A failure both with and without `.not`, because there is nothing to check. */
export function failure({ isNot = false }: MatcherContext, text: string): MatchResult {
  return { pass: isNot, message: () => text };
}

/** The assertion as written, in one line. */
export function assertion({ isNot = false }: MatcherContext, call: string): string {
  return `expect(scores)${isNot ? ".not" : ""}.${call}`;
}

/** Names the run, if it is known. */
export function ofRun(run: EvalRunResponse | undefined): string {
  if (run === undefined) return "";
  const name = run.name == null ? "" : ` ${JSON.stringify(run.name)}`;
  return `\nRun${name} ${run.id}, judged by ${run.judges?.join(", ") ?? run.model ?? "the server's default"}.`;
}
