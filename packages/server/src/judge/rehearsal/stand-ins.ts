import { wrapEmbeddingModel, wrapLanguageModel } from "ai";
import { saying } from "../ledger/recorded-language.ts";
import type { LanguageModel, TextEmbeddingModel } from "../providers/provider.ts";

/** What stands for any vector in a rehearsal, where only the number of calls and texts counts. */
export const anyVector: readonly number[] = [1];

/** The model, which is not called: somebody else answers. */
export function languageStandIn(model: LanguageModel, answer: () => Promise<unknown>): LanguageModel {
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: "v4",
      wrapGenerate: async () => saying(JSON.stringify(await answer())),
    },
  });
}

/** The model, which is not called: every text is embedded alike. */
export function embeddingStandIn(model: TextEmbeddingModel): TextEmbeddingModel {
  return wrapEmbeddingModel({
    model,
    middleware: {
      specificationVersion: "v4",
      wrapEmbed: async ({ params: { values } }) => ({
        embeddings: values.map(() => [...anyVector]),
        warnings: [],
      }),
    },
  });
}
