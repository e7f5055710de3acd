import { z } from "zod";
import { boolean } from "./lenient.ts";
import { limits } from "./limits.ts";
import { queryInteger } from "./query.ts";
import { text } from "./text.ts";

/** `limit` and `offset` of a list. */
export function paging(size: { default: number; max: number } = { default: 50, max: 200 }) {
  return {
    limit: queryInteger({ min: 1, max: size.max })
      .default(size.default)
      .meta({
        default: size.default,
        description: `Page size, 1 to ${size.max}. Default: ${size.default}.`,
      }),
    offset: queryInteger({ min: 0, max: Number.MAX_SAFE_INTEGER })
      .default(0)
      .meta({ default: 0, description: "How many items to skip." }),
  };
}

/** {@link paging} for a list that may be very long: by cursor, and optionally without counting. */
export function cursorPaging() {
  const { limit, offset } = paging();
  return {
    limit,
    cursor: text(1, limits.cursor)
      .optional()
      .describe(
        "The `next_cursor` of the previous page: continues after its last item, whatever was stored meanwhile, and is equally fast on every page. Filters and order must be those of that page.",
      ),
    offset: offset.meta({
      default: 0,
      description: "How many items to skip, after `cursor` if it is given.",
    }),
    total: boolean.default(true).meta({
      default: true,
      description:
        "Whether to count the matching items, which is slow in a large project. If `false`, `total` is the number of items up to the end of this page, plus one if there are more.",
    }),
  };
}

/** One page of a list. */
export function page<Item extends z.ZodType>(id: string, item: Item) {
  return z.object(pageFields(item)).meta({ id });
}

/** One page of a list with {@link cursorPaging}. */
export function cursorPage<Item extends z.ZodType>(id: string, item: Item) {
  return z
    .object({
      ...pageFields(item),
      next_cursor: z.string().nullable().describe("The `cursor` of the next page. `null` on the last page."),
    })
    .meta({ id });
}

function pageFields<Item extends z.ZodType>(item: Item) {
  return {
    items: z.array(item),
    total: z.int().describe("The number of matching items on all pages."),
    limit: z.int(),
    offset: z.int(),
  };
}
