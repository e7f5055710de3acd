import { clamp01 } from "@pandaprobe/contract/rules";
import { trimText } from "../../metrics/trim/text.ts";

/** One observation about a trace. */
export interface Finding {
  /** What it adds to the score; negative if it lowers it. */
  readonly points: number;
  /** The observation as a clause that names the evidence. */
  readonly text: string;
}

/** How many findings a reason names, the weightiest first. */
const NAMED = 3;
const MAX_TEXT = 220;

/** Adds the findings to `base`, and names the weightiest in the reason; `otherwise` is the reason without findings. */
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

/** A reason that says that no model was asked. */
export function heuristicReason(text: string): string {
  return `Heuristic judge: ${text}.`;
}

/** `-each` times `count`, but no less than `-most`. */
export function deduct(count: number, each: number, most: number): number {
  return -Math.min(most, count * each);
}

/** "1 call", "2 calls". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
