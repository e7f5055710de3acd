import { describe, expect, it } from "vitest";
import { checkSchema } from "../../src/judge/heuristic/compare/check-schema.ts";

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

describe("checkSchema", () => {
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

  it("reads the upper-case types of Gemini, and lets pass what it does not know", () => {
    expect(checkSchema({ q: 1 }, { type: "OBJECT", properties: { q: { type: "STRING" } } })).toHaveLength(1);
    expect(checkSchema({ q: 1 }, { $ref: "#/x" })).toEqual([]);
    expect(checkSchema({ q: 1 }, { type: "object" })).toEqual([]);
    expect(checkSchema({ q: 1 }, { properties: { a: {} }, additionalProperties: true })).toEqual([]);
    expect(checkSchema({ q: 1 }, { properties: 5, required: "q", enum: {}, anyOf: 3 })).toEqual([]);
  });
});
