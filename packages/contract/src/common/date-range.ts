import type { z } from "zod";
import { parseDateTime } from "./dates.ts";

/**
 * Refuses a range that is empty or crossed. The issue names its own error code, for it is a 400 wherever it stands,
 * while other errors in a query are 422.
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

/** Text that sorts as time does. */
function instant(value: unknown): string | null {
  return typeof value === "string" ? parseDateTime(value) : null;
}
