import { failure, type MatcherContext, type MatchResult } from "./match-result.ts";
import { textTable } from "./score-rows.ts";

/** How many cases must pass. */
export interface CasesBar {
  /** The share of the cases that must pass in all of their repeats, from 0 to 1. Default: 1, all of them. */
  readonly rate?: number | undefined;
}

/** The fields of a case that the matcher uses. */
interface Case {
  readonly id: string;
  readonly passed: number;
  readonly repeats: number;
  readonly isFlaky: boolean;
  readonly reason: string | null;
}

const maxRows = 10;

/**
 * Whether enough cases pass in all of their repeats. Without any case it fails, even with `.not`.
 *
 * @throws RangeError for a rate outside 0 to 1.
 */
export function toPassCases(
  this: MatcherContext,
  received: unknown,
  { rate = 1 }: CasesBar = {},
): MatchResult {
  if (!(rate >= 0 && rate <= 1)) {
    throw new RangeError(`rate of toPassCases must be a number from 0 to 1, not ${String(rate)}.`);
  }
  const { isNot = false } = this;
  const call = `expect(result)${isNot ? ".not" : ""}.toPassCases(${rate === 1 ? "" : `{ rate: ${rate} }`})`;
  const cases = receivedCases(received);
  if (typeof cases === "string") return failure(this, `${call}\n\n${cases}`);
  const failed = cases.filter(({ passed, repeats }) => passed < repeats);
  const passed = cases.length - failed.length;
  const asked = Math.ceil(Number((cases.length * rate).toPrecision(12)));
  return {
    pass: passed >= asked,
    message: () => {
      const wanted = isNot ? "fewer than" : "at least";
      const flaky = failed.filter(({ isFlaky }) => isFlaky).length;
      const lines = [
        call,
        "",
        `${passed} of ${cases.length} cases pass; ${wanted} ${asked} should. ${flaky} of the others are flaky.`,
      ];
      if (failed.length > 0) lines.push("", table(failed));
      return lines.join("\n");
    },
  };
}

function table(failed: readonly Case[]): string {
  const rows = failed
    .toSorted((a, b) => a.passed / a.repeats - b.passed / b.repeats)
    .slice(0, maxRows)
    .map(({ id, passed, repeats, reason }) => [id, `${passed} of ${repeats}`, reason ?? ""]);
  const lines = textTable(["case", "passed", "reason"], rows);
  const left = failed.length - rows.length;
  return left > 0 ? `${lines}\n  … and ${left} more` : lines;
}

function receivedCases(received: unknown): readonly Case[] | string {
  if (typeof received === "object" && received !== null) {
    if ("then" in received) return "It received a promise: await evaluateCases first.";
    if ("cases" in received && Array.isArray(received.cases)) {
      return received.cases.length === 0 ? "There are no cases: nothing was evaluated." : received.cases;
    }
  }
  return "It expects the result of evaluateCases.";
}
