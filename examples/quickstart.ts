import { PandaProbe } from "@pandaprobe/sdk";

// The key and the address come from PANDAPROBE_API_KEY and PANDAPROBE_ENDPOINT (http://127.0.0.1:8000 if not set).
const client = new PandaProbe({ projectName: "quickstart" });

// One request to an agent. Spans are optional; with tool calls in them, the metrics about tools have something to judge.
const { trace_id } = await client.createTrace({
  name: "capital of France",
  started_at: new Date().toISOString(),
  input: { messages: [{ role: "user", content: "What is the capital of France?" }] },
  output: { messages: [{ role: "assistant", content: "The capital of France is Paris." }] },
});

// Creates a run, waits until it has ended, and fetches its scores.
const { run, scores } = await client.evaluateTraces({
  trace_ids: [trace_id],
  metrics: ["task_completion", "confidence"],
});

console.log(`Judged by ${run.model}:`);
for (const { name, value, reason } of scores) console.log(`${name} ${value ?? "failed"}: ${reason}`);
