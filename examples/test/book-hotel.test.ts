import { PandaProbe } from "@pandaprobe/sdk";
import { mockPandaProbe } from "@pandaprobe/sdk/testing/msw";
import "@pandaprobe/sdk/testing/vitest";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

/*
 * How to test an application that evaluates, without a server: msw answers for PandaProbe, and scores are scripted.
 */

const pandaProbe = mockPandaProbe();
const server = setupServer(...pandaProbe.handlers);
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => pandaProbe.reset());
afterAll(() => server.close());

const client = new PandaProbe({ apiKey: "sk_pp_test", projectName: "travel-desk" });

/** The application: it answers, records what it did, and asks for a review if the score is low. */
async function bookHotel(city: string): Promise<"booked" | "to be reviewed"> {
  const { trace_id } = await client.createTrace({
    name: "book a hotel",
    started_at: new Date().toISOString(),
    input: `Book a hotel in ${city}.`,
    output: "Done.",
  });
  const { scores } = await client.evaluateTraces({ trace_ids: [trace_id], metrics: ["task_completion"] });
  if (scores.mean("task_completion") >= 0.8) return "booked";
  await client.tagTraces({ trace_ids: [trace_id], add_tags: ["to review"] });
  return "to be reviewed";
}

test("a good answer is accepted", async () => {
  expect(await bookHotel("Lisbon")).toBe("booked");
});

test("a bad answer is tagged for review", async () => {
  pandaProbe.scores.set("task_completion", 0.4, { reason: "It never booked the hotel." });
  expect(await bookHotel("Vienna")).toBe("to be reviewed");
  expect((await client.listTraces({ tags: ["to review"] })).total).toBe(1);
});

test("an answer whose score failed is also shown", async () => {
  pandaProbe.scores.fail("task_completion", "The judge gave no answer.");
  expect(await bookHotel("Rome")).toBe("to be reviewed");
});

test("a lost response does not create a second run", async () => {
  pandaProbe.faults.next("createTraceRunBatch", "lost_answer");
  expect(await bookHotel("Oslo")).toBe("booked");
  expect((await client.listTraceRuns()).total).toBe(1);
});

test("the stored answers pass the threshold", async () => {
  for (const city of ["Lisbon", "Vienna", "Rome"]) await bookHotel(city);
  const result = await client.evaluateTraces({ metrics: ["task_completion"] });
  expect(result).toPass("task_completion", { min: 0.8, rate: 0.95 });
  expect(result).toHaveNoFailedScores();
});
