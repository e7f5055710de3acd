import { trimText } from "../../metrics/trim/text.ts";
import type { CallFailure } from "../call/call-failure.ts";
import type { InFlight } from "../call/in-flight.ts";
import type { CallableModel, ModelRequest, Question, Reply } from "../call/question.ts";
import { type AnswerKey, answerKey, type Ledger } from "../ledger/ledger.ts";
import { costUsd } from "../prices/prices.ts";
import { estimateTokens, maxTokensOf } from "../prices/tokens.ts";
import { WrongShapeError } from "../providers/call-errors.ts";
import type { TextEmbeddingModel } from "../providers/provider.ts";
import { tokenCount } from "../providers/token-count.ts";

/** Providers refuse empty texts. */
const nothing = "(empty)";
/** A shorter piece would say nothing about the text. */
const minTextChars = 200;
/** Well below what any provider allows per call (OpenAI: 2,048 texts and 300,000 tokens; Gemini: 100 texts). */
const mostTexts = 96;
const mostChars = 200_000;

/** An embedding model, with everything that a call to it needs. */
export interface CallableEmbedding extends CallableModel {
  readonly embedding: Pick<TextEmbeddingModel, "doEmbed" | "maxEmbeddingsPerCall">;
  /** `provider/model`. */
  readonly name: string;
  /** The most characters of one text that are sent. */
  readonly maxTextChars: number;
}

/** Texts, and the trace that each is from. */
export interface TextsOfTraces {
  readonly texts: readonly string[];
  readonly traceIds?: readonly (string | undefined)[] | undefined;
}

type Vector = readonly number[];
/** Vectors by text. */
type Vectors = ReadonlyMap<string, Vector>;
type Call = (question: Question<Vectors>) => Promise<Vectors>;

/**
 * Embeds each distinct text once. Texts that the ledger knows or that this process is already embedding are not embedded again.
 *
 * @returns a vector for each text, in order.
 */
export async function embedTexts(
  model: CallableEmbedding,
  ledger: Ledger,
  { texts, traceIds = [] }: TextsOfTraces,
  inFlight: InFlight,
  call: Call,
  signal: AbortSignal,
): Promise<number[][]> {
  const meant = texts.map((text) => (text.trim() === "" ? nothing : text.toWellFormed()));
  const keyOf = (text: string) => answerKey({ model: model.name, text });
  const places = Map.groupBy(meant.keys(), (i) => meant[i] ?? "");
  const tracesOf = (text: string) => new Set((places.get(text) ?? []).flatMap((i) => traceIds[i] ?? []));
  const vectors = new Map<string, Vector>();
  const perCall = (await model.embedding.maxEmbeddingsPerCall) ?? Number.POSITIVE_INFINITY;
  for (;;) {
    const missing = [...new Set(meant)].filter((text) => !vectors.has(text));
    const [first] = missing;
    if (first === undefined) break;
    const free = missing.filter((text) => !inFlight.has(ledger.scope, keyOf(text)));
    if (free.length === 0) {
      await inFlight.settled(ledger.scope, keyOf(first), signal);
      continue;
    }
    using _asking = inFlight.add(ledger.scope, free.map(keyOf));
    for (const batch of batches(free, perCall)) {
      const dimension: number | undefined = vectors.values().next().value?.length;
      const embedded = await call(embeddingQuestion(model, ledger, batch, { keyOf, tracesOf }, dimension));
      for (const [text, vector] of embedded) vectors.set(text, vector);
    }
  }
  return meant.map((text) => [...(vectors.get(text) ?? [])]);
}

/**
 * A batch of texts as a question to an embedding model.
 *
 * @param dimension of the vectors of earlier batches, if there are any.
 */
