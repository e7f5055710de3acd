import { exactIntegers } from "../../common/exact-integers.ts";
import type { OtelTime } from "../../otel/otel-span.ts";
import { ProblemError } from "../problem.ts";

/** Part of a request. In protobuf an object of protobufjs, in JSON one of `JSON.parse`: both have the same names. */
export type Part = Readonly<Record<string, unknown>>;

/** The request in a body of JSON. Large integers keep their digits. @throws ProblemError `malformed_request` */
export function otlpJson(text: string): Part {
  let request: unknown;
  try {
    request = JSON.parse(exactIntegers(text));
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : "it could not be read";
    throw new ProblemError("malformed_request", `The body is not JSON: ${why}.`);
  }
  if (isPart(request)) return request;
  throw new ProblemError("malformed_request", "The body must be a JSON object.");
}

/** A part of a request that cannot be read; other parts may be readable. */
export class UnreadableError extends Error {
  override readonly name = "UnreadableError";
}

export function partsOf(part: Part, name: string): readonly Part[] {
  const list = part[name] ?? [];
  if (!Array.isArray(list)) throw new UnreadableError(`${name} must be a list.`);
  if (!list.every(isPart)) throw new UnreadableError(`${name} must contain objects.`);
  return list;
}

export function partOf(part: Part, name: string): Part {
  const inner = part[name];
  return isPart(inner) ? inner : {};
}

function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function textOf(part: Part, name: string): string {
  const value = part[name];
  return typeof value === "string" ? value : "";
}

const ownField = { configurable: true, enumerable: true, writable: true } as const;

/** Attributes by name. */
export function recordOf(part: Part, name = "attributes"): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const entry of partsOf(part, name)) {
    const key = textOf(entry, "key");
    const value = anyValue(entry["value"]);
    // An assignment would set the prototype.
    if (key === "__proto__") Object.defineProperty(record, key, { value, ...ownField });
    else record[key] = value;
  }
  return record;
}

/** The value of an `AnyValue`. Integers that JavaScript cannot represent are strings; bytes are base64. */
export function anyValue(value: unknown): unknown {
  if (!isPart(value)) return null;
  if (value["stringValue"] != null && value["stringValue"] !== "") return value["stringValue"];
  if (value["arrayValue"] != null) return partsOf(partOf(value, "arrayValue"), "values").map(anyValue);
  if (value["kvlistValue"] != null) return recordOf(partOf(value, "kvlistValue"), "values");
  if (value["intValue"] != null && Object.hasOwn(value, "intValue")) return integer(value["intValue"]);
  if (Object.hasOwn(value, "doubleValue")) return value["doubleValue"];
  if (Object.hasOwn(value, "boolValue")) return value["boolValue"];
  if (Object.hasOwn(value, "stringValue")) return "";
  const bytes = value["bytesValue"];
  if (!Object.hasOwn(value, "bytesValue")) return null;
  return bytes instanceof Uint8Array ? base64(bytes) : bytes;
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

const hexDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hexadecimal(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += hexDigits[byte];
  return text;
}

/** A 64-bit integer of protobufjs, whose own conversion to text is slow. */
interface Long {
  readonly high: number;
  readonly low: number;
  toNumber(): number;
}

/** JSON has no functions. */
function isLong(value: unknown): value is Long {
  return isPart(value) && typeof value["toNumber"] === "function";
}

function integer(value: unknown): unknown {
  // Only texts of numbers count: `Number(true)` is 1.
  const number = isLong(value) ? value.toNumber() : Number(String(value));
  return Number.isSafeInteger(number) ? number : String(value);
}

/** An id in lower-case hexadecimal; undefined if there is none. In JSON it is hexadecimal, not base64. */
export function idOf(part: Part, name: string, bytes: number): string | undefined {
  const value = part[name];
  if (value === undefined || value === null || value === "") return undefined;
  if (value instanceof Uint8Array) {
    if (value.every((byte) => byte === 0)) return undefined;
    if (value.length !== bytes) throw new UnreadableError(`${name} must have ${bytes} bytes.`);
    return hexadecimal(value);
  }
  const hex = String(value).toLowerCase();
  if (/^0*$/.test(hex)) return undefined;
  if (hex.length !== 2 * bytes || !/^[0-9a-f]+$/.test(hex)) {
    throw new UnreadableError(`${name} must have ${bytes} bytes in hexadecimal.`);
  }
  return hex;
}

/** A time in nanoseconds since 1970; undefined if there is none. */
export function timeOf(part: Part, name: string): OtelTime | undefined {
  const value = part[name];
  if (value === undefined || value === null || value === "") return undefined;
  if (isLong(value)) return fromNanos((BigInt(value.high >>> 0) << 32n) | BigInt(value.low >>> 0));
  const text = String(value);
  if (!/^\d{1,20}$/.test(text)) throw new UnreadableError(`${name} must be nanoseconds since 1970.`);
  return fromNanos(BigInt(text));
}

function fromNanos(nanos: bigint): OtelTime | undefined {
  return nanos === 0n ? undefined : [Number(nanos / perSecond), Number(nanos % perSecond)];
}

const perSecond = 1_000_000_000n;

/** A number, or a value of an enumeration, which JSON may write by name. */
export function codeOf(part: Part, name: string, names: readonly string[]): number {
  const value = part[name];
  if (typeof value === "number") return value;
  return typeof value === "string" ? Math.max(0, names.indexOf(value)) : 0;
}
