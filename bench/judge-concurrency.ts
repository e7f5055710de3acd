/**
 * How near a run comes to judging at full concurrency: 100 traces × 3 LLM metrics against a local provider that takes
 * 200 ms a call, with EVAL_CONCURRENCY=32. The ideal is calls × 200 ms ÷ 32.
 *
 *     pnpm bench judge-concurrency
 */
import { PandaProbe } from "@pandaprobe/sdk";
import { startLlmServer } from "../packages/server/test/support/llm-server.ts";
import { startBenchServer } from "./bench-server.ts";

const traceCount = 100;
const metrics = ["task_completion", "step_efficiency", "confidence"];
const latencyMs = 200;
const concurrency = 32;

const llm = await startLlmServer({ latencyMs });
const server = await startBenchServer({
  EVAL_CONCURRENCY: String(concurrency),
  OPENAI_BASE_URL: llm.baseUrl,
  EVAL_LLM_MODEL: "openai/bench",
});
try {
  const client = new PandaProbe({ apiKey: server.apiKey, projectName: "bench", endpoint: server.url });
  for (let n = 0; n < traceCount; n += 1) {
    await client.createTrace({
      name: `question ${n}`,
      input: `What is ${n} + ${n}?`,
      output: `It is ${n + n}.`,
      started_at: new Date(Date.UTC(2026, 2, 1, 0, n)).toISOString(),
    });
  }
  const startedAt = performance.now();
  const run = await client.createTraceRun({ metrics });
  const ended = await client.waitForRun(run);
  const elapsedMs = performance.now() - startedAt;
  const idealMs = (llm.requests.length * latencyMs) / concurrency;
  console.log(
    `${llm.requests.length} judge calls for ${ended.evaluated_count} traces, ${ended.failed_count} failed scores, ` +
      `${llm.maxInFlight} in flight at the most`,
  );
  console.log(`elapsed ÷ ideal = ${(elapsedMs / idealMs).toFixed(2)} (at most 1.30 wanted)`);
} finally {
  await server.stop();
  await llm.stop();
}
