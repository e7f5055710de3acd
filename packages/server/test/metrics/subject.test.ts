import { describe, expect, it } from "vitest";
import { renderSubject } from "../../src/metrics/subject.ts";
import { makeSubject, makeTrace } from "./support.ts";

describe("renderSubject", () => {
  it("shows what a judge needs, numbers the steps, and leaves out ids and empty values", () => {
    const { text, trimmed } = makeSubject({
      tags: ["production"],
      spans: [
        { span_id: "a", kind: "AGENT", name: "geographer", status: "OK" },
        {
          span_id: "b",
          parent_span_id: "a",
          kind: "TOOL",
          name: "look_up",
          status: "ERROR",
          input: { country: "France" },
          error: "not found",
        },
        {
          span_id: "c",
          parent_span_id: "gone",
          kind: "LLM",
          name: "chat",
          model: "some-model",
          output: "Paris",
        },
      ],
    });
    expect(trimmed).toBe(false);
    expect(JSON.parse(text)).toEqual({
      name: "agent",
      status: "COMPLETED",
      duration_ms: 2_000,
      tags: ["production"],
      input: "What is the capital of France?",
      steps: [
        { step: 1, kind: "AGENT", name: "geographer", status: "OK", at_ms: 100, duration_ms: 50 },
        {
          step: 2,
          parent: 1,
          kind: "TOOL",
          name: "look_up",
          status: "ERROR",
          at_ms: 200,
          duration_ms: 50,
          input: { country: "France" },
          error: "not found",
        },
        {
          step: 3,
          kind: "LLM",
          name: "chat",
          model: "some-model",
          at_ms: 300,
          duration_ms: 50,
          output: "Paris",
        },
      ],
      output: "The capital of France is Paris.",
    });
  });

  it("shows repetitions once: whole values, and the beginning of a growing conversation", () => {
    const long = "word ".repeat(100);
    const first = { role: "system", content: long };
    const second = { role: "user", content: "Hello" };
    const third = { role: "assistant", content: "Hi" };
    const { text } = makeSubject({
      input: { question: long },
      output: long,
      spans: [
        { kind: "AGENT", input: { question: long }, output: long },
        { kind: "LLM", input: { messages: [first, second] } },
        { kind: "LLM", input: { messages: [first, second, third] } },
      ],
    });
    const view = JSON.parse(text);
    expect(view).toMatchObject({ input: { question: long }, output: long });
    expect(view.steps).toMatchObject([
      { input: "… [as the input of the trace] …", output: "… [as the output of the trace] …" },
      { input: { messages: [first, second] } },
      { input: { messages: ["… [the first 2 items are those of the input of step 2] …", third] } },
    ]);
  });

  it("trims to the judge's context, and says so", () => {
    const { text, trimmed } = makeSubject({ output: "x".repeat(100_000) }, 5_000);
    expect(trimmed).toBe(true);
    expect(text.length).toBeLessThanOrEqual(5_000);
    expect(JSON.parse(text)).toMatchObject({
      input: "What is the capital of France?",
      output: expect.stringMatching(/^x+… \[/),
    });
  });

  it("keeps all of 500 steps of 20 kB", () => {
    const spans = Array.from({ length: 500 }, (_, i) => ({
      name: `step ${i}`,
      input: { text: `${i} `.repeat(5_000) },
    }));
    const { text } = makeSubject({ spans }, 400_000);
    expect(text.length).toBeLessThanOrEqual(400_000);
    expect(JSON.parse(text).steps).toHaveLength(500);
  });

  it("takes values nested as deeply as the API allows, and invalid dates", () => {
    let nested: unknown = "deep";
    for (let i = 0; i < 512; i++) nested = i % 2 === 0 ? [nested] : { a: nested };
    const trace = makeTrace({
      input: nested,
      output: nested,
      started_at: "never",
      spans: [{ started_at: "also never" }],
    });
    expect(renderSubject(trace, 100_000).text).toContain("deep");
    expect(renderSubject(trace, 300).text.length).toBeLessThanOrEqual(300);
  });

  it("is deterministic", () => {
    const trace = makeTrace({ spans: [{ input: { b: 1, a: 2 } }] });
    expect(renderSubject(trace, 1_000)).toEqual(renderSubject(structuredClone(trace), 1_000));
  });
});
