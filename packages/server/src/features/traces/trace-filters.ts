import type { EvalRunFilters } from "@pandaprobe/contract";
import { parseDateTime } from "@pandaprobe/contract/rules";
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { Schema } from "../../db/schema.ts";

/** `null` and absent both mean any. */
export type TraceFilters = EvalRunFilters;

/** The condition that a row of `traces` matches all given filters. */
export function matchesFilters(filters: TraceFilters) {
  return (row: ExpressionBuilder<Schema, "traces">): Expression<SqlBool> => {
    const conditions: Expression<SqlBool>[] = [];
    if (filters.date_from != null) conditions.push(row("started_at", ">=", instant(filters.date_from)));
    if (filters.date_to != null) conditions.push(row("started_at", "<", instant(filters.date_to)));
    if (filters.status != null) conditions.push(row("status", "=", filters.status));
    if (filters.session_id != null) conditions.push(row("session_id", "=", filters.session_id));
    if (filters.user_id != null) conditions.push(row("user_id", "=", filters.user_id));
    if (filters.environment != null) conditions.push(row("environment", "=", filters.environment));
    if (filters.release != null) conditions.push(row("release", "=", filters.release));
    if (filters.tags != null && filters.tags.length > 0)
      conditions.push(sql<SqlBool>`${row.ref("tags")} && ${filters.tags}::text[]`);
    if (filters.name != null) conditions.push(row("name", "ilike", containing(filters.name)));
    return row.and(conditions);
  };
}

/** Filters are stored as they were sent, so dates are parsed here. */
function instant(date: string): string {
  return parseDateTime(date) ?? date;
}

/** A LIKE pattern for text that contains `part`. `%`, `_` and `\` in it are escaped. */
export function containing(part: string): string {
  return `%${part.replace(/[\\%_]/g, "\\$&")}%`;
}
