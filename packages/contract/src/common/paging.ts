import { z } from "zod";
import { queryInteger } from "./query.ts";

/** `limit` and `offset` of a list. */
export function paging(limits: { default: number; max: number } = { default: 50, max: 200 }) {
  return {
    limit: queryInteger({ min: 1, max: limits.max })
      .default(limits.default)
      .meta({
        default: limits.default,
        description: `Page size, 1 to ${limits.max}. Default: ${limits.default}.`,
      }),
    offset: queryInteger({ min: 0, max: Number.MAX_SAFE_INTEGER })
      .default(0)
      .meta({ default: 0, description: "How many items to skip." }),
  };
}

/** One page of a list. */
export function page<Item extends z.ZodType>(id: string, item: Item) {
  return z
    .object({
      items: z.array(item),
      total: z.int().describe("The number of matching items on all pages."),
      limit: z.int(),
      offset: z.int(),
    })
    .meta({ id });
}
