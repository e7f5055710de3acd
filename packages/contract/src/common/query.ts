import { z } from "zod";
import { limits } from "./limits.ts";
import { text } from "./text.ts";

/*
 * Values in a query string are text. These schemas parse them strictly (`""` is not 0, `0x10` is not 16, `yes` is not
 * true). They also accept the parsed value, so that a typed client can pass numbers, booleans and arrays.
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

/** A list, by repeating the name (`tags=a&tags=b`). A comma is part of a value. */
export const queryStrings = typed<string[]>(
  z.preprocess(
    (value) => (typeof value === "string" ? [value] : value),
    z.array(text(0, limits.label)).max(limits.tags),
  ),
);

/** `z.preprocess` takes `unknown`; clients pass the value itself. */
function typed<T>(schema: z.ZodType<T>): z.ZodType<T, T> {
  return schema as z.ZodType<T, T>;
}
