import { z } from "zod";
import { lenient } from "./lenient.ts";
import { limits } from "./limits.ts";

const pattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)?)?$/;
/** With fewer digits, a year (`2026`) would be a time in January 1970. */
const epochText = /^-?\d{9,16}(?:\.\d+)?$/;
/** Above this, an epoch time is in milliseconds: in seconds it would be in the year 2603. */
const mostSeconds = 2e10;

/**
 * Reads an RFC 3339 date-time (any case; without an offset it is UTC) or a bare date (midnight UTC). Also takes the offsets
 * of ISO 8601 (`+0200`, `+02`) and the seconds or milliseconds since 1970.
 *
 * @returns the instant in UTC, cut to milliseconds (`2026-03-01T00:00:00.000Z`), or `null` if the text is not a date of the
 * years 0001 to 9999 or has more than 64 characters.
 */
export function parseDateTime(value: string): string | null {
  const precise = parsePreciseDateTime(value);
  return precise === null ? null : splitDateTime(precise).iso;
}

/** {@link parseDateTime} with nanoseconds, if the text has any (`2026-03-01T00:00:00.000000001Z`). */
function parsePreciseDateTime(value: string): string | null {
  if (value.length > limits.dateTime) return null;
  if (epochText.test(value)) return epochTime(Number(value));
  const match = pattern.exec(value);
  if (match === null) return null;
  const part = (index: number) => Number(match[index] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  const [offsetHours, offsetMinutes] = [part(9), part(10)];
  if (hour > 23 || minute > 59 || second > 60 || offsetHours > 23 || offsetMinutes > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const milliseconds = Number((match[7] ?? "").slice(0, 3).padEnd(3, "0"));
  date.setUTCHours(hour, minute, second, milliseconds);
  const sign = match[8] === "-" ? 1 : -1;
  date.setTime(date.getTime() + sign * (offsetHours * 60 + offsetMinutes) * 60_000);
  // A leap second ends a day in UTC. JavaScript has none, so it becomes the first second of the next day.
  if (second === 60 && !date.toISOString().includes("T00:00:00")) return null;
  const utcYear = date.getUTCFullYear();
  if (utcYear < 1 || utcYear > 9999) return null;
  const finer = (match[7] ?? "").slice(3, 9).padEnd(6, "0");
  return finer === "000000" ? date.toISOString() : `${date.toISOString().slice(0, -1)}${finer}Z`;
}

/** The milliseconds of a precise date-time, and the remaining nanoseconds. */
export function splitDateTime(precise: string): { readonly iso: string; readonly ns: number } {
  const end = "2026-03-01T00:00:00.000".length;
  return { iso: `${precise.slice(0, end)}Z`, ns: Number(precise.slice(end, -1)) };
}

/** @param time since 1970, in seconds or milliseconds. */
function epochTime(time: number): string | null {
  const date = new Date(Math.floor(Math.abs(time) > mostSeconds ? time : time * 1000));
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? date.toISOString() : null;
}

/** Rewrites dates that are not in RFC 3339 to UTC with milliseconds. Anything else is returned as it is. */
export function canonicalDateTime(value: unknown): unknown {
  if (typeof value === "number") return epochTime(value) ?? value;
  if (typeof value !== "string" || value.length > limits.dateTime || !beyondRfc3339.test(value)) return value;
  return parseDateTime(value) ?? value;
}

const beyondRfc3339 = /^-?\d+(?:\.\d+)?$|:\d\d(?:\.\d+)?[+-]\d\d(?:\d\d)?$/;
const expected = "must be an RFC 3339 date-time or date, such as 2026-03-01T09:30:00Z or 2026-03-01";
const given = z
  .string({ error: ({ input }) => (input === undefined ? undefined : expected) })
  .refine((value) => parseDateTime(value) !== null, { error: expected, abort: true });
const form = { format: "date-time", maxLength: limits.dateTime };

/** A date-time from a client, kept as given if it follows RFC 3339. See {@link parseDateTime}. */
export const dateTimeAsGiven = lenient(canonicalDateTime, given.meta(form)).meta(form);

/** A date-time from a client, parsed to UTC with milliseconds. See {@link parseDateTime}. */
export const dateTime = lenient(
  canonicalDateTime,
  given.overwrite((value) => parseDateTime(value) ?? value).meta(form),
).meta(form);

/** A date-time from a client that orders spans, with nanoseconds if it has any. Responses have milliseconds. */
export const preciseDateTime = dateTimeAsGiven
  .overwrite((value) => parsePreciseDateTime(value) ?? value)
  .meta({ format: "date-time", maxLength: limits.dateTime });

/** A date-time in a response: UTC, with `Z` and milliseconds. */
export const timestamp = z.string().meta({ format: "date-time" });
