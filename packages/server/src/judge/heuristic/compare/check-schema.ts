import { isRecord } from "../../../metrics/reading/json.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Describes how a value violates a JSON schema; empty if it does not. */
export type SchemaCheck = (value: unknown, schema: Schema) => string[];

/** Deep enough for the parameters of tools; guards against very deep schemas. */
const MAX_DEPTH = 12;
/** How many values and schemas are checked over all calls. The rest passes unchecked. */
const MAX_STEPS = 100_000;
/** A longer enum is not checked: no tool needs one. */
const MAX_ENUM = 10_000;
/** The most violations that are reported. */
const MAX_VIOLATIONS = 5;

/**
 * Creates a check for all calls of a trace. It covers what matters in tool parameters: types, required and unknown properties,
 * enums, items and bounds. Other keywords (`$ref`, `format`, …) pass. All calls together take a bounded number of steps whatever
 * the sizes of schemas and values, and each enum is read once.
 */
export function createSchemaCheck(): SchemaCheck {
  const enums = once(allowedValues);
  const keys = once<object, readonly string[]>(Object.keys);
  const json = once<object, string>(JSON.stringify);
  let steps = MAX_STEPS;

  function check(value: unknown, schema: Schema, path: string, depth: number): string[] {
    if (depth === 0 || --steps < 0) return [];
    const where = path === "" ? "the parameters" : path;
    const options = schema["anyOf"] ?? schema["oneOf"];
    if (Array.isArray(options)) {
      const fits = options.some(
        (option) => !isRecord(option) || check(value, option, path, depth - 1).length === 0,
      );
      return fits ? [] : [`${where} fits none of its declared forms`];
    }
    if (value === null && schema["nullable"] === true) return [];
    const types = typesOf(schema);
    if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
      return [`${where} should be ${types.join(" or ")}, not ${describe(value)}`];
    }
    if (Array.isArray(schema["enum"]) && !isAmong(value, schema["enum"])) {
      return [`${where} is ${shown(value)}, which is not among its allowed values`];
    }
    if (typeof value === "number") return checkNumber(value, schema, where);
    if (Array.isArray(value)) return checkItems(value, schema, path, depth);
    return isRecord(value) ? checkProperties(value, schema, path, depth) : [];
  }

  function checkItems(value: readonly unknown[], schema: Schema, path: string, depth: number): string[] {
    const items = schema["items"];
    const violations: string[] = [];
    if (!isRecord(items)) return violations;
    for (const [i, item] of value.entries()) {
      violations.push(...check(item, items, `${path}[${i}]`, depth - 1));
      if (steps < 0 || violations.length >= MAX_VIOLATIONS) break;
    }
    return violations.slice(0, MAX_VIOLATIONS);
  }

  function checkProperties(value: Schema, schema: Schema, path: string, depth: number): string[] {
    const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
    const required = Array.isArray(schema["required"]) ? schema["required"] : [];
    const inside = (name: string): string => (path === "" ? name : `${path}.${name}`);
    // Without `additionalProperties: true`, the tool will not know an undeclared property.
    const isClosed =
      keys(properties).length > 0 &&
      schema["additionalProperties"] !== true &&
      !isRecord(schema["additionalProperties"]);
    const violations: string[] = [];
    for (const name of required) {
      if (--steps < 0 || violations.length >= MAX_VIOLATIONS) return violations;
      if (typeof name === "string" && (!Object.hasOwn(value, name) || value[name] === undefined))
        violations.push(`${inside(name)} is missing`);
    }
    for (const name of keys(value)) {
      if (--steps < 0 || violations.length >= MAX_VIOLATIONS) break;
      const declared = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (isRecord(declared)) violations.push(...check(value[name], declared, inside(name), depth - 1));
      else if (declared === undefined && isClosed) violations.push(`${inside(name)} is not declared`);
    }
    return violations.slice(0, MAX_VIOLATIONS);
  }

  function isAmong(value: unknown, list: readonly unknown[]): boolean {
    if (list.length > MAX_ENUM) return true;
    const allowed = enums(list);
    if (typeof value !== "object" || value === null) return allowed.plain.has(value);
    return allowed.json.size > 0 && allowed.json.has(json(value));
  }

  return (value, schema) => check(value, schema, "", MAX_DEPTH);
}

/** The values of an enum, for lookup. */
interface AllowedValues {
  readonly plain: ReadonlySet<unknown>;
  /** Arrays and objects, as JSON. */
  readonly json: ReadonlySet<string>;
}

function allowedValues(list: readonly unknown[]): AllowedValues {
  const isPlain = (item: unknown) => typeof item !== "object" || item === null;
  return {
    plain: new Set(list.filter(isPlain)),
    json: new Set(list.filter((item) => !isPlain(item)).map((item) => JSON.stringify(item))),
  };
}

/** Caches a function of an object. */
function once<Thing extends object, Reading extends NonNullable<unknown>>(
  read: (thing: Thing) => Reading,
): (thing: Thing) => Reading {
  const known = new WeakMap<Thing, Reading>();
  return (thing) => {
    const reading = known.get(thing) ?? read(thing);
    known.set(thing, reading);
    return reading;
  };
}

function checkNumber(value: number, schema: Schema, where: string): string[] {
  const { minimum, maximum } = schema;
  if (typeof minimum === "number" && value < minimum) return [`${where} is below ${minimum}`];
  return typeof maximum === "number" && value > maximum ? [`${where} is above ${maximum}`] : [];
}

/** The declared types in lower case, since Gemini declares `STRING` and `OBJECT`. */
function typesOf(schema: Schema): string[] {
  const type = schema["type"];
  const types = Array.isArray(type) ? type.slice(0, MAX_TYPES) : [type];
  return types.filter((name) => typeof name === "string").map((name) => name.toLowerCase());
}

/** JSON Schema has seven. */
const MAX_TYPES = 10;

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case "object":
      return isRecord(value);
    case "array":
      return Array.isArray(value);
    case "string":
      return typeof value === "string";
    case "number":
      return typeof value === "number";
    case "integer":
      return Number.isInteger(value);
    case "boolean":
      return typeof value === "boolean";
    case "null":
      return value === null;
    default:
      return true;
  }
}

function describe(value: unknown): string {
  return typeof value === "object" ? shown(value) : `the ${typeof value} ${shown(value)}`;
}

/** A short form of a value. Does not read a long text to its end. */
function shown(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  const json = JSON.stringify(typeof value === "string" ? value.slice(0, MAX_SHOWN) : value);
  return json?.slice(0, MAX_SHOWN) ?? "";
}

const MAX_SHOWN = 60;
