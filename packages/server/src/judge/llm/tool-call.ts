import { wrapLanguageModel } from "ai";
import type { LanguageModel } from "../providers/provider.ts";

/**
 * The model, asked for its answer as the arguments of a call of a tool that takes the schema: what endpoints understand
 * that know no `response_format`.
 */
export function answeringByToolCall(language: LanguageModel): LanguageModel {
  return wrapLanguageModel({
    model: language,
    middleware: {
      specificationVersion: "v4",
      transformParams: async ({ params }) => {
        const { responseFormat, ...rest } = params;
        if (responseFormat?.type !== "json" || responseFormat.schema === undefined) return params;
        const name = responseFormat.name ?? "answer";
        return {
          ...rest,
          tools: [
            {
              type: "function",
              name,
              description: "Takes the answer to the question.",
              inputSchema: responseFormat.schema,
            },
          ],
          toolChoice: { type: "tool", toolName: name },
        };
      },
    },
  });
}
