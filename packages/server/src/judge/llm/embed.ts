import { embedMany } from "ai";
import type { Judge } from "../../metrics/judge.ts";
import { trimText } from "../../metrics/trim/text.ts";
import type { Call } from "../calls/caller.ts";
import { WrongShapeError } from "../calls/wrong-shape-error.ts";
import type { TextEmbeddingModel } from "../providers/provider.ts";
import { batches } from "./batches.ts";
import { readRefusal } from "./refusal.ts";
import type { Learned } from "./traits.ts";

/** Providers refuse empty texts. */
const NOTHING = "(empty)";
/** Less than this of a text says nothing about it. */
const FEWEST_CHARS = 200;

/** Embeds each distinct text once. What is too long for the model is cut in the middle, and how much is, is learned. */
export function createEmbed(
  model: TextEmbeddingModel,
  maxTextChars: Learned<number>,
  call: Call,
): Judge["embed"] {
  return async (texts, signal) => {
    const meant = texts.map((text) => (text.trim() === "" ? NOTHING : text.toWellFormed()));
    const perCall = (await model.maxEmbeddingsPerCall) ?? Number.POSITIVE_INFINITY;
    const known = new Map<string, number[]>();
    for (const batch of batches([...new Set(meant)], perCall)) {
      const dimension = known.values().next().value?.length;
      const embeddings = await call(
        (callSignal) => embedBatch(model, batch, maxTextChars, dimension, { signal, callSignal }),
        { signal },
      );
      for (const [i, text] of batch.entries()) known.set(text, embeddings[i] ?? []);
    }
    return meant.map((text) => known.get(text) ?? []);
  };
}

async function embedBatch(
  model: TextEmbeddingModel,
  batch: readonly string[],
  maxTextChars: Learned<number>,
  dimension: number | undefined,
  signals: { signal: AbortSignal; callSignal: AbortSignal },
): Promise<number[][]> {
  for (;;) {
    // Texts that were too long are cut, and sent in another call.
    signals.signal.throwIfAborted();
    const used = maxTextChars.current;
    const values = batch.map((text) => trimText(text, used));
    try {
      const { embeddings } = await embedMany({
        model,
        values,
        abortSignal: signals.callSignal,
        maxRetries: 0,
        maxParallelCalls: 1,
      });
      return checked(embeddings, values.length, dimension ?? embeddings[0]?.length ?? 0);
    } catch (error) {
      const longest = values.reduce((most, { length }) => Math.max(most, length), 0);
      if (!readRefusal(error)?.tooLong || longest / 2 < FEWEST_CHARS) throw error;
      maxTextChars.learn(used, Math.floor(longest / 2));
    }
  }
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
