import { readFileSync } from "node:fs";

/** The part of vitest's JSON report that we count. */
interface Report {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly tags: readonly string[];
    }[];
  }[];
}

export interface TestTotals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly skippedNames: readonly string[];
}

/**
 * Counts tests. A file that fails without a failed test (it can't be loaded, or a hook throws) counts as one failure.
 *
 * @param leftOut tags of tests that were left out on purpose, which count as nothing.
 */
export function readTestTotals(file: string, leftOut: readonly string[]): TestTotals {
  const { testResults }: Report = JSON.parse(readFileSync(file, "utf8"));
  const results = testResults.flatMap((each) => each.assertionResults);
  const passed = results.filter(({ status }) => status === "passed").length;
  const failed = results.filter(({ status }) => status === "failed").length;
  const brokenFiles = testResults.filter(
    (each) => each.status === "failed" && each.assertionResults.every(({ status }) => status !== "failed"),
  );
  const skipped = results.filter(
    ({ status, tags }) =>
      status !== "passed" && status !== "failed" && !tags.some((tag) => leftOut.includes(tag)),
  );
  return {
    passed,
    failed: failed + brokenFiles.length,
    skipped: skipped.length,
    skippedNames: skipped.map(({ fullName }) => fullName),
  };
}

/** `12 passed, 0 failed`, with `, 1 skipped` if there are any. */
export function formatTestTotals({ passed, failed, skipped }: TestTotals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
