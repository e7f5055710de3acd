import type { DateRange } from "./date-range.ts";

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** A range, as the hours or days that it holds as a whole and what is left of it at its ends. */
export interface SplitRange {
  /** `null`: not one. */
  readonly whole: DateRange | null;
  readonly edges: readonly DateRange[];
}

/** Splits a range at the bounds of units of that many milliseconds, hours or days of UTC. */
export function splitRange(range: DateRange, unitMs: number): SplitRange {
  const from = range.from === undefined ? undefined : atUnit(range.from, unitMs, Math.ceil);
  const to = range.to === undefined ? undefined : atUnit(range.to, unitMs, Math.floor);
  if (from !== undefined && to !== undefined && from.ms >= to.ms) return { whole: null, edges: [range] };
  return {
    whole: { from: from?.text, to: to?.text },
    edges: [
      ...(from === undefined || from.isExact ? [] : [{ from: range.from, to: from.text }]),
      ...(to === undefined || to.isExact ? [] : [{ from: to.text, to: range.to }]),
    ],
  };
}

function atUnit(text: string, unitMs: number, round: (value: number) => number) {
  const given = Date.parse(text);
  const ms = round(given / unitMs) * unitMs;
  // The day after 9999-12-31 is written with a sign in JavaScript, without one in PostgreSQL.
  return { ms, isExact: ms === given, text: new Date(ms).toISOString().replace(/^\+0/, "") };
}
