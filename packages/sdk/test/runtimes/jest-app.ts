/** The tests of an application, as jest runs them. The last one fails on purpose: its message is tested. */
export const jestApp = `
import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import { PandaProbe } from "@pandaprobe/sdk";
import { mockPandaProbe } from "@pandaprobe/sdk/testing/msw";
import { setupServer } from "msw/node";

const pandaProbe = mockPandaProbe();
const server = setupServer(...pandaProbe.handlers);
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => {
  pandaProbe.reset();
  jest.useRealTimers();
});
afterAll(() => server.close());

const client = new PandaProbe({ apiKey: "sk_pp_test", projectName: "my-agent" });
const metrics = ["task_completion"];

async function storeTraces(count) {
  for (let n = 0; n < count; n += 1)
    await client.createTrace({ name: \`trip \${n}\`, started_at: "2026-03-01" });
}

test("a threshold that is met", async () => {
  await storeTraces(2);
  pandaProbe.scores.set("task_completion", 0.8);
  const result = await client.evaluateTraces({ metrics });
  expect(result).toPass("task_completion", { min: 0.8 });
  expect(result).toHaveNoFailedScores();
});

test("faults, and runs that take minutes, with fake timers", async () => {
  jest.useFakeTimers({ doNotFake: ["nextTick"] });
  pandaProbe.faults.next("createTrace", { status: 429, retryAfterSeconds: 20 });
  pandaProbe.runs.targetMs = 60_000;
  const stored = storeTraces(1);
  await jest.runAllTimersAsync();
  await stored;
  const evaluated = client.evaluateTraces({ metrics });
  await jest.runAllTimersAsync();
  expect((await evaluated).run.status).toBe("COMPLETED");
});

test("a threshold that is missed", async () => {
  await storeTraces(3);
  pandaProbe.scores.set("task_completion", ({ trace }) => ({
    value: trace?.name === "trip 1" ? 0.4 : 1,
    reason: \`The end of \${trace?.name}.\`,
  }));
  pandaProbe.scores.fail("task_completion", "The judge gave no answer.", { times: 1 });
  expect(await client.evaluateTraces({ metrics })).toPass("task_completion", { min: 0.8, rate: 0.95 });
});
`;
