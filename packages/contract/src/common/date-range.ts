import type { z } from "zod";

/**
 * Refuses a range that is empty or crossed. The issue names its own error code, for it is a 400 wherever it stands,
 * while other errors in a query are 422.
 */
export function dateRange<Shape extends z.core.$ZodLooseShape, Config extends z.core.$ZodObjectConfig>(
  schema: z.ZodObject<Shape, Config>,
): z.ZodObject<Shape, Config> {
  return schema.refine(
    (value) => {
      const { date_from: from, date_to: to } = value as {
        date_from?: string | null;
        date_to?: string | null;
      };
      return from == null || to == null || from < to;
    },
    {
      path: ["date_from"],
      error: "date_from must be before date_to",
      params: { code: "invalid_date_range" },
    },
  );
}
