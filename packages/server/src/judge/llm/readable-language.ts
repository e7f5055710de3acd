import { wrapLanguageModel } from "ai";
import type { z } from "zod";
import type { LanguageModel } from "../providers/provider.ts";
import { readAnswer } from "./read-answer.ts";

type GenerateResult = Awaited<ReturnType<LanguageModel["doGenerate"]>>;

/** The model, whose answer is its bare JSON, wherever it gave it and whatever it said around it. */
export function readableLanguage(model: LanguageModel, schema: z.ZodType, shown: string): LanguageModel {
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: "v4",
      async wrapGenerate({ doGenerate }) {
        const { structuredOutputText: _, ...result } = await doGenerate();
        const { unified, raw } = result.finishReason;
        const text = answerText(result.content);
        const read = readAnswer(schema, text, { shown, cut: unified === "length" });
        if ("answer" in read) {
          return {
            ...result,
            ...saying(JSON.stringify(read.answer)),
            finishReason: { unified: "stop", raw },
          };
        }
        // The library tells a cut answer from none by its text, which may have been reasoning alone.
        return { ...result, ...saying(unified === "length" ? text || " " : text) };
      },
    },
  });
}

function saying(text: string): Pick<GenerateResult, "content"> {
  return { content: text === "" ? [] : [{ type: "text", text }] };
}

/**
 * What a model says for an answer: its text, the arguments of the tools that it calls, whatever they are called; where it
 * says nothing, what it thought, for some gateways put the answer there.
 */
export function answerText(content: GenerateResult["content"]): string {
  const text = content.map((part) => (part.type === "text" ? part.text : "")).join("");
  const calls = content.flatMap((part) => (part.type === "tool-call" ? [part.input] : []));
  if (calls.length > 0) return [...(text.includes("{") ? [text] : []), ...calls].join("\n");
  if (text.trim() !== "") return text;
  return content.map((part) => (part.type === "reasoning" ? part.text : "")).join("\n");
}
