import { embedMany } from "ai";
import type { Price } from "../../judge-settings.ts";
import type { Judge } from "../../metrics/judge.ts";
import { trimText } from "../../metrics/trim/text.ts";
import type { Call } from "../calls/caller.ts";
import { WrongShapeError } from "../calls/wrong-shape-error.ts";
import { answerKey } from "../ledger/answer-key.ts";
import type { AnswerKey, Ledger } from "../ledger/ledger.ts";
import { recordCall } from "../ledger/record-call.ts";
import { costUsd } from "../prices/price.ts";
import type { TextEmbeddingModel } from "../providers/provider.ts";
import { batches } from "./batches.ts";
import { readRefusal } from "./refusal.ts";
import type { Learned } from "./traits.ts";

/** Providers refuse empty texts. */
const NOTHING = "(empty)";
/** Less than this of a text says nothing about it. */
const FEWEST_CHARS = 200;

/** A model that embeds, and who it is. */
export interface Embedding {
  readonly embedding: TextEmbeddingModel;
  /** `provider/model`. */
  readonly model: string;
  readonly price: Price | null;
}

interface Batch {
  readonly texts: readonly string[];
  /** Of the vectors that there are already, if there are any. */
  readonly dimension: number | undefined;
  /** Which try this is, from 1. */
  readonly attempt: number;
}

/**
 * Embeds each distinct text once, and none that the ledger knows. What is too long for the model is cut in the middle,
 * and how much is, is learned.
 */
export function createEmbed(
  embeds: Embedding,
  maxTextChars: Learned<number>,
  call: Call,
): (ledger: Ledger) => Judge["embed"] {
  const keyOf = (text: string) => answerKey({ model: embeds.model, text });
  return (ledger) => async (texts, signal) => {
    const meant = texts.map((text) => (text.trim() === "" ? NOTHING : text.toWellFormed()));
    const distinct = [...new Set(meant)];
    const found = await ledger.find(distinct.map(keyOf));
    const known = new Map(distinct.map((text) => [text, found.get(keyOf(text))] as const).filter(hasVector));
    const perCall = (await embeds.embedding.maxEmbeddingsPerCall) ?? Number.POSITIVE_INFINITY;
    const missing = distinct.filter((text) => !known.has(text));
    for (const batch of batches(missing, perCall)) {
      const dimension = known.values().next().value?.length;
      const vectors = await call(
        (callSignal, { number }) =>
          embedBatch(embeds, ledger, { texts: batch, dimension, attempt: number }, maxTextChars, callSignal),
        { signal },
      );
      for (const [i, text] of batch.entries()) known.set(text, vectors[i] ?? []);
    }
    return meant.map((text) => known.get(text) ?? []);
  };

  async function embedBatch(
    { embedding, model, price }: Embedding,
    ledger: Ledger,
    { texts, dimension, attempt }: Batch,
    limit: Learned<number>,
    abortSignal: AbortSignal,
  ): Promise<number[][]> {
    for (;;) {
      const used = limit.current;
      const values = texts.map((text) => trimText(text, used));
      const mostTokens = values.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
      const keys = texts.map(keyOf);
      const reservedUsd = costUsd(price, mostTokens, 0);
      const recorded = { kind: "EMBED" as const, model, settings: {}, keys, attempt, reservedUsd };
      try {
        return await recordCall(ledger, recorded, price, async () => {
          const { embeddings, usage } = await embedMany({
            model: embedding,
            values,
            abortSignal,
            maxRetries: 0,
            maxParallelCalls: 1,
          });
          const result = checked(embeddings, values.length, dimension ?? embeddings[0]?.length ?? 0);
          const answers = new Map<AnswerKey, unknown>(keys.map((key, i) => [key, result[i]]));
          return { result, usage: { inputTokens: usage.tokens, outputTokens: 0 }, answers };
        });
      } catch (error) {
        const longest = values.reduce((most, { length }) => Math.max(most, length), 0);
        if (!readRefusal(error)?.tooLong || longest / 2 < FEWEST_CHARS) throw error;
        limit.learn(used, Math.floor(longest / 2));
      }
    }
  }
}

function hasVector(entry: readonly [string, unknown]): entry is readonly [string, number[]] {
  return Array.isArray(entry[1]);
}

function checked(embeddings: number[][], count: number, dimension: number): number[][] {
  if (embeddings.length !== count || dimension === 0) {
    throw new WrongShapeError("answered with fewer embeddings than it was given texts");
  }
  if (embeddings.some(({ length }) => length !== dimension)) {
    throw new WrongShapeError("answered with embeddings of different dimensions");
  }
  return embeddings;
}
