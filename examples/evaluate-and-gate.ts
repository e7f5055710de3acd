import { PandaProbe } from "@pandaprobe/sdk";

/*
 * Fails a build if the agent is not good enough: exits with 1 if a metric's mean is below its threshold, or if a score
 * failed. The traces are those of one release, sent earlier by the agent's own tests.
 *
 *   node evaluate-and-gate.ts <release>
 */

const thresholds = { task_completion: 0.8, tool_correctness: 0.75, step_efficiency: 0.7 };

const release = process.argv[2];
if (release === undefined) throw new Error("Which release? node evaluate-and-gate.ts <release>");

const client = new PandaProbe();
const { run, scores } = await client.evaluateTraces(
  { name: `Gate of ${release}`, metrics: Object.keys(thresholds), filters: { release } },
  {
    timeoutMs: 15 * 60_000,
    onProgress: ({ evaluated, total }) => console.log(`${evaluated} of ${total} traces`),
  },
);

for (const [metric, threshold] of Object.entries(thresholds)) {
  const average = scores.mean(metric);
  // False for NaN, the mean if all scores failed.
  const passes = average >= threshold;
  // Cut and not rounded: a mean below the threshold must not look as if it reached it.
  const shown = (Math.floor(average * 100 + 1e-4) / 100).toFixed(2);
  console.log(`${passes ? "pass" : "FAIL"}  ${metric} ${shown}, the threshold is ${threshold}`);
  if (!passes) process.exitCode = 1;
}
for (const { name, trace_id, reason } of scores.failed)
  console.log(`FAIL  ${name} of ${trace_id}: ${reason}`);
if (run.failed_count > 0) {
  console.log(`FAIL  ${run.failed_count} scores failed; retryTraceRun judges them again`);
  process.exitCode = 1;
}
