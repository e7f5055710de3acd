import { wrapLanguageModel } from "ai";
import { mostTokens } from "../prices/most-tokens.ts";
import { costUsd } from "../prices/price.ts";
import type { LanguageModel } from "../providers/provider.ts";
import { tokenCount } from "../providers/token-count.ts";
import type { AnswerKey } from "./ledger.ts";
import { type Recording, recordCall, type Usage } from "./record-call.ts";

export interface RecordedQuestion extends Recording {
  /** `provider/model`. */
  readonly model: string;
  /** What the question is known by, however it is put. */
  readonly key: AnswerKey;
  /** Which try of the question this is, from 1. */
  readonly attempt: number;
  /** The most tokens of the answer, as the provider is told. */
  readonly outputLimit: number;
  /** Whether a text is an answer to the question; only such a one is kept. */
  readonly accepts: (text: string) => boolean;
}

/** The model, whose calls are recorded. */
export function recordedLanguage(language: LanguageModel, question: RecordedQuestion): LanguageModel {
  const { price, model, key, attempt, outputLimit, accepts } = question;
  return wrapLanguageModel({
    model: language,
    middleware: {
      specificationVersion: "v4",
      async wrapGenerate({ doGenerate, params }) {
        const { prompt, responseFormat, temperature, providerOptions } = params;
        const settings = { temperature, outputLimit, providerOptions, format: responseFormat?.type };
        const mostInputTokens = mostTokens([prompt, responseFormat]);
        const call = {
          kind: "ASK" as const,
          model,
          settings,
          keys: [key],
          attempt,
          mostInputTokens,
          mostOutputTokens: outputLimit,
          reservedUsd: costUsd(price, mostInputTokens, outputLimit),
        };
        return recordCall(question, call, async () => {
          const result = await doGenerate();
          const text = result.content.map((part) => (part.type === "text" ? part.text : "")).join("");
          const answers = new Map(accepts(text) ? [[key, text]] : []);
          return { result, usage: usageOf(result.usage), answers };
        });
      },
    },
  });
}

type GenerateResult = Awaited<ReturnType<LanguageModel["doGenerate"]>>;

function usageOf({ inputTokens, outputTokens }: GenerateResult["usage"]): Usage {
  return { inputTokens: tokenCount(inputTokens.total), outputTokens: tokenCount(outputTokens.total) };
}

const noTokens = {
  inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 0, text: 0, reasoning: 0 },
};

/** What a model that costs nothing gives back where it says this. */
export function saying(text: string): GenerateResult {
  return {
    content: [{ type: "text", text }],
    finishReason: { unified: "stop", raw: undefined },
    usage: noTokens,
    warnings: [],
  };
}
