import { z } from "zod";
import { dateRange } from "./date-range.ts";
import { dateTime } from "./dates.ts";
import { AnalyticsGranularity } from "./enums.ts";

/** The query for statistics over time: the period, the length of its buckets, and the fields in `more`. */
export function analyticsPeriod<More extends z.core.$ZodLooseShape>(more: More) {
  return dateRange(
    z.object({
      ...more,
      granularity: AnalyticsGranularity.default("day"),
      started_after: dateTime.describe("Traces that started at or after this time."),
      started_before: dateTime.describe("Traces that started before this time."),
    }),
    ["started_after", "started_before"],
  );
}

/** When a bucket begins. Empty buckets are left out. */
export const bucketStart = z
  .string()
  .meta({ format: "date-time", description: "When the bucket begins, in UTC." });
