import { describe, expect, it } from "vitest";
import { createSchemaCheck } from "../../src/judge/heuristic/compare/check-schema.ts";

const schema = {
  type: "object",
  properties: {
    city: { type: "string" },
    guests: { type: "integer", minimum: 1, maximum: 9 },
    room: { enum: ["single", "double"] },
    when: { anyOf: [{ type: "string" }, { type: "null" }] },
    tags: { type: "array", items: { type: "string" } },
    payer: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
  },
  required: ["city"],
};

/** Checks a single call. */
const checkSchema = (value: unknown, schema: object) => createSchemaCheck()(value, { ...schema });

describe("the check of arguments against a schema", () => {
  it.each<[object, string[]]>([
    [{ city: "Lisbon", guests: 2, room: "double", when: null, tags: ["sea"], payer: { name: "Ada" } }, []],
    [{}, ["city is missing"]],
    [{ city: 5 }, ["city should be string, not the number 5"]],
    [{ city: null }, ["city should be string, not null"]],
    [{ city: "L", guests: "2" }, ['guests should be integer, not the string "2"']],
    [{ city: "L", guests: 2.5 }, ["guests should be integer, not the number 2.5"]],
    [{ city: "L", guests: 0 }, ["guests is below 1"]],
    [{ city: "L", guests: 10 }, ["guests is above 9"]],
    [{ city: "L", room: "suite" }, ['room is "suite", which is not among its allowed values']],
    [{ city: "L", when: 5 }, ["when fits none of its declared forms"]],
    [{ city: "L", tags: ["a", 1] }, ["tags[1] should be string, not the number 1"]],
    [{ city: "L", payer: {} }, ["payer.name is missing"]],
    [{ city: "L", colour: "red" }, ["colour is not declared"]],
    [JSON.parse('{"city":"L","__proto__":1}'), ["__proto__ is not declared"]],
  ])("%j: %j", (value, violations) => {
    expect(checkSchema(value, schema)).toEqual(violations);
  });

  it("reads the upper-case types of Gemini, and ignores unknown keywords", () => {
    expect(checkSchema({ q: 1 }, { type: "OBJECT", properties: { q: { type: "STRING" } } })).toHaveLength(1);
    expect(checkSchema({ q: 1 }, { $ref: "#/x" })).toEqual([]);
    expect(checkSchema({ q: 1 }, { type: "object" })).toEqual([]);
    expect(checkSchema({ q: 1 }, { properties: { a: {} }, additionalProperties: true })).toEqual([]);
    expect(checkSchema({ q: 1 }, { properties: 5, required: "q", enum: {}, anyOf: 3 })).toEqual([]);
  });
});

describe("with input that a client made large", () => {
  const endless = 1_000_000;

  /** A list whose first item counts how often it is read. */
  function counted(items: unknown[]): { list: unknown[]; reads: () => number } {
    let reads = 0;
    const [first] = items;
    Object.defineProperty(items, 0, { enumerable: true, get: () => [first, ++reads][0] });
    return { list: items, reads: () => reads };
  }

  it("an enum is read once, whatever the number of calls", () => {
    const { list, reads } = counted(Array.from({ length: 5_000 }, (_, i) => `v${i}`));
    const check = createSchemaCheck();
    const enumSchema = { properties: { x: { enum: list } } };
    for (let i = 0; i < 490; i++) {
      expect(check({ x: `no ${i}` }, enumSchema)).toEqual([
        `x is "no ${i}", which is not among its allowed values`,
      ]);
    }
    expect(check({ x: "v4999" }, enumSchema)).toEqual([]);
    expect(reads()).toBeLessThan(5);
  });

  it("an enum that is far too long is not read at all", () => {
    const { list, reads } = counted(Array.from({ length: 900_000 }, (_, i) => i));
    expect(createSchemaCheck()({ x: "no" }, { properties: { x: { enum: list } } })).toEqual([]);
    expect(reads()).toBe(0);
  });

  it("arrays and objects in an enum are compared by value", () => {
    const check = createSchemaCheck();
    const enumSchema = { properties: { x: { enum: [[1, 2], { a: 1 }, null] } } };
    expect(check({ x: [1, 2] }, enumSchema)).toEqual([]);
    expect(check({ x: { a: 1 } }, enumSchema)).toEqual([]);
    expect(check({ x: null }, enumSchema)).toEqual([]);
    expect(check({ x: [2, 1] }, enumSchema)).toEqual([
      "x is an array, which is not among its allowed values",
    ]);
  });

  it("all calls together check a bounded number of values and schemas", () => {
    let checks = 0;
    const leaf = {
      get type() {
        checks++;
        return "null";
      },
    };
    const tree = (depth: number): object =>
      depth === 0 ? leaf : { anyOf: Array.from({ length: 4 }, () => tree(depth - 1)) };
    const check = createSchemaCheck();
    const large = { properties: { x: tree(8) } };
    for (let i = 0; i < 400; i++) check({ x: i }, large);
    expect(checks).toBeGreaterThan(0);
    expect(checks).toBeLessThan(endless);
  });

  it("only some of many violations are reported, and long texts are shortened", () => {
    const check = createSchemaCheck();
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`k${i}`, i]));
    expect(check(many, { properties: { a: {} } })).toHaveLength(5);
    const [violation = ""] = check({ a: "x".repeat(1e6) }, { properties: { a: { type: "integer" } } });
    expect(violation.length).toBeLessThan(200);
  });
});
