import { embeddingsAnswer } from "../llm-answer.ts";
import { textEmbedding } from "../text-embedding.ts";
import { type Behaviour, type Behaviours, body } from "./behaviour.ts";

interface Item {
  readonly index?: unknown;
  readonly embedding: unknown;
}

interface Answer {
  readonly data: readonly Item[];
  readonly usage: unknown;
}

/** A model with unusual lists of embeddings. */
function embeds(change: (answer: Answer) => object): Behaviour {
  return (call) => {
    if (call.kind !== "embeddings") return undefined;
    const answer = embeddingsAnswer(call.request.body, textEmbedding, { input: 10, output: 0 });
    return body({ ...answer, ...change(answer as Answer) });
  };
}

function items(change: (item: Item, i: number, all: readonly Item[]) => Item): Behaviour {
  return embeds(({ data }) => ({ data: data.map(change) }));
}

function vector(change: (vector: number[]) => unknown): Behaviour {
  return items((item, i, all) =>
    i === all.length - 1 ? { ...item, embedding: change(item.embedding as number[]) } : item,
  );
}

/** Unusual embeddings. */
export const embeddings: Behaviours = {
  "embeds-reversed": embeds(({ data }) => ({ data: data.toReversed() })),
  "embeds-without-index": items(({ embedding }) => ({ embedding })),
  "embeds-base64": items((item) => ({
    ...item,
    embedding: Buffer.from(new Float32Array(item.embedding as number[]).buffer).toString("base64"),
  })),
  "embeds-gap": items((item, i) => ({ ...item, index: i + 1 })),
  "embeds-duplicate": items((item) => ({ ...item, index: 0 })),
  "embeds-some-indexes": items(({ embedding, index }, i) => (i === 0 ? { embedding } : { embedding, index })),
  "embeds-null": vector(([_first, ...rest]) => [null, ...rest]),
  "embeds-no-vector": vector(() => null),
  "embeds-too-large-numbers": vector(([_first, ...rest]) => [1e300, ...rest]),
  "embeds-other-dimension": vector((numbers) => numbers.slice(1)),
  "embeds-zeros": vector((numbers) => numbers.map(() => 0)),
  "embeds-too-few": embeds(({ data }) => ({
    data: data.slice(1).map((item, index) => ({ ...item, index })),
  })),
  /** Returns no vector for a text that contains POISON. */
  "embeds-poison": (call) =>
    call.text.includes("POISON")
      ? items((item, i) =>
          String((call.request.body as { input?: unknown[] }).input?.[i]).includes("POISON")
            ? { ...item, embedding: null }
            : item,
        )(call)
      : undefined,
  "embeds-counts-text": embeds(() => ({ usage: { prompt_tokens: "10.4", total_tokens: "10" } })),
  "embeds-counts-missing": embeds(() => ({ usage: {} })),
  "embeds-counts-negative": embeds(() => ({ usage: { prompt_tokens: -3 } })),
};
