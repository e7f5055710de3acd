import { z } from "zod";

/** Any JSON value. */
export const jsonValue = z.unknown();

/**
 * Any JSON object, kept as it is: `z.record` would copy it, and drop a `__proto__` key, which is data like any other.
 */
export const jsonObject = z
  .custom<Record<string, unknown>>(isJsonObject, { error: "must be an object" })
  .meta({ type: "object", additionalProperties: true });

/** A JSON object whose values are all numbers, kept as it is. */
export const numberObject = z
  .custom<Record<string, number>>(
    // JSON may spell numbers that are none in JavaScript: 1e400 is read as Infinity.
    (value) => isJsonObject(value) && Object.values(value).every(Number.isFinite),
    { error: "must be an object of numbers" },
  )
  .meta({ type: "object", additionalProperties: { type: "number" } });

function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
