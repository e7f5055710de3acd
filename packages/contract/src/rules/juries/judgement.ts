import { shortened } from "../../common/text.ts";
import type { ScoreResult } from "../metrics/score.ts";

/** How one judge's evaluation of an item ended: with a score, or without one and why. */
export type Judgement = { readonly score: ScoreResult } | { readonly missing: string };

/** One judgement of an item keeps its whole reason; the others keep this many characters. */
const mostReasonChars = 300;

export function shortReason(reason: string): string {
  return shortened(reason, mostReasonChars);
}

/** Whether there are enough judgements: more than half of all. */
export function isQuorum(present: number, all: number): boolean {
  return present > all / 2;
}

/** The item whose value is closest to a number; the first of several. */
export function closestTo<Item>(
  target: number,
  items: readonly [Item, ...Item[]],
  numberOf: (item: Item) => number,
): Item {
  const distance = (item: Item) => Math.abs(numberOf(item) - target);
  return items.reduce((best, next) => (distance(next) < distance(best) ? next : best));
}
