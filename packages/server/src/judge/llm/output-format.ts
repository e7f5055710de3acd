import { z } from "zod";
import type { LanguageModel } from "../providers/provider.ts";
import type { EndpointTraits } from "./traits.ts";

/** What a model is told about the form of its answer. */
export interface AnswerSchema {
  readonly json: JSONSchema;
  /** Goes below the instructions where the endpoint does not take the schema itself. */
  readonly inWords: string;
  /** Whether a decoder that takes only closed objects with required properties takes it. */
  readonly isStrict: boolean;
}

type Options = Parameters<LanguageModel["doGenerate"]>[0];
type JSONSchema = Extract<NonNullable<Options["tools"]>[number], { type: "function" }>["inputSchema"];

/** Making a JSON schema costs more than everything else we do for a question. */
const known = new WeakMap<z.ZodType, AnswerSchema>();

export function answerSchema(schema: z.ZodType): AnswerSchema {
  const made = known.get(schema) ?? describe(schema);
  known.set(schema, made);
  return made;
}

function describe(schema: z.ZodType): AnswerSchema {
  // What zod types as its own kind of JSON schema is JSON schema of draft 7, as the AI SDK types it.
  const json = z.toJSONSchema(schema, { target: "draft-7", reused: "inline" }) as JSONSchema;
  return {
    json,
    inWords: `Answer with one JSON object that is valid under this JSON schema, and with nothing else:\n${JSON.stringify(json)}`,
    isStrict: isStrict(json),
  };
}

type Format = Pick<Options, "responseFormat" | "tools" | "toolChoice">;

/** The settings of a call that ask for an answer in a form. */
export function outputFormat(
  format: EndpointTraits["answerFormat"],
  stageName: string,
  { json }: AnswerSchema,
): Format {
  // OpenAI takes no dots in names.
  const name = stageName.replace(/[^\w-]/g, "_");
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
 * Whether a JSON schema keeps the rules of OpenAI's strict mode: every object is closed and requires all its properties.
 * Any other schema is sent without asking for strictness.
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
