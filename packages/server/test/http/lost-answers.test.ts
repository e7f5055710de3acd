import { PandaProbe } from "@pandaprobe/sdk";
import { expect, test } from "vitest";
import { startLossyProxy } from "../support/lossy-proxy.ts";
import { isNightly } from "../support/nightly.ts";
import { useTestServer } from "../support/test-server.ts";

const calls = isNightly ? 1_000 : 120;
/** How many calls the program has in flight at once. */
const concurrency = 50;

test("each call creates one run, although every third answer is lost", {
  tags: ["slow", "nightly"],
}, async () => {
  const server = await useTestServer({ role: "api" });
  await using proxy = await startLossyProxy(server.url);
  const direct = new PandaProbe({ endpoint: server.url, apiKey: server.apiKey, projectName: "lossy" });
  await direct.createTrace({ name: "a", started_at: "2026-03-01T00:00:00Z" });
  // The losses are random: some calls lose five answers in a row.
  const client = direct.withOptions({ endpoint: proxy.url, retries: 20 });

  const ids = new Set<string>();
  let started = 0;
  const callUntilDone = async () => {
    while (started < calls) {
      const name = `run ${started++}`;
      // A run that samples nothing, because only its creation is tested here.
      const run = await client.createTraceRun({ name, metrics: ["confidence"], sampling_rate: 0 });
      expect(run).toMatchObject({ name, status: "COMPLETED" });
      ids.add(run.id);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, callUntilDone));

  expect(proxy.counts.lost).toBeGreaterThan(calls / 3);
  expect(ids.size).toBe(calls);
  const names: (string | null)[] = [];
  for await (const run of direct.listTraceRuns({ limit: 200 })) names.push(run.name);
  expect(names).toHaveLength(calls);
  expect(new Set(names).size).toBe(calls);
});
