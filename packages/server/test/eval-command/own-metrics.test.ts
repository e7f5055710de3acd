import { PandaProbe } from "@pandaprobe/sdk";
import { type MetricDefinition, PandaProbeMetrics } from "@pandaprobe/sdk/metrics";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LlmServer, startLlmServer } from "../support/llm-server.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import { waitUntil } from "../support/wait-until.ts";
import { runEval } from "./support/run-command.ts";

/* A project's own metric, from its first draft to a build that it fails, judged by an OpenAI-compatible server. */

const refundPolicy: MetricDefinition = {
  kind: "checklist",
  instructions: "The agent handles returns for an outfitter. Unused goods can be returned within 30 days.",
  criteria: [
    { id: "checked", question: "Did the agent look up the order?", weight: 2, required: true },
    { id: "tone", question: "Is the answer polite?" },
  ],
  cap: 0.4,
  threshold: 0.7,
};

let latencyMs = 0;
let llm: LlmServer;
let server: TestServer & { close(): Promise<void> };
beforeAll(async () => {
  llm = await startLlmServer({
    latencyMs: () => latencyMs,
    answer({ path, body }) {
      if (path === "/embeddings") return undefined;
      const record = body.messages[1]?.content ?? "";
      const answer = (id: string, isYes: boolean) => ({
        id,
        answer: isYes ? "yes" : "no",
        why: isYes ? "Step 1 does." : "No step does.",
        steps: isYes ? [1] : [],
      });
      return { answers: [answer("checked", record.includes("orders.find")), answer("tone", true)] };
    },
  });
  server = await startTestServer({
    environment: { OPENAI_BASE_URL: llm.baseUrl, EVAL_LLM_MODEL: "openai/test", EVAL_CONCURRENCY: "1" },
  });
});
afterAll(async () => {
  await server.close();
  await llm.stop();
});

/** Clients of the project that the command uses, or of another one. */
function clientsOf(projectName: string) {
  const options = { endpoint: server.url, apiKey: server.apiKey, projectName };
  return { client: new PandaProbe(options), metrics: new PandaProbeMetrics(options) };
}

async function storeReturns(client: PandaProbe): Promise<[careful: string, careless: string]> {
  const started_at = "2026-03-01T09:00:00Z";
  const trace = { name: "returns", input: "Can I return the boots?", output: "Yes, gladly.", started_at };
  const careful = await client.createTrace({
    ...trace,
    spans: [{ name: "orders.find", kind: "TOOL", started_at, input: { order: 1 } }],
  });
  const careless = await client.createTrace(trace);
  return [careful.trace_id, careless.trace_id];
}

test("a project's own metric works from draft to CI gate, and is paid for once", async () => {
  const { client, metrics } = clientsOf("test");
  const [careful, careless] = await storeReturns(client);
  const asked = () => llm.requests.length;

  const draft = await metrics.tryMetric("refund_policy", { trace_ids: [careful], definition: refundPolicy });
  expect(draft.results).toMatchObject([{ value: "1", metadata: { success: true } }]);
  expect(asked()).toBe(1);
  await metrics.putMetric("refund_policy", refundPolicy);
  const { metric } = await client.getTraceRunTemplate("refund_policy");
  expect(metric.prompt_preview[0]?.prompt).toContain("- checked: Did the agent look up the order?");

  const body = { metrics: ["refund_policy"], filters: {} };
  expect(await client.estimateTraceRun(body)).toMatchObject({ targets: 2, calls: 1, cached_calls: 1 });
  const monitor = await client.createMonitor({
    name: "returns",
    target_type: "TRACE",
    metrics: ["refund_policy"],
    cadence: "daily",
  });
  const run = await client.waitForRun(await client.triggerMonitor(monitor.id));
  expect(run).toMatchObject({ metric_versions: { refund_policy: 1 }, usage: { calls: 1, cached_calls: 1 } });
  const scores = await client.getTraceRunScores(run.id);
  const values = Object.fromEntries(scores.map((score) => [score.trace_id, score.value]));
  expect(values).toEqual({ [careful]: "1", [careless]: "0.3333" });
  const trace = await client.getTrace(careful);
  expect(scores.find(({ trace_id }) => trace_id === careful)?.metadata).toMatchObject({
    answers: [{ id: "checked", answer: "yes", spans: [trace.spans[0]?.span_id] }, { id: "tone" }],
    threshold: 0.7,
  });

  const gate = ["--metrics=refund_policy", "--min=refund_policy=0.8", "--min-rate=refund_policy=1"];
  const failed = await runEval(server, gate);
  expect(failed.code).toBe(1);
  expect(failed.stdout).toContain("the mean of refund_policy is 0.6666, below 0.80");
  expect(failed.stdout).toContain("No to checked (required): No");
  expect(await runEval(server, ["--metrics=refund_policy", "--min=refund_policy=0.6"])).toMatchObject({
    code: 0,
  });
  expect(asked()).toBe(2);
});

test("a cancelled run makes no further calls, and its retry asks only what is missing", async () => {
  const { client, metrics } = clientsOf("cancelled");
  await metrics.putMetric("refund_policy", refundPolicy);
  const trace_ids = await storeReturns(client);
  const before = llm.requests.length;
  latencyMs = 300;
  const run = await client.createTraceRunBatch({ metrics: ["refund_policy"], trace_ids });
  await waitUntil(async () => llm.requests.length > before);
  expect(await client.cancelTraceRun(run.id)).toMatchObject({ error_message: "Cancelled" });
  latencyMs = 0;
  await waitUntil(async () => llm.inFlight === 0);
  expect(llm.requests.length).toBe(before + 1);
  const retried = await client.waitForRun(await client.retryTraceRun(run.id));
  expect(retried).toMatchObject({ evaluated_count: 2, metric_versions: { refund_policy: 1 } });
  expect(llm.requests.length).toBe(before + 2);
});
