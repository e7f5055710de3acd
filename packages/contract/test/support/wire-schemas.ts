import { readFileSync } from "node:fs";
import { document } from "./open-api.ts";

/** A field or query parameter, as the tables of the wire format describe it. */
export interface WireField {
  /** `string`, `uuid[]`, `TraceStatus | null`, `Record<string, unknown>`, … */
  readonly type: string;
  readonly required?: boolean;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

export type WireFields = Readonly<Record<string, WireField>>;

/** The tables of the public wire format, which clients of PandaProbe's API send and expect. */
export const wire = JSON.parse(readFileSync(new URL("./wire-schemas.json", import.meta.url), "utf8")) as {
  /** By method and path. */
  readonly queries: Readonly<Record<string, WireFields>>;
  readonly schemas: Readonly<Record<string, WireFields>>;
  readonly enums: Readonly<Record<string, readonly string[]>>;
};

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly [keyword: string]: unknown;
}

const bounds = ["minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength", "default"] as const;

/** The schema that the document publishes under this name. */
export function publishedSchema(name: string): Schema | undefined {
  return document.components.schemas[name];
}

/** A published schema in the form of the tables. */
export function wireField(schema: Schema, isRequired: boolean): WireField {
  const parts = [schema, ...(schema.anyOf ?? [])];
  const found = bounds.flatMap((name) => {
    const holder = parts.find((part) => name in part);
    return holder === undefined || isImplied(name, holder[name]) ? [] : [[name, holder[name]]];
  });
  return { type: typeName(schema), ...(isRequired ? { required: true } : {}), ...Object.fromEntries(found) };
}

/** Every integer of JavaScript has these bounds. */
function isImplied(name: string, value: unknown): boolean {
  return /^(min|max)imum$/.test(name) && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER;
}

function typeName(schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeName).join(" | ");
  if (typeof schema.type === "object")
    return schema.type.map((type) => typeName({ ...schema, type })).join(" | ");
  switch (schema.type) {
    case "array":
      return `${typeName(schema.items ?? {})}[]`;
    case "object":
      return `Record<string, ${typeof schema.additionalProperties === "object" ? typeName(schema.additionalProperties) : "unknown"}>`;
    case "string":
      return schema.format ?? (schema.enum === undefined ? "string" : schema.enum.join(", "));
    default:
      return schema.type ?? "unknown";
  }
}
