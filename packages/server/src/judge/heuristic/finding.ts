import { clamp01 } from "@pandaprobe/contract/rules";
import { trimText } from "../../metrics/trim/text.ts";

/** One thing that a heuristic saw in a trace. */
export interface Finding {
  /** What it adds to the score, or takes off if negative. */
  readonly points: number;
  /** What was seen, as a clause that names the evidence. */
  readonly text: string;
}

/** How many findings a reason names, those that weigh most. */
const NAMED = 3;
const MAX_TEXT = 220;

/** The score that `base` and the findings add up to, and a reason that says who found what. */
export function scoreFindings(
  base: number,
  findings: readonly Finding[],
  otherwise: string,
): { score: number; reason: string } {
  const score = findings.reduce((sum, { points }) => sum + points, base);
  const named = findings
    .filter(({ points }) => points !== 0)
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points))
    .slice(0, NAMED)
    .map(({ text }) => trimText(text, MAX_TEXT));
  return {
    score: Math.round(clamp01(score) * 100) / 100,
    reason: heuristicReason(named.length === 0 ? otherwise : named.join("; ")),
  };
}

/** Every reason of this judge says that no model was asked. */
export function heuristicReason(text: string): string {
  return `Heuristic judge: ${text}.`;
}

/** `-each` for every one of `count`, but no more than `-most`. */
export function deduct(count: number, each: number, most: number): number {
  return -Math.min(most, count * each);
}

/** "1 call", "2 calls". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
