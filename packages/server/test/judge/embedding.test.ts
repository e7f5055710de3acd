import { describe, expect, it } from "vitest";
import type { EmbeddingsBody } from "../support/llm-question.ts";
import type { Fault, LlmServer } from "../support/llm-server.ts";
import { textEmbedding } from "../support/text-embedding.ts";
import { judgeWith } from "./support.ts";

const signal = new AbortController().signal;

function inputs(server: LlmServer): readonly EmbeddingsBody["input"][] {
  return server.requests.flatMap(({ path, body }) => (path === "/embeddings" ? [body.input] : []));
}

/** In 32-bit floats, as the ledger stores it. */
function in32Bits(text: string): number[] {
  return textEmbedding(text).map(Math.fround);
}

function embeddingsOf(vectors: readonly (readonly number[])[]): Fault {
  return { kind: "body", text: JSON.stringify({ data: vectors.map((embedding) => ({ embedding })) }) };
}

describe("embeddings", () => {
  it("are in the order of the texts, with each distinct text embedded once", async () => {
    const { server, judge } = await judgeWith();
    const texts = ["one cat", "two dogs", "one cat", "three birds", "two dogs"];
    expect(await judge.embed(texts, signal)).toEqual(texts.map(in32Bits));
    expect(inputs(server)).toEqual([["one cat", "two dogs", "three birds"]]);
    expect(server.requests[0]?.body.model).toBe("text-embedding-3-small");
  });

  it("are requested in batches", async () => {
    const { server, judge } = await judgeWith();
    const texts = Array.from({ length: 200 }, (_, i) => `text number ${i}`);
    expect(await judge.embed(texts, signal)).toEqual(texts.map(in32Bits));
    expect(inputs(server).map((input) => input.length)).toEqual([96, 96, 8]);
  });

  it("are requested in batches of bounded size", async () => {
    const { server, judge } = await judgeWith();
    await judge.embed(
      Array.from({ length: 12 }, (_, i) => `${i} `.repeat(8_000)),
      signal,
    );
    for (const input of inputs(server)) expect(input.join("").length).toBeLessThanOrEqual(200_000);
  });

  it("of empty texts are those of a placeholder", async () => {
    const { server, judge } = await judgeWith();
    const [empty, blank, full] = await judge.embed(["", " \n", "full"], signal);
    expect(empty).toEqual(blank);
    expect(empty).toHaveLength(full?.length ?? 0);
    expect(inputs(server)).toEqual([["(empty)", "full"]]);
  });

  it("of no texts cost no call", async () => {
    const { server, judge } = await judgeWith();
    expect(await judge.embed([], signal)).toEqual([]);
    expect(server.requests).toHaveLength(0);
  });

  it("are made from what fits, without splitting characters", async () => {
    const { server, judge } = await judgeWith();
    await judge.embed(["😀".repeat(20_000)], signal);
    const [[sent] = []] = inputs(server);
    expect(sent?.length).toBeLessThanOrEqual(judge.maxTextChars);
    expect(sent?.isWellFormed()).toBe(true);
  });

  it("are made from shortened texts if the model accepts less, text by text", async () => {
    const { server, judge } = await judgeWith({
      fault: ({ path, body }) =>
        path === "/embeddings" && body.input.some((text) => text.length > 4_000)
          ? {
              kind: "status",
              status: 400,
              body: { error: { message: "maximum context length is 2048 tokens" } },
            }
          : undefined,
    });
    const long = "word ".repeat(4_000);
    const medium = "other ".repeat(900);
    await judge.embed([long, medium], signal);
    const [cut, mediumCut] = inputs(server).at(-1) ?? [];
    expect(cut?.length).toBeLessThanOrEqual(4_000);
    expect(judge.maxTextChars).toBe(24_000);
    // On its own, it is cut in the same way: its embedding does not depend on the other texts.
    await judge.embed([`${medium}!`], signal);
    expect(inputs(server).at(-1)?.[0]?.length).toBe(mediumCut?.length);
  });

  it.each<[string, Fault, RegExp]>([
    ["too few", embeddingsOf([[1, 0]]), /fewer embeddings|embeddings/],
    ["of different dimensions", embeddingsOf([[1, 0], [1]]), /different dimensions/],
    ["empty", embeddingsOf([[], []]), /embeddings/],
    ["garbage", { kind: "body", text: "no" }, /not an answer of this API/],
    ["an error", { kind: "status", status: 500 }, /answered 500/],
  ])("that are wrong are asked for again, then given up with a reason: %s", async (_what, fault, message) => {
    const { server, judge } = await judgeWith({ fault: ({ n }) => (n === 1 ? fault : undefined) });
    expect(await judge.embed(["a", "b"], signal)).toEqual(["a", "b"].map(in32Bits));
    expect(server.requests).toHaveLength(2);

    const broken = await judgeWith({ fault: () => fault });
    const failed = broken.judge.embed(["a", "b"], signal);
    await expect(failed).rejects.toThrow(/^The embedding model openai\/text-embedding-3-small /);
    await expect(failed).rejects.toThrow(message);
    expect(broken.server.requests).toHaveLength(4);
  });
});
