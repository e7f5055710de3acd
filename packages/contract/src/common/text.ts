import { z } from "zod";
import { fitsBytes, startWithin } from "./byte-length.ts";
import { limits } from "./limits.ts";

/** A string of `min` to `max` characters, counted as JSON Schema counts them: by code point, not by UTF-16 unit. */
export function text(min: number, max: number) {
  return z
    .string()
    .refine((value) => isLengthWithin(value, min, max), {
      error: min === 0 ? `must have at most ${max} characters` : `must have ${min} to ${max} characters`,
      params: { isLimit: true },
    })
    .meta(min === 0 ? { maxLength: max } : { minLength: min, maxLength: max });
}

export const freeTextDescription = `Cut to ${limits.freeTextBytes} bytes, with a mark at the end.`;

/** Text from a program or a judge. Too long text is cut, not rejected, so no trace or score is lost because of it. */
export const freeText = z.string().overwrite(cutFreeText).meta({
  description: freeTextDescription,
  "x-max-bytes": limits.freeTextBytes,
});

/** Cuts a text to {@link limits.freeTextBytes}, with a mark at the end that states its full length. */
export function cutFreeText(value: string): string {
  return cutText(value, limits.freeTextBytes);
}

/** Cuts a text to this many bytes, including the mark. */
export function cutText(value: string, bytes: number): string {
  if (fitsBytes(value, bytes)) return value;
  const mark = `… [cut: ${value.length} characters in all]`;
  return startWithin(value, bytes - mark.length - 2) + mark;
}

/** The first `max` characters of a text, counted as {@link text} counts them. */
export function firstCharacters(value: string, max: number): string {
  return isLengthWithin(value, 0, max) ? value : [...value.slice(0, 2 * max)].slice(0, max).join("");
}

/** Cuts text of a request that an answer quotes. @param maxLength in UTF-16 units */
export function shortened(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  // The cut may go through a surrogate pair.
  return `${text.slice(0, maxLength).replace(/[\ud800-\udbff]$/, "\ufffd")}…`;
}

/** Whether an issue is only about the length of a text or list. Stored values may exceed these limits. */
export function isLimitIssue(issue: z.core.$ZodIssue): boolean {
  return issue.code === "too_big" || (issue.code === "custom" && issue.params?.["isLimit"] === true);
}

function isLengthWithin(value: string, min: number, max: number): boolean {
  // A code point takes one or two UTF-16 units, so most strings are decided without counting.
  if (value.length < min || value.length > 2 * max) return false;
  let length = 0;
  for (const _ of value) length += 1;
  return length >= min && length <= max;
}
