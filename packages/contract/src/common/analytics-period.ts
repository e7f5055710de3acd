import { z } from "zod";
import { dateRange } from "./date-range.ts";
import { dateTime } from "./dates.ts";
import { AnalyticsGranularity } from "./enums.ts";

/** The query of statistics over time: which stretch of it, in buckets of which length, and what `more` says. */
export function analyticsPeriod<More extends z.core.$ZodLooseShape>(more: More) {
  return dateRange(
    z.object({
      ...more,
      granularity: AnalyticsGranularity.default("day"),
      started_after: dateTime.describe("What started at or after this time."),
      started_before: dateTime.describe("What started before this time."),
    }),
    ["started_after", "started_before"],
  );
}

/** When a bucket begins. Buckets in which nothing started are left out. */
export const bucketStart = z
  .string()
  .meta({ format: "date-time", description: "When the bucket begins, in UTC." });
