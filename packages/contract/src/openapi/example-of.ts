import type { JsonSchema } from "../schema-components.ts";
import { fieldExamples } from "./field-examples.ts";

/** The default for times in examples. */
const someTime = "2026-03-29T10:00:00.000Z";
const someId = "0198c0de-7a6b-7c1e-9d2f-3a4b5c6d7e8f";

/**
 * A value that a JSON schema allows, always the same one: its own example, or the example of a field with that name, or
 * its default, or the first that fits. So every operation of the reference has an example.
 *
 * @param components the schemas that references point to.
 */
export function exampleOf(
  schema: JsonSchema,
  components: Readonly<Record<string, JsonSchema>>,
  { field = "", owner = "" }: { field?: string; owner?: string } = {},
): unknown {
  const name = schema.$ref?.split("/").at(-1);
  const target = name === undefined ? schema : components[name];
  if (target === undefined) throw new Error(`No schema is called ${schema.$ref}.`);
  const [own] = target.examples ?? [];
  if (own !== undefined) return own;
  for (const key of [`${owner}.${field}`, field]) {
    const value = fieldExamples[key];
    if (value !== undefined && allows(target, value, components)) return value;
  }
  if (target.default !== undefined) return target.default;
  if (target.const !== undefined) return target.const;
  if (target.enum !== undefined) return target.enum[0];
  const choice = target.anyOf?.[0] ?? target.oneOf?.[0];
  if (choice !== undefined) return exampleOf(choice, components, { field, owner });
  return fromType(target, components, { field, owner: name ?? owner });
}

function fromType(
  schema: JsonSchema,
  components: Readonly<Record<string, JsonSchema>>,
  place: { field: string; owner: string },
): unknown {
  switch (typeOf(schema)) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([field, property]) => [
          field,
          exampleOf(property, components, { ...place, field }),
        ]),
      );
    case "array":
      return [exampleOf(schema.items ?? {}, components, place)];
    case "integer":
    case "number":
      return Math.min(Math.max(1, schema.minimum ?? 1), schema.maximum ?? 1);
    case "boolean":
      return true;
    case "string":
      return schema.format === "date-time" ? someTime : schema.format === "uuid" ? someId : "text";
    default:
      return null;
  }
}

function typeOf({ type }: JsonSchema): string | undefined {
  return typeof type === "object" ? type[0] : type;
}

/** Whether a schema's type, enum and bounds allow a value. For an object, only whether it has the required fields. */
function allows(
  schema: JsonSchema,
  value: unknown,
  components: Readonly<Record<string, JsonSchema>>,
): boolean {
  const target = schema.$ref === undefined ? schema : components[schema.$ref.split("/").at(-1) ?? ""];
  if (target === undefined) return false;
  const choices = target.anyOf ?? target.oneOf;
  if (choices !== undefined) return choices.some((choice) => allows(choice, value, components));
  if (target.enum !== undefined) return target.enum.includes(value);
  if (target.const !== undefined) return target.const === value;
  if (target.type === undefined) return value !== null;
  if (![target.type].flat().includes(jsonType(value, target))) return false;
  if (typeof value === "number")
    return value >= (target.minimum ?? value) && value <= (target.maximum ?? value);
  if (Array.isArray(value)) return value.every((item) => allows(target.items ?? {}, item, components));
  if (typeof value !== "object" || value === null) return true;
  return (target.required ?? []).every((field) => field in value);
}

function jsonType(value: unknown, { type }: JsonSchema): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return type === "integer" && Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}
