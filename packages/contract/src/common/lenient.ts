import { z } from "zod";

/*
 * Clients in other languages often write values in forms other than JSON's own: Python's `str(True)` and
 * `json.dumps(Decimal("0.5"), default=str)`, Java's and .NET's UUIDs. Each kind of value has one function here that
 * rewrites such forms to the canonical one. Only the canonical form is stored, returned and documented.
 */

/** A schema that also accepts the forms that `canonical` rewrites. It is documented and typed like `schema`. */
export function lenient<Schema extends z.ZodType>(
  canonical: (value: unknown) => unknown,
  schema: Schema,
): z.ZodType<z.output<Schema>, z.input<Schema>> {
  // `z.preprocess` takes `unknown`; typed clients pass the canonical form.
  return z.preprocess(canonical, schema) as unknown as z.ZodType<z.output<Schema>, z.input<Schema>>;
}

/** `true` and `false` as text in any case, and `1` and `0`. Anything else is returned as it is. */
export function canonicalBoolean(value: unknown): unknown {
  if (value === 1 || value === "1") return true;
  if (value === 0 || value === "0") return false;
  if (typeof value !== "string" || value.length > 5) return value;
  const text = value.toLowerCase();
  return text === "true" ? true : text === "false" ? false : value;
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
const longestNumber = 64;

/** A decimal number as text (`"0.5"`, `"1e-05"`). Anything else is returned as it is. */
export function canonicalNumber(value: unknown): unknown {
  if (typeof value !== "string" || value.length > longestNumber || !decimal.test(value)) return value;
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
}

/** The values of an object as {@link canonicalNumber}. */
export function canonicalNumbers(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  if (entries.every(([, item]) => typeof item === "number")) return value;
  return Object.fromEntries(entries.map(([key, item]) => [key, canonicalNumber(item)]));
}

/** The parts of a cost as {@link canonicalNumbers}, without unknown ones, which are null. */
export function canonicalCost(value: unknown): unknown {
  const cost = canonicalNumbers(value);
  if (cost === value || typeof cost !== "object" || cost === null) return cost;
  return Object.fromEntries(Object.entries(cost).filter(([, part]) => part !== null));
}

const hexDigits =
  /^(?:urn:uuid:)?(\{)?([0-9a-f]{8})(-?)([0-9a-f]{4})\3([0-9a-f]{4})\3([0-9a-f]{4})\3([0-9a-f]{12})(\})?$/i;
const longestUuid = "urn:uuid:{00000000-0000-0000-0000-000000000000}".length;

/** A UUID of 32 hexadecimal digits without hyphens, in braces, or as `urn:uuid:`. Anything else is returned as it is. */
export function canonicalUuid(value: unknown): unknown {
  if (typeof value !== "string" || value.length > longestUuid) return value;
  const match = hexDigits.exec(value);
  if (match === null || (match[1] === undefined) !== (match[8] === undefined)) return value;
  return [match[2], match[4], match[5], match[6], match[7]].join("-").toLowerCase();
}

/** A boolean of a request. */
export const boolean = lenient(canonicalBoolean, z.boolean("must be true or false"));

/** A number of a request. @param schema its bounds */
export function number(schema: z.ZodNumber) {
  return lenient(canonicalNumber, schema);
}
