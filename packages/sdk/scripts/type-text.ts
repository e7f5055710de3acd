/** As much of JSON Schema as the contract's components use. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly description?: string;
  readonly default?: unknown;
}

/** One member of an interface. */
export interface Member {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly description: string | undefined;
}

/** A named schema as a TypeScript declaration: an interface, or an alias for anything but an object. */
export function declaration(name: string, schema: JsonSchema): string {
  const { properties, required = [] } = schema;
  if (properties === undefined) {
    return `${comment(schema.description, undefined, "")}export type ${name} = ${typeText(schema)};\n`;
  }
  const members = Object.entries(properties).map(([key, property]) => ({
    name: key,
    schema: property,
    required: required.includes(key),
    description: property.description,
  }));
  return interfaceText(name, schema.description, members);
}

export function interfaceText(
  name: string,
  description: string | undefined,
  members: readonly Member[],
): string {
  const lines = members.map(({ name: key, schema, required, description: text }) => {
    // zod's optional fields take an explicit `undefined` as well, which exactOptionalPropertyTypes tells apart.
    const type = typeText(schema);
    const field = required ? `${key}: ${type};` : `${key}?: ${withUndefined(type)};`;
    return `${comment(text, schema.default, "  ")}  ${field}\n`;
  });
  return `${comment(description, undefined, "")}export interface ${name} {\n${lines.join("")}}\n`;
}

/** A schema as a TypeScript type. */
export function typeText(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)));
  if (schema.anyOf !== undefined) return union(schema.anyOf.map(typeText));
  if (schema.oneOf !== undefined) return union(schema.oneOf.map(typeText));
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeText({ ...schema, type })));
  switch (schema.type) {
    case "string":
    case "boolean":
    case "null":
      return schema.type;
    case "number":
    case "integer":
      return "number";
    case "array":
      return arrayText(typeText(schema.items ?? {}));
    case "object":
      return recordText(schema);
    case undefined:
      return "unknown";
    default:
      throw new Error(`No TypeScript for the JSON Schema ${JSON.stringify(schema)}.`);
  }
}

function recordText({ properties, additionalProperties }: JsonSchema): string {
  if (properties !== undefined)
    throw new Error("An object inside another needs a name: give it `.meta({ id })`.");
  const values = typeof additionalProperties === "object" ? typeText(additionalProperties) : "unknown";
  return `Record<string, ${values}>`;
}

function arrayText(item: string): string {
  return item.includes(" ") ? `(${item})[]` : `${item}[]`;
}

function union(types: readonly string[]): string {
  return types.includes("unknown") ? "unknown" : [...new Set(types)].join(" | ");
}

function withUndefined(type: string): string {
  return type === "unknown" ? type : `${type} | undefined`;
}

function comment(description: string | undefined, defaultValue: unknown, indent: string): string {
  const lines = [
    ...(description === undefined ? [] : [description]),
    ...(defaultValue === undefined ? [] : [`@defaultValue \`${JSON.stringify(defaultValue)}\``]),
  ];
  const [first, ...rest] = lines;
  if (first === undefined) return "";
  if (rest.length === 0) return `${indent}/** ${first} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join("")}${indent} */\n`;
}
