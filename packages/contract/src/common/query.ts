import { z } from "zod";
import { limits } from "./limits.ts";
import { text } from "./text.ts";

/*
 * What stands in a query string is text. These schemas read it strictly (`""` is not 0, `0x10` is not 16, `yes` is not
 * true) and take the value itself as well, so that a typed client may pass numbers, booleans and arrays.
 */

/** An integer, in digits only. */
export function queryInteger({ min, max }: { min: number; max: number }) {
  const error = `must be a whole number from ${min} to ${max}, in digits`;
  const schema = z.int(error).min(min, error).max(max, error);
  return typed<number>(
    z.preprocess((value) => {
      return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
    }, schema),
  );
}

/** `true` or `false`. */
export const queryBoolean = typed<boolean>(
  z.preprocess(
    (value) => (value === "true" ? true : value === "false" ? false : value),
    z.boolean("must be true or false"),
  ),
);

/** A list: the name repeated (`tags=a&tags=b`). A comma is part of a value. */
export const queryStrings = typed<string[]>(
  z.preprocess(
    (value) => (typeof value === "string" ? [value] : value),
    z.array(text(0, limits.label)).max(limits.tags),
  ),
);

/** `z.preprocess` takes `unknown`; what a client may pass is the value itself. */
function typed<T>(schema: z.ZodType<T>): z.ZodType<T, T> {
  return schema as z.ZodType<T, T>;
}
