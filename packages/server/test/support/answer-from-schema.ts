/** The parts of JSON Schema that an answer is generated from. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
}

/**
 * A valid answer to a JSON schema, always the same: numbers are 0.8 or as close as allowed, enums their first value,
 * texts are short, and lists as short as allowed but not empty.
 */
export function answerFromSchema(schema: Schema): unknown {
  const [choice] = schema.anyOf ?? [];
  if (choice !== undefined) return answerFromSchema(choice);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  switch (typeof schema.type === "object" ? schema.type[0] : schema.type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, property]) => [name, answerFromSchema(property)]),
      );
    case "array":
      return Array.from({ length: Math.max(schema.minItems ?? 0, 1) }, () =>
        answerFromSchema(schema.items ?? {}),
      );
    case "number":
      return Math.min(schema.maximum ?? 0.8, Math.max(schema.minimum ?? 0.8, 0.8));
    case "integer":
      return Math.max(schema.minimum ?? 1, 1);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return "An answer of the test server.";
  }
}
