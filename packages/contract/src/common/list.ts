import { z } from "zod";

/** The longest list of which every wrong item is reported. */
const longestReported = 1000;

/**
 * An array, of at least one item where `min` is 1, and of at most `max`. In a very long one only the first wrong item is reported: a body of ten megabytes
 * holds millions of items, and millions of issues are more than a process can hold. One that is too long is not looked into.
 */
export function list<Item extends z.ZodType>(item: Item, min: 0 | 1 = 0, max = Number.POSITIVE_INFINITY) {
  const least = min === 0 ? z.array(item) : z.array(item).min(min);
  const items = max === Number.POSITIVE_INFINITY ? least : least.max(max);
  const schema = z.preprocess((value, context) => {
    if (!Array.isArray(value)) return value;
    if (value.length > max) {
      context.addIssue({
        code: "too_big",
        maximum: max,
        origin: "array",
        message: `must have at most ${max} items`,
      });
      return z.NEVER;
    }
    if (value.length <= longestReported) return value;
    for (const [index, element] of value.entries()) {
      const { error } = item.safeParse(element);
      if (error === undefined) continue;
      for (const { message, path } of error.issues) {
        context.addIssue({ code: "custom", path: [index, ...path], message });
      }
      return z.NEVER;
    }
    return value;
  }, items);
  // `z.preprocess` takes `unknown`; what a client may pass is the array.
  return schema as z.ZodType<z.output<Item>[], z.input<Item>[]>;
}
