import { extractJsonMiddleware, wrapLanguageModel } from "ai";
import type { LanguageModel } from "../providers/provider.ts";

/**
 * The model, with what it says around its JSON left out: code fences, a greeting, the `<think>` block of a local
 * reasoning model. All our answers are objects, so that the JSON is what stands between the outermost braces.
 */
export function onlyJson(model: LanguageModel): LanguageModel {
  return wrapLanguageModel({ model, middleware: extractJsonMiddleware({ transform: outermostObject }) });
}

/** What a model says, without what it says around its JSON. */
export function outermostObject(text: string): string {
  const answer = text.replace(/^\s*<think>[\s\S]*?<\/think>/, "");
  const start = answer.indexOf("{");
  const end = answer.lastIndexOf("}");
  return start === -1 || end < start ? answer : answer.slice(start, end + 1);
}
