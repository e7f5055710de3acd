import type { Ledger } from "../ledger/ledger.ts";
import type { LanguageModel, TextEmbeddingModel } from "../providers/provider.ts";
import type { Question } from "./question.ts";

/**
 * Asks a question without a queue, retries or a real model. The ledger records the call that would be made, and one of the fake
 * models below answers it.
 */
export async function callInDryRun<Result>(question: Question<Result>, ledger: Ledger): Promise<Result> {
  const known = await question.find();
  if (known !== undefined) return known.result;
  const { record, send } = question.request(undefined);
  await ledger.begin({ ...record, attempt: 1 });
  const reply = await send(new AbortController().signal);
  if (!("result" in reply)) throw new TypeError(`The fake model of the dry run ${reply.failure.what}.`);
  const { result, answers, inputTokens, outputTokens } = reply;
  const status = "ANSWERED";
  await ledger.end("", { status, latencyMs: 0, inputTokens, outputTokens, costUsd: 0, error: null, answers });
  return result;
}

/** A language model that answers with what `answer` returns. */
export function fakeLanguageModel(answer: () => Promise<unknown>): Pick<LanguageModel, "doGenerate"> {
  return {
    doGenerate: async () => ({
      content: [{ type: "text", text: JSON.stringify(await answer()) }],
      finishReason: { unified: "stop", raw: undefined },
      usage: {
        inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
        outputTokens: { total: 0, text: 0, reasoning: 0 },
      },
      warnings: [],
    }),
  };
}

/** An embedding model that embeds every text as `vector`. */
export function fakeEmbeddingModel(
  { maxEmbeddingsPerCall }: Pick<TextEmbeddingModel, "maxEmbeddingsPerCall">,
  vector: readonly number[],
): Pick<TextEmbeddingModel, "doEmbed" | "maxEmbeddingsPerCall"> {
  return {
    maxEmbeddingsPerCall,
    doEmbed: async ({ values }) => ({ embeddings: values.map(() => [...vector]), warnings: [] }),
  };
}
