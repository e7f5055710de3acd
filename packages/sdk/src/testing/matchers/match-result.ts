import type { EvalRunResponse } from "@pandaprobe/sdk";

/** What a matcher answers, for `expect` of vitest and of jest. */
export interface MatchResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** As much of what `expect` calls a matcher on as is used. */
export interface MatcherContext {
  readonly isNot?: boolean;
}

/** A failure whether or not `.not` stands before: there is nothing to judge by. */
export function failure({ isNot = false }: MatcherContext, text: string): MatchResult {
  return { pass: isNot, message: () => text };
}

/** What was written, in a line. */
export function assertion({ isNot = false }: MatcherContext, call: string): string {
  return `expect(scores)${isNot ? ".not" : ""}.${call}`;
}

/** Which run it was, where that is known. */
export function ofRun(run: EvalRunResponse | undefined): string {
  if (run === undefined) return "";
  const name = run.name == null ? "" : ` ${JSON.stringify(run.name)}`;
  return `\nRun${name} ${run.id}, judged by ${run.model ?? "the server's default"}.`;
}
