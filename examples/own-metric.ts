import { PandaProbe } from "@pandaprobe/sdk";
import { PandaProbeMetrics } from "@pandaprobe/sdk/metrics";
import { loadSampleTraces } from "./load-traces.ts";

/* Defines a metric of one's own, and evaluates a sample trace by it: a customer returns boots that are too small. */

const options = { projectName: "own-metric" };
const client = new PandaProbe(options);
const metrics = new PandaProbeMetrics(options);

const { version } = await metrics.putMetric("refund_policy", {
  kind: "checklist",
  instructions: "The agent handles returns for an outfitter. Unused goods can be returned within 30 days.",
  criteria: [
    { id: "checked", question: "Did the agent look up the order before it decided?", weight: 2 },
    { id: "deadline", question: "Does the answer say until when the goods can be returned?" },
    { id: "tone", question: "Is the answer polite?" },
  ],
});
await metrics.putMetric("fast", { kind: "latency", max_ms: 10_000 });

const sample = (await loadSampleTraces()).find(({ trace }) => trace.name === "returns-desk.botas-pequenas");
if (sample === undefined) throw new Error("The sample trace is missing.");
const { trace_id } = await client.createTrace(sample.trace);

const { run, scores } = await client.evaluateTraces({
  metrics: ["refund_policy", "fast"],
  trace_ids: [trace_id],
});
console.log(`refund_policy, version ${version}, judged by ${run.model}:`);
for (const { name, value, reason } of scores) console.log(`${name} ${value}: ${reason}`);
