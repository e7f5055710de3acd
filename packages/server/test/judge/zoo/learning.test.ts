/** @module-tag slow */
import { describe, expect, it, test } from "vitest";
import { createJudges } from "../../../src/judge/judges.ts";
import { type Answer, type Ledger, noLedger } from "../../../src/judge/ledger/ledger.ts";
import { createLearned } from "../../../src/judge/llm/traits.ts";
import { useZoo } from "../../support/gateway-zoo/zoo.ts";
import { askTask, settingsWith, subjectWith } from "../support.ts";

const answered = { task: expect.any(String) };
const long = { input: "Which words? ".repeat(3_000) };

/** An in-memory ledger that several judges share like processes. */
function sharedLedger(): Ledger & { readonly answers: ReadonlyMap<string, Answer> } {
  const answers = new Map<string, Answer>();
  return {
    ...noLedger,
    answers,
    find: async (questions) => new Map([...answers].filter(([key]) => questions.has(key))),
    end: async (_id, outcome) => {
      for (const [key, answer] of outcome.answers) answers.set(key, answer);
    },
  };
}

describe("an answer is found by a process that has learned other traits", () => {
  test.each(["429-too-large-now", "llama-cpp-batch", "vllm-context", "fastapi-both"])("%s", async (model) => {
    const zoo = await useZoo();
    const ledger = sharedLedger();
    const settings = settingsWith({ openai: { apiKey: null, baseUrl: zoo.baseUrl } });
    const processes = [1, 2].map(() =>
      createJudges(settings).judgeFor(`openai/${model}`, {
        ledger,
        abortCalls: new AbortController().signal,
      }),
    );
    const [first, second] = processes;
    if (first === undefined || second === undefined) throw new Error("two processes are needed");
    // The first process has already learned what the endpoint supports.
    await askTask(first, { subject: subjectWith({ ...long, name: "odd" }, first.maxTraceChars) });
    expect(await askTask(first, { subject: subjectWith(long, first.maxTraceChars) })).toEqual(answered);
    const calls = zoo.callsOf(model).length;
    expect(ledger.answers.size).toBe(2);
    expect(await askTask(second, { subject: subjectWith(long, second.maxTraceChars) })).toEqual(answered);
    expect(zoo.callsOf(model)).toHaveLength(calls);
  });
});

describe("what is learned of an endpoint", () => {
  it("expires after a while, and is learned again if it is still true", () => {
    let now = 0;
    const learned = createLearned("best", () => now);
    learned.learn("simpler");
    now = 9 * 60_000;
    expect(learned.current).toBe("simpler");
    now = 10 * 60_000;
    expect(learned.current).toBe("best");
    learned.learn("simpler");
    now = 19 * 60_000;
    expect(learned.current).toBe("simpler");
  });

  it("does not include a simpler format that was refused too", async () => {
    const zoo = await useZoo();
    const settings = settingsWith({ openai: { apiKey: null, baseUrl: zoo.baseUrl } });
    const judge = createJudges(settings).judgeFor("openai/405-always");
    await expect(askTask(judge)).rejects.toThrow("405");
    await expect(askTask(judge)).rejects.toThrow("405");
    const forms = zoo.requests.map(({ body }) =>
      "response_format" in body ? body.response_format?.type : "",
    );
    expect(forms[4]).toBe("json_schema");
  });
});
