import { PandaProbe } from "@pandaprobe/sdk";

/*
 * Adds a person's review to the newest trace, and corrects the judge where the person disagrees. The corrected score
 * becomes an annotation.
 */

const client = new PandaProbe();

const { items } = await client.listTraces({ limit: 1 });
const [trace] = items;
if (trace === undefined) throw new Error("There is no trace in this project yet: send one first.");

await client.createTraceScore({
  trace_id: trace.trace_id,
  name: "helpful",
  data_type: "BOOLEAN",
  value: "true",
  reason: "The customer wrote back to say thank you.",
  metadata: { reviewer: "Ada" },
});

const judged = (await client.getTraceScores(trace.trace_id)).find(({ name }) => name === "task_completion");
if (judged !== undefined) {
  await client.updateTraceScore(judged.id, {
    value: "1",
    reason: `${judged.reason ?? ""} Reviewed: the task was done, as the customer confirmed.`.trim(),
  });
}

for (const { name, value, source, reason } of await client.getTraceScores(trace.trace_id)) {
  console.log(`${name} ${value ?? "failed"} (${source}): ${reason}`);
}
