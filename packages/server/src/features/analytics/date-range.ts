import { type RawBuilder, sql } from "kysely";

/** From the one, inclusive, to the other, exclusive; without end where one is left out. */
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
