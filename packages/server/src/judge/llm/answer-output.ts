import { Output } from "ai";
import type { z } from "zod";
import type { Stage } from "../../metrics/stage.ts";
import { isStrict } from "./is-strict.ts";
import type { Traits } from "./traits.ts";

/** How a model is told the form of an answer, and how the answer is read. */
export interface AnswerOutput<Answer> {
  readonly output: ReturnType<typeof Output.object<Answer>>;
  /** Goes below the instructions, if the form has to be told in words. */
  readonly schemaInWords: string;
  /** Whether a decoder that takes only closed objects with required properties takes this schema. */
  readonly strict: boolean;
}

export async function answerOutput<Answer>(
  { name, schema }: Pick<Stage<never, Answer>, "name"> & { readonly schema: z.ZodType<Answer> },
  answerFormat: Traits["answerFormat"],
): Promise<AnswerOutput<Answer>> {
  // OpenAI takes no dots in names.
  const output = Output.object({ schema, name: name.replace(/[^\w-]/g, "_") });
  const format = await output.responseFormat;
  const jsonSchema = format?.type === "json" ? format.schema : undefined;
  return {
    output: answerFormat === "json_schema" ? output : { ...output, responseFormat: inWords(answerFormat) },
    schemaInWords: `Answer with one JSON object that is valid under this JSON schema, and with nothing else:\n${JSON.stringify(jsonSchema)}`,
    strict: isStrict(jsonSchema),
  };
}

async function inWords(answerFormat: "json_object" | "text") {
  return answerFormat === "json_object" ? { type: "json" as const } : { type: "text" as const };
}
