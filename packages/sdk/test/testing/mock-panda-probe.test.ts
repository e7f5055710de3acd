import { PandaProbe } from "@pandaprobe/sdk";
import { mockPandaProbe } from "@pandaprobe/sdk/testing/msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";

const pandaProbe = mockPandaProbe();
const server = setupServer(...pandaProbe.handlers);
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => pandaProbe.reset());
afterAll(() => server.close());
const client = new PandaProbe({ apiKey: "sk_pp_test", projectName: "a" });

it("evaluates", async () => {
  const { trace_id } = await client.createTrace({ name: "a", started_at: "2026-03-01" });
  pandaProbe.scores.set("task_completion", 0.4, { reason: "No." });
  const { run, scores } = await client.evaluateTraces({ metrics: ["task_completion", "coherence"] });
  expect(scores.of(trace_id, "task_completion")).toMatchObject({ number: 0.4, reason: "No." });
  expect(run).toMatchObject({ status: "COMPLETED", evaluated_count: 1 });
});
