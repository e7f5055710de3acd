import { type RawBuilder, sql } from "kysely";

/** A mean of decimals with more digits than a number holds, so that the number answered is the nearest one. */
export function mean(total: RawBuilder<unknown>, count: RawBuilder<unknown>): RawBuilder<number> {
  return sql`round(${total}, 40) / nullif(${count}, 0)`;
}
