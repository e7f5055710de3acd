import { PandaProbe } from "@pandaprobe/sdk";
import { mockPandaProbe } from "@pandaprobe/sdk/testing/msw";
import "@pandaprobe/sdk/testing/vitest";
import { setupServer } from "msw/node";
import { expect, test } from "vitest";

/* A test whose author also installed msw and vitest. */

const pandaProbe = mockPandaProbe();

test("passes at the threshold, and fails below it", async () => {
  const server = setupServer(...pandaProbe.handlers);
  server.listen();
  const client = new PandaProbe({ apiKey: "a", projectName: "b" });
  await client.createTrace({ name: "c", started_at: "2026-03-29T10:00:00Z" });
  pandaProbe.scores.set("coherence", 0.5);
  const result = await client.evaluateTraces({ metrics: ["coherence"] });
  expect(result).toPass("coherence", { min: 0.4, rate: 0.95 });
  expect(() => expect(result).toPass("coherence", { min: 0.6 })).toThrow("coherence");
  const later: Promise<void> = expect(Promise.resolve(result)).resolves.toPass("coherence", { min: 0.4 });
  await later;
  // @ts-expect-error A metric has a name.
  expect(() => expect(result).toPass()).toThrow("metric");
  server.close();
});
