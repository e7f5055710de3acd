import { embedMany } from "ai";
import type { Judge } from "../../metrics/judge.ts";
import { trimText } from "../../metrics/trim/text.ts";
import { classifyError } from "../call/classify-error.ts";
import type { Call } from "../calls/caller.ts";
import { LineUpAgain } from "../calls/line-up-again.ts";
import type { Place } from "../calls/place.ts";
import { answerKey } from "../ledger/answer-key.ts";
import type { Answer, Ledger } from "../ledger/ledger.ts";
import { type Recording, recordCall } from "../ledger/record-call.ts";
import { mostTokens } from "../prices/most-tokens.ts";
import { costUsd } from "../prices/price.ts";
import type { TextEmbeddingModel } from "../providers/provider.ts";
import { tokenCount } from "../providers/token-count.ts";
import { batches } from "./batches.ts";
import { checkVectors } from "./check-vectors.ts";
import { tokensOf } from "./tokens-of.ts";

/** Providers refuse empty texts. */
const NOTHING = "(empty)";
/** Less than this of a text says nothing about it. */
const FEWEST_CHARS = 200;

/** A model that embeds, and who it is. */
export interface Embedding extends Omit<Recording, "ledger" | "place"> {
  readonly embedding: TextEmbeddingModel;
  /** `provider/model`. */
  readonly model: string;
}

interface Batch {
  readonly texts: readonly string[];
  /** The most characters of each text that are sent. */
  readonly maxChars: number;
  /** Of the vectors that there are already, if there are any. */
  readonly dimension: number | undefined;
  /** Which try this is, from 1. */
  readonly attempt: number;
}

/**
 * Embeds each distinct text once, and none that the ledger knows. What is too long for the model is cut in the middle, for
 * that call alone.
 */
export function createEmbed(
  embeds: Embedding,
  maxTextChars: number,
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
      let maxChars = maxTextChars;
      const vectors = await call(
        async (place, { number }) => {
          signal.throwIfAborted();
          try {
            return await embedBatch(ledger, { texts: batch, maxChars, dimension, attempt: number }, place);
          } catch (error) {
            const fewer =
              classifyError(error, "").kind === "too_long" ? fewerChars(batch, maxChars) : undefined;
            if (fewer === undefined) throw error;
            maxChars = fewer;
            throw new LineUpAgain("The texts are cut.");
          }
        },
        {
          project: ledger.project,
          run: ledger.run,
          tokens: tokensOf(batch.reduce((sum, text) => sum + text.length, 0)),
          signal,
        },
      );
      for (const [i, text] of batch.entries()) known.set(text, vectors[i] ?? []);
    }
    return meant.map((text) => [...(known.get(text) ?? [])]);
  };

  async function embedBatch(
    ledger: Ledger,
    { texts, maxChars, dimension, attempt }: Batch,
    place: Place,
  ): Promise<number[][]> {
    const { embedding, model, price } = embeds;
    const values = texts.map((text) => trimText(text, maxChars));
    const mostInputTokens = mostTokens(values);
    const keys = texts.map(keyOf);
    const recorded = {
      kind: "EMBED" as const,
      model,
      settings: {},
      keys,
      attempt,
      mostInputTokens,
      mostOutputTokens: 0,
      reservedUsd: costUsd(price, mostInputTokens, 0),
    };
    return recordCall({ ...embeds, ledger, place }, recorded, async () => {
      const { embeddings, usage } = await embedMany({
        model: embedding,
        values,
        abortSignal: place.signal,
        maxRetries: 0,
        maxParallelCalls: 1,
      });
      const result = checkVectors(embeddings, values.length, dimension);
      const answers = new Map(keys.map((key, i) => [key, result[i] ?? []]));
      return { result, usage: { inputTokens: tokenCount(usage.tokens), outputTokens: 0 }, answers };
    });
  }
}

/**
 * How many characters of a text to send after more were too long; undefined where that would say nothing about it. In halves
 * of the most there ever are, so that a text is cut alike whichever texts it is sent with.
 */
function fewerChars(texts: readonly string[], maxChars: number): number | undefined {
  const longest = texts.reduce((most, { length }) => Math.max(most, length), 0);
  let fewer = maxChars / 2;
  while (fewer >= longest) fewer /= 2;
  return fewer < FEWEST_CHARS ? undefined : Math.floor(fewer);
}

function hasVector(
  entry: readonly [string, Answer | undefined],
): entry is readonly [string, readonly number[]] {
  return typeof entry[1] === "object";
}
