import { type RawBuilder, sql } from "kysely";

/** `from` is inclusive and `to` exclusive; without one the range is open at that end. */
export interface DateRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The condition that a column lies in the range. */
export function isWithin(column: string, { from, to }: DateRange): RawBuilder<boolean> {
  const ref = sql.ref(column);
  const conditions = [
    ...(from === undefined ? [] : [sql`${ref} >= ${from}`]),
    ...(to === undefined ? [] : [sql`${ref} < ${to}`]),
  ];
  return conditions.length === 0 ? sql`true` : sql`${sql.join(conditions, sql` and `)}`;
}

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** A range as its whole hours or days, and the remaining time at its ends. */
export interface SplitRange {
  /** `null` if there are none. */
  readonly whole: DateRange | null;
  readonly edges: readonly DateRange[];
}

/** Splits a range at the bounds of hours or days (UTC). */
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
  // JavaScript writes the day after 9999-12-31 with a sign, PostgreSQL without one.
  return { ms, isExact: ms === given, text: new Date(ms).toISOString().replace(/^\+0/, "") };
}
