import { z } from "zod";
import { lenient } from "./lenient.ts";
import { limits } from "./limits.ts";
import { text } from "./text.ts";

/*
 * Values in a query string are text. These schemas parse them (`""` is not 0, `0x10` is not 16). They also accept the
 * parsed value, so that a typed client can pass numbers and arrays.
 */

/** An integer, in digits only. */
export function queryInteger({ min, max }: { min: number; max: number }) {
  const error = `must be a whole number from ${min} to ${max}, in digits`;
  const schema = z.int(error).min(min, error).max(max, error);
  return lenient(
    (value) => (typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value),
    schema,
  );
}

/** A list of up to `most` values, by repeating the name (`tags=a&tags=b`). A comma is part of a value. */
export function queryList<Item extends z.ZodType>(item: Item, most: number) {
  return lenient((value) => (typeof value === "string" ? [value] : value), z.array(item).max(most));
}

export const queryStrings = queryList(text(0, limits.label), limits.tags);
