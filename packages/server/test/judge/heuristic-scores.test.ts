import { describe, expect, it } from "vitest";
import { createHeuristicJudge } from "../../src/judge/heuristic/heuristic-judge.ts";
import { evaluateMetric } from "../../src/metrics/evaluate.ts";
import { findTraceMetric } from "../../src/metrics/registry.ts";
import type { Span } from "../../src/metrics/trace.ts";
import { calm, makeSubject } from "../metrics/support.ts";

type Parts = Parameters<typeof makeSubject>[0];

async function score(name: string, parts: Parts) {
  const metric = findTraceMetric(name);
  if (metric === undefined) throw new Error(`No metric ${name}.`);
  return evaluateMetric(metric, makeSubject(parts), createHeuristicJudge(), { signal: calm });
}

/** Expects the first trace to score higher than the second by a margin, and the reason of the second to say why. */
async function expectBetter(name: string, better: Parts, worse: Parts, why: RegExp, margin = 0.1) {
  const [good, bad] = await Promise.all([score(name, better), score(name, worse)]);
  expect(good.score).toBeGreaterThanOrEqual(bad.score + margin);
  expect(bad.reason).toMatch(why);
}

const call = (name: string, input: object, more: Partial<Span> = {}): Partial<Span> => ({
  kind: "TOOL",
  name,
  input,
  output: { ok: true },
  status: "OK",
  ...more,
});

const request = "Book the hotel Miramar in Lisbon for two nights, order LX-204418.";
const done = "The hotel Miramar in Lisbon is booked for two nights.";
const booked = [
  call("search_hotels", { city: "Lisbon" }, { output: ["Miramar"] }),
  call("book_hotel", { hotel: "Miramar" }),
];
const good: Parts = { input: request, output: done, spans: booked };
const failedBooking = call("book_hotel", { hotel: "Miramar" }, { status: "ERROR", error: "no rooms" });

describe("task_completion", () => {
  it.each<[string, Parts, RegExp]>([
    ["no answer", { ...good, output: null }, /no answer/],
    ["an error at the end", { ...good, status: "ERROR" }, /status ERROR/],
    ["a failed call", { ...good, spans: [failedBooking] }, /book_hotel: no rooms/],
    [
      "an error reported in a result",
      { ...good, spans: [call("book_hotel", {}, { output: "Error: no rooms" })] },
      /Error: no rooms/,
    ],
    ["giving up", { ...good, output: "I'm unable to book the hotel Miramar in Lisbon." }, /"i'm unable"/],
    [
      "giving up in another language",
      { ...good, output: "Ich konnte das Hotel Miramar in Lisbon nicht buchen, es war nicht möglich." },
      /nicht möglich/,
    ],
    [
      "work left",
      { ...good, output: "The hotel Miramar in Lisbon is not yet booked for two nights." },
      /work is left/,
    ],
    [
      "another subject",
      { ...good, output: "Our spring collection of lanterns and sleeping bags has arrived today!" },
      /hardly a word/,
    ],
    [
      "asking for what was given",
      { ...good, output: "Please send us the order number of the hotel in Lisbon." },
      /asks for what the request seems to give/,
    ],
    [
      "a claim that no call bears out",
      { ...good, output: `${done} Everything is confirmed successfully.`, spans: [failedBooking] },
      /claims "successfully"|no rooms/,
    ],
  ])("is lower for %s", async (_what, worse, why) => {
    await expectBetter("task_completion", good, worse, why, 0.1);
  });

  it("treats a refusal with a reason as an answer, unlike giving up", async () => {
    const explained = {
      ...good,
      output: "I cannot book the hotel Miramar in Lisbon, because order LX-204418 is not yours to change.",
    };
    const shrug = { ...good, output: "I cannot book the hotel Miramar in Lisbon for order LX-204418." };
    await expectBetter("task_completion", explained, shrug, /"i cannot"/);
  });

  it("expects a handover if the user asks for a person", async () => {
    const asks = { input: "Let me talk to a human agent about my order 4471." };
    const handed = {
      ...asks,
      output: "You are being connected.",
      spans: [call("transfer_to_human_agents", {})],
    };
    const refused = { ...asks, output: "Please read our page about orders.", spans: [] };
    await expectBetter("task_completion", handed, refused, /asked for a person/);
  });
});

describe("tool_correctness", () => {
  const tools = ["search_hotels", "book_hotel", "escalate_to_human"].map((name) => ({
    name,
    description: name.replaceAll("_", " "),
  }));
  const withTools: Parts = { ...good, metadata: { tools } };

  it.each<[string, Parts, RegExp]>([
    [
      "a tool that is not declared",
      { ...withTools, spans: [...booked, call("hotel_booker", {})] },
      /not declared: hotel_booker/,
    ],
    ["the same call again", { ...withTools, spans: [...booked, ...booked] }, /2 calls repeated/],
    [
      "a tool that was needed and not called",
      { ...withTools, output: "Hotels are nice.", spans: [] },
      /search_hotels/,
    ],
    [
      "a claim without a call",
      { ...withTools, output: "Your hotel has been booked.", spans: [] },
      /no tool was called/,
    ],
    [
      "a person who is asked for and not called",
      { ...withTools, input: "I want a real person!" },
      /escalate_to_human was not called/,
    ],
  ])("is lower for %s", async (_what, worse, why) => {
    await expectBetter("tool_correctness", withTools, worse, why);
  });
});

