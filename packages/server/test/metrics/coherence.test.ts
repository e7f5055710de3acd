import { describe, expect, it } from "vitest";
import { coherence } from "../../src/metrics/coherence.ts";
import { calm, makeSubject, scriptJudge } from "./support.ts";

describe("coherence", () => {
  it("is the cosine of input and output", async () => {
    const judge = scriptJudge({}, { question: [1, 0], answer: [0.6, 0.8] });
    const { score, metadata } = await coherence.evaluate(
      makeSubject({ input: "question", output: "answer" }),
      judge,
      calm,
    );
    expect(score).toBeCloseTo(0.6, 10);
    expect(metadata).toEqual({ coherence_gap: 0.4 });
  });

  it("is 0 for a negative cosine", async () => {
    const judge = scriptJudge({}, { question: [1, 0], answer: [-1, 0] });
    const { score, metadata } = await coherence.evaluate(
      makeSubject({ input: "question", output: "answer" }),
      judge,
      calm,
    );
    expect(score).toBe(0);
    expect(metadata).toEqual({ coherence_gap: 2 });
  });

  it("embeds values other than text as compact JSON", async () => {
    const judge = scriptJudge({});
    await coherence.evaluate(makeSubject({ input: { q: [1, "é"] }, output: 0 }), judge, calm);
    expect(judge.embedded).toEqual([['{"q":[1,"é"]}', "0"]]);
  });

  it("embeds the text of the turn, in whatever form it was recorded", async () => {
    const asked = { role: "user", content: "question" };
    const forms = [
      ["question", "answer"],
      [{ question: "question" }, { answer: "answer" }],
      [
        { messages: [{ role: "system", content: "Be brief." }, asked] },
        { role: "assistant", content: "answer" },
      ],
      [
        [{ role: "user", content: "earlier" }, { role: "assistant", content: "before" }, asked],
        {
          messages: [
            asked,
            { role: "assistant", content: null, tool_calls: [] },
            { role: "assistant", content: "answer" },
          ],
        },
      ],
    ];
    const judge = scriptJudge({});
    for (const [input, output] of forms)
      await coherence.evaluate(makeSubject({ input, output }), judge, calm);
    expect(judge.embedded).toEqual(forms.map(() => ["question", "answer"]));
  });

  it.each([
    [null, "answer"],
    ["question", null],
    ["", "answer"],
  ])("has nothing to compare: %j → %j", async (input, output) => {
    const judge = scriptJudge({});
    const { score, metadata, notApplicable } = await coherence.evaluate(
      makeSubject({ input, output }),
      judge,
      calm,
    );
    expect(score).toBe(1);
    expect(metadata).toEqual({ coherence_gap: 0 });
    expect(notApplicable).toBe("empty_input_or_output");
    expect(judge.embedded).toEqual([]);
  });

  it("cuts the middle of a text that is too long to embed, and says so", async () => {
    const judge = scriptJudge({});
    const { metadata } = await coherence.evaluate(
      makeSubject({ output: `start${"x".repeat(5_000)}end` }),
      judge,
      calm,
    );
    const [, output] = judge.embedded[0] ?? [];
    expect(output?.length).toBeLessThanOrEqual(judge.maxTextChars);
    expect(output).toMatch(/^startx+… \[4,\d{3} characters left out\] …x+end$/);
    expect(metadata).toMatchObject({ trimmed: true });
  });
});
