import type { AnalyticsGranularity } from "@pandaprobe/contract";
import { sql } from "kysely";

/** Which stretch of time, its end excluded, in buckets of which length. */
export interface AnalyticsPeriod {
  readonly granularity: AnalyticsGranularity;
  readonly started_after: string;
  readonly started_before: string;
}

/** When the bucket of what started at the time in this column begins, in UTC; a week begins on Monday. */
export function bucketOf(granularity: AnalyticsGranularity, column: string) {
  return sql<string>`date_trunc(${sql.lit(granularity)}, ${sql.ref(column)}, 'UTC')`;
}
