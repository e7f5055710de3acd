import { z } from "zod";
import { fitsBytes } from "./byte-length.ts";
import { canonicalCost, lenient } from "./lenient.ts";
import { limits } from "./limits.ts";

/** Any JSON value. */
export const jsonValue = z.unknown();

/** A JSON value in a request, limited only by the size of the body. */
export const sentValue = z.unknown().meta({ "x-max-bytes": "body" });

/**
 * Any JSON object, kept as it is: `z.record` would copy it, and drop a `__proto__` key, which is data like any other.
 */
export const jsonObject = z
  .custom<Record<string, unknown>>(isJsonObject, { error: "must be an object" })
  .meta({ type: "object", additionalProperties: true });

/** A JSON object whose values are all numbers, kept as it is. */
export const numberObject = z
  .custom<Record<string, number>>(isNumberObject, { error: "must be an object of numbers" })
  .meta({ type: "object", additionalProperties: { type: "number" } });

const sizeLimit = { "x-max-bytes": limits.objectBytes };
export const cutDescription = `At most ${limits.objectBytes} bytes of JSON. If it is larger, its largest values are cut, with a mark, and the response has a warning.`;

/** A {@link jsonObject} of a trace or span. If it is too large, it is cut. */
export const cutObject = jsonObject.meta({
  type: "object",
  additionalProperties: true,
  description: cutDescription,
  ...sizeLimit,
});

/** A {@link numberObject} of a span. If it is too large, it is cut. */
export const cutNumberObject = lenient(canonicalCost, numberObject).meta({
  type: "object",
  additionalProperties: { type: "number" },
  description: cutDescription,
  ...sizeLimit,
});

/** A {@link jsonObject} that is rejected if it is too large. */
export const limitedObject = jsonObject
  .refine(isWithinLimit, tooLarge())
  .meta({ type: "object", additionalProperties: true, ...sizeLimit });

/** A {@link numberObject} that is rejected if it is too large. */
export const limitedNumberObject = lenient(
  canonicalCost,
  numberObject.refine(isWithinLimit, tooLarge()),
).meta({ type: "object", additionalProperties: { type: "number" }, ...sizeLimit });

function tooLarge() {
  return { error: `must have at most ${limits.objectBytes} bytes of JSON` };
}

function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** JSON allows numbers beyond those of JavaScript: 1e400 is read as Infinity. */
function isNumberObject(value: unknown): value is Record<string, number> {
  return isJsonObject(value) && Object.values(value).every(Number.isFinite);
}

function isWithinLimit(value: object): boolean {
  return fitsBytes(JSON.stringify(value), limits.objectBytes);
}
