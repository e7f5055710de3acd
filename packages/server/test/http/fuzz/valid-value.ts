import fc from "fast-check";
import { dereferenced, type JsonSchema } from "./json-schema.ts";
import { KnownId, kindOf } from "./known-things.ts";
import { meaningfulValue } from "./meaningful.ts";

/** The place of a value: the name of its field, and the path of the operation. */
export interface Place {
  readonly field: string;
  readonly path: string;
}

/** Values that a schema of the document allows. Most make sense in their field, some are any allowed value. */
export function validValue(schema: JsonSchema, place: Place): fc.Arbitrary<unknown> {
  const { examples = [], ...known } = dereferenced(schema);
  const allowed = fromKeywords(known, place);
  const meaning = meaningfulValue(place.field, place.path);
  return fc.oneof(
    { weight: 8, arbitrary: meaning !== undefined && isPlain(known) ? meaning : allowed },
    { weight: 1, arbitrary: allowed },
    ...(examples.length === 0 ? [] : [{ weight: 1, arbitrary: fc.constantFrom(...examples) }]),
  );
}

/** Whether the schema has no fixed values, so that the server's rules decide. */
function isPlain(schema: JsonSchema): boolean {
  return schema.enum === undefined && schema.const === undefined;
}

function fromKeywords(schema: JsonSchema, place: Place): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => validValue(choice, place)));
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length === 0) return fc.jsonValue({ maxDepth: 3 });
  return fc.oneof(...types.map((type) => ofType(type, schema, place)));
}

function ofType(type: string, schema: JsonSchema, place: Place): fc.Arbitrary<unknown> {
  const { minimum: min = -1e6, maximum: max = 1e6 } = schema;
  switch (type) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.oneof(
        fc.integer({ min, max: Math.min(max, min + 20) }),
        fc.constantFrom(min, Math.min(max, Number.MAX_SAFE_INTEGER)),
      );
    case "number":
      return fc.oneof(fc.double({ min, max, noNaN: true }), fc.constantFrom(min, max));
    case "array":
      return fc.array(validValue(schema.items ?? {}, place), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, Math.max(schema.minItems ?? 0, 3)),
      });
    case "object":
      return objectValue(schema, place);
    default:
      return textValue(schema, place);
  }
}

function objectValue(schema: JsonSchema, place: Place): fc.Arbitrary<unknown> {
  const { properties, required = [], additionalProperties = true } = schema;
  if (properties === undefined) {
    const values =
      typeof additionalProperties === "object"
        ? validValue(additionalProperties, place)
        : fc.jsonValue({ maxDepth: 2 });
    return fc.dictionary(fc.oneof(fc.string({ maxLength: 8 }), fc.constant("__proto__")), values, {
      maxKeys: 3,
      noNullPrototype: true,
    });
  }
  const fields = Object.entries(properties).map(([name, property]) => {
    const value = validValue(property, { ...place, field: name }).map((item) => [[name, item] as const]);
    const absent = { weight: 2, arbitrary: fc.constant([]) };
    return required.includes(name) ? value : fc.oneof({ withCrossShrink: true }, absent, value);
  });
  return fc.tuple(...fields).map((entries) => Object.fromEntries(entries.flat()));
}

function textValue(schema: JsonSchema, place: Place): fc.Arbitrary<unknown> {
  const kind = kindOf(place.field, place.path);
  const known = kind === undefined ? undefined : fc.nat(29).map((index) => new KnownId(kind, index));
  return known === undefined
    ? freeText(schema)
    : fc.oneof({ weight: 6, arbitrary: known }, { weight: 1, arbitrary: freeText(schema) });
}

const dates = fc
  .date({ min: new Date("2026-02-01"), max: new Date("2026-04-01"), noInvalidDate: true })
  .map((date) => date.toISOString());

function freeText({ format, minLength = 0, maxLength = 40 }: JsonSchema): fc.Arbitrary<string> {
  if (format === "uuid")
    return fc.oneof(
      fc.uuid(),
      fc.uuid().map((id) => id.toUpperCase()),
    );
  if (format === "date-time") {
    return fc.oneof(
      dates,
      fc.constantFrom("2026-03-01", "2026-03-01t00:00:00+14:00", "0001-01-01", "9999-12-31T23:59:59Z"),
    );
  }
  return fc.oneof(
    fc.string({ minLength, maxLength: Math.min(maxLength, 40) }),
    // Counted by code point, and sometimes of the greatest length.
    fc.string({ unit: "binary", minLength, maxLength: Math.min(maxLength, 20) }),
    fc.constant("x".repeat(maxLength)),
  );
}
