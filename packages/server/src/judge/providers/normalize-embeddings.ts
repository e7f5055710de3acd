import { WrongShapeError } from "./call-errors.ts";
import { isFields, normalizeUsage, tokenCount, UNKNOWN_COUNT } from "./token-count.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The body of an OpenAI-compatible list of embeddings as the AI SDK expects it: in the order of the texts, given by `index`, and
 * as numbers, even if the gateway sent base64.
 *
 * @throws WrongShapeError if an embedding belongs to no text, or two belong to the same text.
 */
export function normalizeEmbeddingsBody(body: unknown): unknown {
  if (!isFields(body) || !Array.isArray(body["data"])) return body;
  const items = body["data"].map((item) => (isFields(item) ? { ...item, embedding: toVector(item) } : item));
  const usage = normalizeUsage(body["usage"], ["prompt_tokens"]);
  return { ...body, data: inOrder(items), usage };
}

function inOrder(items: readonly unknown[]): readonly unknown[] {
  const indexes = items.map((item) => (isFields(item) ? item["index"] : undefined));
  if (indexes.every((index) => index === undefined || index === null)) return items;
  const placed: unknown[] = [];
  for (const [i, index] of indexes.entries()) {
    const isPlace =
      typeof index === "number" && Number.isInteger(index) && index >= 0 && index < items.length;
    if (!isPlace || placed[index] !== undefined) {
      throw new WrongShapeError(
        "answered with embeddings that cannot be told apart: their indexes have gaps, or repeat",
      );
    }
    placed[index] = items[i];
  }
  return placed;
}

/** 32-bit floats, little-endian. */
function toVector({ embedding }: Fields): unknown {
  if (typeof embedding !== "string") return embedding;
  const bytes = Buffer.from(embedding, "base64");
  if (bytes.length === 0 || bytes.length % 4 !== 0) return embedding;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(i * 4, true));
}

/** The body of Vertex AI's embeddings as the AI SDK expects it. */
export function normalizePredictionsBody(body: unknown): unknown {
  if (!isFields(body) || !Array.isArray(body["predictions"])) return body;
  return { ...body, predictions: body["predictions"].map(normalizePrediction) };
}

function normalizePrediction(prediction: unknown): unknown {
  if (!isFields(prediction) || !isFields(prediction["embeddings"])) return prediction;
  const { embeddings } = prediction;
  const statistics = isFields(embeddings["statistics"]) ? embeddings["statistics"] : {};
  const token_count = tokenCount(statistics["token_count"]) ?? UNKNOWN_COUNT;
  return { ...prediction, embeddings: { ...embeddings, statistics: { ...statistics, token_count } } };
}
