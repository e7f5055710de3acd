import type { ComparisonVerdict, Regression } from "@pandaprobe/sdk/review";
import { scoreText } from "./figures.ts";
import { oneLine } from "./printable.ts";

/** The symbol for a metric's verdict. */
export const comparisonMarks = {
  regressed: ["✗", "bad"],
  improved: ["✓", "good"],
  no_significant_difference: ["·", "faint"],
  not_enough: ["·", "faint"],
} as const satisfies Record<ComparisonVerdict, readonly [string, string]>;

/** A case that got worse, on one line: both values, the case, the trace and the reason. */
export function regressionText({ case: name, a, b }: Regression): string {
  const parts = [
    `${scoreText(a.value)} → ${scoreText(b.value)}`,
    ...(name === null ? [] : [oneLine(name)]),
    b.trace_id,
    oneLine(b.reason ?? "no reason given"),
  ];
  return parts.join("  ");
}
