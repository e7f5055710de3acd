import { z } from "zod";
import type { LanguageModel } from "../providers/provider.ts";
import type { EndpointTraits } from "./traits.ts";

/** The form of an answer, in the variants that endpoints support. */
export interface AnswerSchema {
  readonly json: JSONSchema;
  /** Added to the instructions if the endpoint does not support schemas. */
  readonly inWords: string;
  /** Whether the schema meets the rules of strict mode. */
  readonly isStrict: boolean;
}

type Options = Parameters<LanguageModel["doGenerate"]>[0];
type JSONSchema = Extract<NonNullable<Options["tools"]>[number], { type: "function" }>["inputSchema"];

/** Cached, because converting a schema costs more than everything else that we do for a question. */
const known = new WeakMap<z.ZodType, AnswerSchema>();

export function answerSchema(schema: z.ZodType): AnswerSchema {
  const made = known.get(schema) ?? describe(schema);
  known.set(schema, made);
  return made;
}

function describe(schema: z.ZodType): AnswerSchema {
  // zod and the AI SDK have different types for the same draft 7 schema.
  const json = z.toJSONSchema(schema, { target: "draft-7", reused: "inline" }) as JSONSchema;
  return {
    json,
    inWords: `Answer with one JSON object that is valid under this JSON schema, and with nothing else:\n${JSON.stringify(json)}`,
    isStrict: isStrict(json),
  };
}

type Format = Pick<Options, "responseFormat" | "tools" | "toolChoice">;

/** The settings of a call that request an answer format. */
export function outputFormat(
  format: EndpointTraits["answerFormat"],
  stageName: string,
  { json }: AnswerSchema,
): Format {
  // OpenAI allows no dots in names, and 64 characters.
  const name = stageName.replace(/[^\w-]/g, "_").slice(-64);
  switch (format) {
    case "json_schema":
      return { responseFormat: { type: "json", name, schema: json } };
    case "tool_call": {
      const description = "Takes the answer to the question.";
      return {
        tools: [{ type: "function", name, description, inputSchema: json }],
        toolChoice: { type: "tool", toolName: name },
      };
    }
    case "json_object":
      return { responseFormat: { type: "json" } };
    case "text":
      return { responseFormat: { type: "text" } };
  }
}

/**
 * Whether a JSON schema follows the rules of OpenAI's strict mode: every object is closed and requires all its properties.
 * Other schemas are sent without strict mode.
 */
function isStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrict);
  if (typeof schema !== "object" || schema === null) return true;
  if ("type" in schema && schema.type === "object") {
    const properties = "properties" in schema ? Object.keys(schema.properties ?? {}) : [];
    const required = "required" in schema && Array.isArray(schema.required) ? schema.required : [];
    const closed = "additionalProperties" in schema && schema.additionalProperties === false;
    if (!closed || !properties.every((property) => required.includes(property))) return false;
  }
  return Object.values(schema).every(isStrict);
}
