import { describe, expect, test } from "vitest";
import type { JsonSchema } from "../src/schema-components.ts";
import { document } from "./support/open-api.ts";

/** The places inside a schema that a client could fill without limit. */
function unlimited(schema: JsonSchema, place: string, seen = new Set<string>()): string[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
    const target = document.components.schemas[name];
    if (target === undefined) throw new Error(`There is no schema ${name}.`);
    return seen.has(name) ? [] : unlimited(target, place, new Set([...seen, name]));
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.flatMap((choice) => unlimited(choice, place, seen));
  if (schema["x-max-bytes"] !== undefined || schema.enum !== undefined || schema.const !== undefined)
    return [];
  const { properties = {}, items, additionalProperties } = schema;
  const inside = [
    ...Object.entries(properties).flatMap(([name, inner]) => unlimited(inner, `${place}.${name}`, seen)),
    ...(items === undefined ? [] : unlimited(items, `${place}[]`, seen)),
  ];
  return isLimited(schema, additionalProperties) ? inside : [place, ...inside];
}

function isLimited(schema: JsonSchema, additionalProperties: unknown): boolean {
  const types = [schema.type].flat();
  if (types[0] === undefined) return false;
  return types.every((type) => {
    switch (type) {
      case "string":
        return schema["maxLength"] !== undefined || schema.format === "uuid";
      case "array":
        return schema["maxItems"] !== undefined;
      case "object":
        // Unknown fields of an object with known ones are dropped or refused.
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

describe("everything that a client sends is limited", () => {
  test.each(operations)("$id", ({ operation: { parameters = [], requestBody } }) => {
    const inUrl = parameters
      // A server accepts 16 kB of headers.
      .filter((parameter) => parameter.in !== "header")
      .flatMap(({ name, schema }) => unlimited(schema, name));
    const inBody = Object.values(requestBody?.content ?? {}).flatMap(({ schema }) =>
      unlimited(schema, "body"),
    );
    expect([...inUrl, ...inBody]).toEqual([]);
  });

  test.each<[string, JsonSchema]>([
    ["a string", { type: "string" }],
    ["an array", { type: "array", items: { type: "boolean" } }],
    ["a string in an array", { type: "array", maxItems: 3, items: { type: "string" } }],
    ["a record", { type: "object", additionalProperties: { type: "number" } }],
    [
      "a record with keys of unlimited length",
      { type: "object", additionalProperties: {}, maxProperties: 5 },
    ],
    ["anything", {}],
    ["one of two", { anyOf: [{ type: "null" }, { type: "string" }] }],
  ])("and this test notices a missing limit: %s", (_, schema) => {
    expect(unlimited({ type: "object", properties: { it: schema } }, "body")).toHaveLength(1);
  });
});
