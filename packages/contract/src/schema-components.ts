import { z } from "zod";

export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  minimum?: number;
  maximum?: number;
  examples?: unknown[];
  [keyword: string]: unknown;
}

/** Whether a part of a ts-rest route is a zod schema. It may also be `noBody` or another kind of response. */
export function isSchema(value: unknown): value is z.ZodType {
  return value instanceof z.ZodType;
}

/** Converts zod schemas to JSON Schema, and collects the named ones as OpenAPI components. */
export class SchemaComponents {
  readonly #schemas = new Map<string, JsonSchema>();
  /** Cached: most operations share their problems, and many their bodies. */
  readonly #converted = { input: new Map<z.ZodType, JsonSchema>(), output: new Map<z.ZodType, JsonSchema>() };

  all(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /**
   * @throws Error if two schemas have the same name. A schema whose input and output differ (a field with a default is
   * optional only in the input) cannot be used for both: the input needs a name of its own.
   */
  convert(schema: z.ZodType, io: "input" | "output"): JsonSchema {
    const known = this.#converted[io].get(schema);
    if (known !== undefined) return known;
    const converted = this.#convert(schema, io);
    this.#converted[io].set(schema, converted);
    return converted;
  }

  #convert(schema: z.ZodType, io: "input" | "output"): JsonSchema {
    const {
      $defs = {},
      $schema: _,
      ...root
    } = z.toJSONSchema(schema, { io, unrepresentable: "any", override: keepMeta }) as JsonSchema & {
      $defs?: Record<string, JsonSchema>;
    };
    const id = z.globalRegistry.get(schema)?.id;
    if (id !== undefined) $defs[id] ??= root;
    for (const [name, { id: _id, ...definition }] of Object.entries($defs))
      this.#add(name, rewriteReferences(definition));
    return id === undefined ? rewriteReferences(root) : { $ref: componentPath(id) };
  }

  #add(name: string, definition: JsonSchema): void {
    const existing = this.#schemas.get(name);
    if (existing !== undefined && JSON.stringify(existing) !== JSON.stringify(definition)) {
      throw new Error(`Two schemas have the name ${name}.`);
    }
    this.#schemas.set(name, definition);
  }
}

/** Defaults and examples describe the input, which zod drops for schemas that transform it. */
function keepMeta({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodType;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  const { default: described, examples } = z.globalRegistry.get(zodSchema) ?? {};
  const fallback = described ?? (zodSchema instanceof z.ZodDefault ? zodSchema.def.defaultValue : undefined);
  if (fallback != null) jsonSchema.default ??= fallback;
  if (Array.isArray(examples)) jsonSchema.examples ??= examples;
}

function componentPath(name: string): string {
  return `#/components/schemas/${name}`;
}

function rewriteReferences(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value) =>
    key === "$ref" && typeof value === "string" ? componentPath(value.replace("#/$defs/", "")) : value,
  );
}
