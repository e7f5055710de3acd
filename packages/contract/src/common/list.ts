import { z } from "zod";
import { limits } from "./limits.ts";

/**
 * An array of `min` to `max` items. Validation stops after {@link limits.issues} issues: a body can hold so many
 * invalid items that collecting all issues would exhaust memory. The items of an array that is too long are not validated.
 */
export function list<Item extends z.ZodType>(item: Item, min: 0 | 1 | 2, max: number) {
  const least = min === 0 ? z.array(item) : z.array(item).min(min);
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
    if (value.length <= limits.issues) return value;
    let found = 0;
    for (const [index, element] of value.entries()) {
      const { error } = item.safeParse(element);
      for (const issue of error?.issues ?? []) {
        // The item's own issue, with the path of the item in front.
        context.issues.push({ ...issue, path: [index, ...issue.path], input: element });
        found += 1;
      }
      if (found >= limits.issues) return z.NEVER;
    }
    return found > 0 ? z.NEVER : value;
  }, least.max(max));
  // `z.preprocess` takes `unknown`; clients pass the array.
  return schema as z.ZodType<z.output<Item>[], z.input<Item>[]>;
}
