import { z } from "zod";

/** A string of `min` to `max` characters, counted as JSON Schema counts them: by code point, not by UTF-16 unit. */
export function text(min: number, max: number) {
  return z
    .string()
    .refine((value) => isLengthWithin(value, min, max), {
      error: min === 0 ? `must have at most ${max} characters` : `must have ${min} to ${max} characters`,
    })
    .meta(min === 0 ? { maxLength: max } : { minLength: min, maxLength: max });
}

function isLengthWithin(value: string, min: number, max: number): boolean {
  // A code point takes one or two UTF-16 units, so most strings are decided without counting.
  if (value.length < min || value.length > 2 * max) return false;
  let length = 0;
  for (const _ of value) length += 1;
  return length >= min && length <= max;
}