function embeddingQuestion(
  model: CallableEmbedding,
  ledger: Ledger,
  texts: readonly string[],
  { keyOf, tracesOf }: { keyOf(text: string): AnswerKey; tracesOf(text: string): Iterable<string> },
  dimension: number | undefined,
): Question<Vectors> {
  const known = new Map<string, Vector>();
  let { maxTextChars } = model;

  return {
    id: keyOf(texts[0] ?? ""),
    about: undefined,
    aboutId: keyOf(texts[0] ?? ""),
    estimatedTokens: estimateTokens(texts.reduce((sum, text) => sum + text.length, 0)),

    async find() {
      const missing = texts.filter((text) => !known.has(text));
      const found = await ledger.find(new Map(missing.map((text) => [keyOf(text), tracesOf(text)])));
      for (const text of missing) {
        const vector = found.get(keyOf(text));
        if (typeof vector === "object") known.set(text, vector);
      }
      return known.size === texts.length ? { result: known } : undefined;
    },

    request(): ModelRequest<Vectors> {
      const sent = texts.filter((text) => !known.has(text));
      const values = sent.map((text) => trimText(text, maxTextChars));
      const maxInputTokens = maxTokensOf(values);
      return {
        record: {
          kind: "EMBED",
          model: model.name,
          settings: {},
          keys: sent.map(keyOf),
          maxInputTokens,
          maxOutputTokens: 0,
          reservedUsd: costUsd(model.price, maxInputTokens, 0),
        },
        async send(signal): Promise<Reply<Vectors>> {
          const { embeddings, usage } = await model.embedding.doEmbed({ values, abortSignal: signal });
          const expected = dimension ?? known.values().next().value?.length;
          const vectors = checkVectors(embeddings, sent.length, expected);
          const embedded = sent.map((text, i) => [text, vectors[i] ?? []] as const);
          return {
            inputTokens: tokenCount(usage?.tokens),
            outputTokens: 0,
            result: new Map([...known, ...embedded]),
            answers: new Map(embedded.map(([text, vector]) => [keyOf(text), vector])),
          };
        },
      };
    },

    /** Cuts the middle of texts that are too long. */
    adapt({ kind }: CallFailure): boolean {
      const fewer = kind === "too_long" ? fewerChars(texts, maxTextChars) : undefined;
      if (fewer === undefined) return false;
      maxTextChars = fewer;
      return true;
    },
  };
}

/**
 * The next smaller size for texts that were too long; undefined if it would be too small. Always a power-of-two fraction of the
 * same number, so that a text is cut to the same length whichever texts it is sent with.
 */
function fewerChars(texts: readonly string[], maxChars: number): number | undefined {
  const longest = texts.reduce((most, { length }) => Math.max(most, length), 0);
  let fewer = maxChars / 2;
  while (fewer >= longest) fewer /= 2;
  return fewer < minTextChars ? undefined : Math.floor(fewer);
}

/** The texts in order, in as few batches as the limits of a call allow. */
function batches(texts: readonly string[], perCall: number): string[][] {
  const most = Math.min(perCall, mostTexts);
  const groups: string[][] = [];
  let group: string[] = [];
  let chars = 0;
  for (const text of texts) {
    if (group.length > 0 && (group.length >= most || chars + text.length > mostChars)) {
      groups.push(group);
      group = [];
      chars = 0;
    }
    group.push(text);
    chars += text.length;
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

/**
 * Checks the vectors of `count` texts, and rounds them to 32-bit floats, so that they equal what the ledger will return.
 *
 * @param dimension of the vectors of earlier batches, if there are any.
 * @throws WrongShapeError if they cannot be the vectors of these texts.
 */
function checkVectors(
  vectors: readonly (readonly number[])[],
  count: number,
  dimension = vectors[0]?.length ?? 0,
): number[][] {
  if (vectors.length !== count || dimension === 0) {
    throw new WrongShapeError(`answered with ${vectors.length} embeddings of ${count} texts`);
  }
  return vectors.map((vector) => {
    if (vector.length !== dimension)
      throw new WrongShapeError("answered with embeddings of different dimensions");
    const rounded = vector.map(Math.fround);
    if (!rounded.every(Number.isFinite))
      throw new WrongShapeError("answered with an embedding that is not all numbers");
    // A zero vector has no direction to compare.
    if (rounded.every((value) => value === 0))
      throw new WrongShapeError("answered with an embedding of only zeros");
    return rounded;
  });
}
