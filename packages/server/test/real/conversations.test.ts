import { traceMetricNames } from "@pandaprobe/contract/rules";
import { PandaProbe } from "@pandaprobe/sdk";
import { expect, test } from "vitest";
import { isNightly } from "../support/nightly.ts";
import { hasTauBench, readConversations } from "../support/tau-bench.ts";
import { useTestServer } from "../support/test-server.ts";

test.skipIf(!hasTauBench)(
  "real conversations go through the SDK and every metric without a failure (skipped where the conversations are missing)",
  { tags: ["slow", "nightly"], timeout: 300_000 },
  async () => {
    const { url, apiKey } = await useTestServer();
    const client = new PandaProbe({ apiKey, projectName: "airline", endpoint: url });
    const conversations = readConversations().filter((_, n) => isNightly || n % 5 === 0);
    const traces = conversations.flatMap((conversation) => conversation.traces);
    expect(conversations).toHaveLength(isNightly ? 100 : 20);
    expect(traces.length).toBeGreaterThan(isNightly ? 800 : 150);
    for (const trace of traces) await client.createTrace(trace);

    const sessions = await client.listSessions({ limit: 1 });
    expect(sessions.total).toBe(conversations.length);
    const created = await client.createTraceRun({ metrics: [...traceMetricNames] });
    const run = await client.waitForRun(created, { timeoutMs: 240_000 });
    expect(run).toMatchObject({ status: "COMPLETED", evaluated_count: traces.length, failed_count: 0 });
    const scores = await client.getTraceRunScores(run.id);
    expect(scores).toHaveLength(traces.length * traceMetricNames.length);
    expect(scores.filter((score) => score.status !== "SUCCESS")).toEqual([]);
  },
);
