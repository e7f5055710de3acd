import { describe, expect, test } from "vitest";
import type { JsonSchema } from "../src/schema-components.ts";
import { document } from "./support/open-api.ts";

/** Every schema inside one that a client may fill without end, by its place. */
function endless(schema: JsonSchema, place: string, seen = new Set<string>()): string[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
    const target = document.components.schemas[name];
    if (target === undefined) throw new Error(`Nothing is called ${name}.`);
    return seen.has(name) ? [] : endless(target, place, new Set([...seen, name]));
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.flatMap((choice) => endless(choice, place, seen));
  if (schema["x-max-bytes"] !== undefined || schema.enum !== undefined || schema.const !== undefined)
    return [];
  const { properties = {}, items, additionalProperties } = schema;
  const inside = [
    ...Object.entries(properties).flatMap(([name, inner]) => endless(inner, `${place}.${name}`, seen)),
    ...(items === undefined ? [] : endless(items, `${place}[]`, seen)),
  ];
  return endsByItself(schema, additionalProperties) ? inside : [place, ...inside];
}

function endsByItself(schema: JsonSchema, additionalProperties: unknown): boolean {
  const types = [schema.type].flat();
  if (types[0] === undefined) return false;
  return types.every((type) => {
    switch (type) {
      case "string":
        return schema["maxLength"] !== undefined || schema.format === "uuid";
      case "array":
        return schema["maxItems"] !== undefined;
      case "object":
        // What an object with known fields holds besides them is dropped, or refused.
        return (
          (schema.properties !== undefined && typeof additionalProperties !== "object") ||
          (schema["maxProperties"] !== undefined && schema["propertyNames"] !== undefined)
        );
      default:
        return true;
    }
  });
}

interface Described {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
}

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    id: `${method.toUpperCase()} ${path}`,
    operation: operation as Described,
  })),
);

describe("what a client sends has an end", () => {
  test.each(operations)("$id", ({ operation: { parameters = [], requestBody } }) => {
    const inUrl = parameters
      // A server takes 16 kB of headers.
      .filter((parameter) => parameter.in !== "header")
      .flatMap(({ name, schema }) => endless(schema, name));
    const inBody = Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => endless(schema, "body"));
    expect([...inUrl, ...inBody]).toEqual([]);
  });

  test.each<[string, JsonSchema]>([
    ["a string", { type: "string" }],
    ["an array", { type: "array", items: { type: "boolean" } }],
    ["a string in an array", { type: "array", maxItems: 3, items: { type: "string" } }],
    ["a record", { type: "object", additionalProperties: { type: "number" } }],
    ["a record whose keys have no end", { type: "object", additionalProperties: {}, maxProperties: 5 }],
    ["anything", {}],
    ["one of two", { anyOf: [{ type: "null" }, { type: "string" }] }],
  ])("which this test sees missing on %s", (_, schema) => {
    expect(endless({ type: "object", properties: { it: schema } }, "body")).toHaveLength(1);
  });
});
