/**
 * How close a run comes to full concurrency: 100 traces × 3 LLM metrics, with a local provider that takes 200 ms per call and
 * EVAL_CONCURRENCY=32. The ideal is calls × 200 ms ÷ 32. Also measures the CPU time of a judge call, including its share of the
 * whole run (queue, ledger, scores), ÷ that of a bare call of the `ai` package with the same prompt and schema.
 */
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { PandaProbe } from "@pandaprobe/sdk";
import { generateText, Output } from "ai";
import { z } from "zod";
import { startBenchServer } from "./bench-server.ts";
import { startLocalLlm } from "./local-llm.ts";

const traceCount = 100;
const metrics = ["task_completion", "step_efficiency", "confidence"];
const latencyMs = 200;
const concurrency = 32;

const llm = await startLocalLlm(latencyMs);
const server = await startBenchServer({
  EVAL_CONCURRENCY: String(concurrency),
  OPENAI_BASE_URL: llm.baseUrl,
  EVAL_LLM_MODEL: "openai/bench",
});
try {
  const client = new PandaProbe({ apiKey: server.apiKey, projectName: "bench", endpoint: server.url });
  const { metric } = await client.getTraceRunTemplate("confidence");
  const [prompt] = metric.prompt_preview;
  const bare = await cpuOfBareCalls(prompt?.prompt ?? "");
  // The first run warms up compiled code and connections.
  for (const round of ["warm-up", "measured"]) {
    const trace_ids: string[] = [];
    for (let n = 0; n < traceCount; n += 1) {
      const { trace_id } = await client.createTrace({
        name: `${round} ${n}`,
        input: `What is ${n} + ${n}?`,
        output: `It is ${n + n}.`,
        started_at: new Date(Date.UTC(2026, 2, 1, 0, n)).toISOString(),
      });
      trace_ids.push(trace_id);
    }
    const before = await llm.tally();
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    const ended = await client.waitForRun(await client.createTraceRunBatch({ metrics, trace_ids }));
    const elapsedMs = performance.now() - startedAt;
    const cpu = cpuMs(process.cpuUsage(cpuBefore));
    const after = await llm.tally();
    const calls = after.calls - before.calls;
    const ratio = elapsedMs / ((calls * latencyMs) / concurrency);
    console.log(
      `${round}: ${calls} judge calls for ${ended.evaluated_count} traces, ${ended.failed_count} failed scores, ` +
        `${after.maxInFlight} calls in flight at most; elapsed ÷ ideal = ${ratio.toFixed(2)}; ` +
        `CPU of a judge call ÷ CPU of a bare call = ${(cpu / calls / bare).toFixed(2)}`,
    );
  }
} finally {
  await server.stop();
  llm.stop();
}

/** The CPU time of one call through the `ai` package, in milliseconds, from the second of two rounds. */
async function cpuOfBareCalls(prompt: string): Promise<number> {
  const model = createOpenAICompatible({
    name: "openai",
    baseURL: llm.baseUrl,
    supportsStructuredOutputs: true,
  }).chatModel("bench");
  const output = Output.object({ schema: z.object({ score: z.number(), reason: z.string() }) });
  const rounds = 400 / concurrency;
  let cpu = 0;
  for (const round of ["warm-up", "measured"]) {
    const before = process.cpuUsage();
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        for (let n = 0; n < rounds; n += 1) {
          await generateText({ model, output, prompt: `${round} ${n} ${prompt}`, maxRetries: 0 });
        }
      }),
    );
    cpu = cpuMs(process.cpuUsage(before));
  }
  return cpu / (Math.ceil(rounds) * concurrency);
}

function cpuMs({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}
