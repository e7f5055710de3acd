import type { z } from "zod";
import { parseDateTime } from "./dates.ts";

/**
 * Rejects a range that is empty or reversed. The issue has its own error code, because it is always a 400, while other
 * errors in a query are 422.
 */
export function dateRange<Shape extends z.core.$ZodLooseShape, Config extends z.core.$ZodObjectConfig>(
  schema: z.ZodObject<Shape, Config>,
  [from, to]: readonly [string, string] = ["date_from", "date_to"],
): z.ZodObject<Shape, Config> {
  return schema.refine(
    (value) => {
      const [start, end] = [instant(value[from]), instant(value[to])];
      return start === null || end === null || start < end;
    },
    {
      path: [from],
      error: `must be before ${to}`,
      params: { code: "invalid_date_range" },
    },
  );
}

/** As text that sorts chronologically. */
function instant(value: unknown): string | null {
  return typeof value === "string" ? parseDateTime(value) : null;
}
