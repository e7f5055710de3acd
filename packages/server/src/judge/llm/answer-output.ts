import { Output } from "ai";
import type { z } from "zod";
import { isStrict } from "./is-strict.ts";
import type { EndpointTraits } from "./traits.ts";

/** The stage of a question, as far as its answer goes. */
interface Answered<Answer> {
  readonly name: string;
  readonly schema: z.ZodType<Answer>;
}

/** How a model is told the form of an answer, and how the answer is read. */
export interface AnswerOutput<Answer> {
  readonly output: ReturnType<typeof Output.object<Answer>>;
  /** Goes below the instructions, if the form has to be told in words. */
  readonly schemaInWords: string;
  /** Whether a decoder that takes only closed objects with required properties takes this schema. */
  readonly strict: boolean;
}

/** By schema: turning one into JSON Schema costs more than all the rest that we do for a question. */
const known = new WeakMap<z.ZodType, unknown>();

export async function answerOutput<Answer>(
  { name, schema }: Answered<Answer>,
  answerFormat: EndpointTraits["answerFormat"],
): Promise<AnswerOutput<Answer>> {
  // What is kept under a schema was made from it.
  const made = (known.get(schema) as Promise<AnswerOutput<Answer>> | undefined) ?? make(schema);
  known.set(schema, made);
  const { output, ...rest } = await made;
  return { ...rest, output: { ...output, responseFormat: inFormat(answerFormat, name, output) } };
}

async function make<Answer>(schema: z.ZodType<Answer>): Promise<AnswerOutput<Answer>> {
  const output = Output.object({ schema });
  const jsonSchema = jsonSchemaOf(await output.responseFormat);
  const schemaInWords = `Answer with one JSON object that is valid under this JSON schema, and with nothing else:\n${JSON.stringify(jsonSchema)}`;
  return { output, schemaInWords, strict: isStrict(jsonSchema) };
}

async function inFormat(
  answerFormat: EndpointTraits["answerFormat"],
  name: string,
  { responseFormat }: AnswerOutput<unknown>["output"],
): Promise<ResponseFormat> {
  if (answerFormat === "text") return { type: "text" };
  if (answerFormat === "json_object") return { type: "json" };
  const schema = jsonSchemaOf(await responseFormat);
  // OpenAI takes no dots in names.
  return { type: "json", name: name.replace(/[^\w-]/g, "_"), ...(schema && { schema }) };
}

type ResponseFormat = Awaited<AnswerOutput<unknown>["output"]["responseFormat"]>;

function jsonSchemaOf(format: ResponseFormat) {
  return format?.type === "json" ? format.schema : undefined;
}
