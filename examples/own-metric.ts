import { PandaProbe } from "@pandaprobe/sdk";
import { type MetricDefinition, PandaProbeMetrics } from "@pandaprobe/sdk/metrics";
import { loadSampleTraces } from "./load-traces.ts";

/* Defines a metric of the project's own and evaluates a sample trace with it: a customer returns boots that are too small. */

const options = { projectName: "own-metric" };
const client = new PandaProbe(options);
const metrics = new PandaProbeMetrics(options);

const sample = (await loadSampleTraces()).find(({ trace }) => trace.name === "returns-desk.botas-pequenas");
if (sample === undefined) throw new Error("The sample trace is missing.");
const { trace_id } = await client.createTrace(sample.trace);

const definition: MetricDefinition = {
  kind: "checklist",
  instructions: "The agent handles returns for an outfitter. Unused goods can be returned within 30 days.",
  criteria: [
    { id: "checked", question: "Did the agent look up the order and check the return policy?", weight: 2 },
    { id: "label", question: "Did the agent create a return label?" },
    { id: "tone", question: "Is the answer polite?" },
  ],
};
const draft = await metrics.tryMetric("refund_policy", { trace_ids: [trace_id], definition });
for (const { value } of draft.results) console.log(`The draft gives ${value}.`);

const { version } = await metrics.putMetric("refund_policy", definition);
await metrics.putMetric("fast", { kind: "latency", max_ms: 10_000 });
const { run, scores } = await client.evaluateTraces({
  metrics: ["refund_policy", "fast"],
  trace_ids: [trace_id],
});
console.log(`Version ${version} of refund_policy, judged by ${run.model}:`);
for (const { name, value, reason, metadata } of scores.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
  console.log(`${name} ${value}`);
  const answers = (metadata["answers"] ?? []) as { id: string; answer: string }[];
  if (answers.length === 0) console.log(`  ${reason}`);
  for (const { id, answer } of answers) console.log(`  ${answer} to ${id}`);
}