describe("argument_correctness", () => {
  const schema = {
    type: "object",
    properties: { city: { type: "string" }, guests: { type: "integer" } },
    required: ["city"],
  };
  const tools = [{ name: "search_hotels", description: "", input_schema: schema }];
  const searching = (input: object, more: Partial<Span> = {}): Parts => ({
    metadata: { tools },
    spans: [call("search_hotels", input, more)],
  });

  it.each<[string, Parts, RegExp]>([
    ["a missing argument", searching({ guests: 2 }), /city is missing/],
    ["a wrong type", searching({ city: "Lisbon", guests: "two" }), /guests should be integer/],
    ["a placeholder", searching({ city: "<city>" }), /placeholder "<city>"/],
    ["an error about an argument", searching({ city: "Lisbn" }, { error: "invalid city" }), /invalid city/],
  ])("says no to %s", async (_what, parts, why) => {
    expect((await score("argument_correctness", searching({ city: "Lisbon", guests: 2 }))).score).toBe(1);
    const { score: worse, reason, metadata } = await score("argument_correctness", parts);
    expect(worse).toBe(0);
    expect(reason).toMatch(why);
    expect(metadata["verdicts"]).toMatchObject([{ verdict: "no" }]);
  });

  it("does not blame the arguments for an unrelated error", async () => {
    const parts = searching({ city: "Lisbon" }, { error: "upstream timed out after 30 s" });
    expect((await score("argument_correctness", parts)).score).toBe(1);
  });
});

describe("step_efficiency", () => {
  it.each<[string, Parts, RegExp]>([
    ["the same call with the same result", { ...good, spans: [...booked, ...booked] }, /2 calls repeated/],
    [
      "one call per item",
      {
        ...good,
        spans: [1, 2, 3, 4, 5].map((page) =>
          call("search", { city: "Lisbon", kind: "hotel", page }, { output: page }),
        ),
      },
      /5 calls of search/,
    ],
    [
      "starting over",
      { ...good, spans: [{ kind: "LLM", output: "Wait, let me start over. I made a mistake." }, ...booked] },
      /starts over/,
    ],
  ])("is lower for %s", async (_what, worse, why) => {
    await expectBetter("step_efficiency", good, worse, why);
  });

  it("does not count a call with another result as a repetition", async () => {
    const run = (output: object) => call("run_tests", { path: "tests" }, { output });
    const fixed = {
      ...good,
      spans: [run({ failed: 2 }), call("apply_patch", { file: "a" }), run({ failed: 0 })],
    };
    expect((await score("step_efficiency", fixed)).score).toBe(1);
  });
});

describe("confidence", () => {
  it.each<[string, Parts, RegExp]>([
    [
      "hedging",
      { ...good, output: "I think the hotel might be booked, but I'm not sure." },
      /hedges: "i think"/,
    ],
    [
      "hedging in Japanese",
      { ...good, output: "ホテルはたぶん予約できたかもしれません。" },
      /hedges: "たぶん"/,
    ],
    ["taking back", { ...good, output: `${done} Actually, no, I was wrong.` }, /takes back/],
    ["repeating itself", { ...good, spans: [...booked, ...booked, ...booked] }, /4 calls repeated/],
    ["no answer", { ...good, output: null }, /no answer/],
  ])("is lower for %s", async (_what, worse, why) => {
    await expectBetter("confidence", good, worse, why);
  });
});

describe("the plan metrics", () => {
  const plan =
    "1. Search hotels in Lisbon.\n2. Book the hotel Miramar for two nights.\n3. Report the booking.";
  const planned: Parts = { ...good, spans: [{ kind: "LLM", name: "plan", output: plan }, ...booked] };

  it("find the plan anywhere except in the final answer", async () => {
    const { metadata } = await score("plan_adherence", planned);
    expect(metadata["plan"]).toEqual([
      "Search hotels in Lisbon.",
      "Book the hotel Miramar for two nights.",
      "Report the booking.",
    ]);
    const listed = {
      ...good,
      output: "Your plan:\n1. Fly\n2. Sleep",
      spans: [{ kind: "LLM" as const, output: "Your plan:\n1. Fly\n2. Sleep" }],
    };
    expect((await score("plan_adherence", listed)).metadata["plan"]).toEqual([]);
  });

  it.each<[string, Parts]>([
    ["the metadata", { ...good, metadata: { plan: ["Search hotels", "Book one"] } }],
    [
      "a step's output",
      {
        ...good,
        spans: [
          { name: "planner", output: { steps: [{ description: "Search hotels" }, { task: "Book one" }] } },
        ],
      },
    ],
    [
      "a list of dashes",
      { ...good, spans: [{ kind: "LLM", output: "My plan:\n- Search hotels\n- Book one" }] },
    ],
  ])("find it in %s", async (_where, parts) => {
    expect((await score("plan_quality", parts)).metadata["plan"]).toEqual(["Search hotels", "Book one"]);
  });

  it("distinguish a plan that was followed from one that was not", async () => {
    const dropped = {
      ...planned,
      spans: [{ kind: "LLM" as const, name: "plan", output: plan }, call("send_message", { text: "Hello" })],
    };
    await expectBetter(
      "plan_adherence",
      planned,
      dropped,
      /2 of 3 planned steps not found|tool call that no planned step/,
      0.3,
    );
  });

  it("notice a wrong order", async () => {
    const swapped = {
      ...planned,
      spans: [{ kind: "LLM" as const, name: "plan", output: plan }, ...booked.toReversed()],
    };
    await expectBetter("plan_adherence", planned, swapped, /out of order/);
  });

  it("distinguish a concrete plan from a vague one, whether or not it was followed", async () => {
    const vague = {
      ...planned,
      spans: [
        { kind: "LLM" as const, name: "plan", output: "1. Think about it\n2. Do stuff\n3. Etc" },
        ...booked,
      ],
    };
    await expectBetter("plan_quality", planned, vague, /vague|word or two|hardly anything/, 0.3);
  });
});
