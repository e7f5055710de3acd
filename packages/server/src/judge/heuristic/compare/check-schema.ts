import { isRecord } from "../../../metrics/reading/is-record.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Deep enough for the parameters of tools; guards against schemas that hold themselves. */
const MAX_DEPTH = 12;

/**
 * What in `value` breaks a JSON schema, in words; empty if nothing does. Checks what matters in tool parameters: types,
 * required and unknown properties, enums, items and bounds. What it does not know (`$ref`, `format`, …) it lets pass.
 */
export function checkSchema(value: unknown, schema: Schema, path = "", depth = MAX_DEPTH): string[] {
  if (depth === 0) return [];
  const where = path === "" ? "the parameters" : path;
  const options = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(options)) {
    const fits = options.some(
      (option) => !isRecord(option) || checkSchema(value, option, path, depth - 1).length === 0,
    );
    return fits ? [] : [`${where} fits none of its declared forms`];
  }
  if (value === null && schema["nullable"] === true) return [];
  const types = typesOf(schema);
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    return [`${where} should be ${types.join(" or ")}, not ${typeName(value)}`];
  }
  if (
    Array.isArray(schema["enum"]) &&
    !schema["enum"].some((allowed) => JSON.stringify(allowed) === JSON.stringify(value))
  ) {
    return [`${where} is ${JSON.stringify(value)}, which is not among its allowed values`];
  }
  if (typeof value === "number") return checkNumber(value, schema, where);
  if (Array.isArray(value)) return checkItems(value, schema, path, depth);
  return isRecord(value) ? checkProperties(value, schema, path, depth) : [];
}

function checkNumber(value: number, schema: Schema, where: string): string[] {
  const { minimum, maximum } = schema;
  if (typeof minimum === "number" && value < minimum) return [`${where} is below ${minimum}`];
  return typeof maximum === "number" && value > maximum ? [`${where} is above ${maximum}`] : [];
}

function checkItems(value: readonly unknown[], schema: Schema, path: string, depth: number): string[] {
  const items = schema["items"];
  if (!isRecord(items)) return [];
  return value.flatMap((item, i) => checkSchema(item, items, `${path}[${i}]`, depth - 1)).slice(0, 5);
}

function checkProperties(value: Schema, schema: Schema, path: string, depth: number): string[] {
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const inside = (name: string): string => (path === "" ? name : `${path}.${name}`);
  const missing = required
    .filter((name) => typeof name === "string" && (!Object.hasOwn(value, name) || value[name] === undefined))
    .map((name) => `${inside(String(name))} is missing`);
  const wrong = Object.entries(value).flatMap(([name, item]) => {
    const declared = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (isRecord(declared)) return checkSchema(item, declared, inside(name), depth - 1);
    // Without `additionalProperties: true` a name that is not declared is one that the tool will not know.
    const isUnknown = Object.keys(properties).length > 0 && schema["additionalProperties"] !== true;
    return isUnknown && !isRecord(schema["additionalProperties"]) ? [`${inside(name)} is not declared`] : [];
  });
  return [...missing, ...wrong];
}

/** Lower case, since Gemini declares `STRING` and `OBJECT`. */
function typesOf(schema: Schema): string[] {
  const type = schema["type"];
  const types = Array.isArray(type) ? type : [type];
  return types.filter((name) => typeof name === "string").map((name) => name.toLowerCase());
}

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

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return `${typeof value === "object" ? "an object" : `the ${typeof value} ${JSON.stringify(value)?.slice(0, 60)}`}`;
}
