import { PandaProbe } from "@pandaprobe/sdk";

/*
 * Fails a build whose agent does worse than it should: exits with 1 if a metric's average is below its bar, or if
 * anything could not be judged. The traces are those of one release, sent before by the agent's own tests.
 *
 *   node evaluate-and-gate.ts <release>
 */

const bars = { task_completion: 0.8, tool_correctness: 0.75, step_efficiency: 0.7 };

const release = process.argv[2];
if (release === undefined) throw new Error("Which release? node evaluate-and-gate.ts <release>");

const client = new PandaProbe();
const { run, scores } = await client.evaluateTraces(
  { name: `Gate of ${release}`, metrics: Object.keys(bars), filters: { release } },
  {
    timeoutMs: 15 * 60_000,
    onProgress: ({ evaluated, total }) => console.log(`${evaluated} of ${total} traces`),
  },
);

for (const [metric, bar] of Object.entries(bars)) {
  const average = scores.mean(metric);
  // NaN, where nothing could be judged, passes no bar.
  const passes = average >= bar;
  // Cut and not rounded: what misses the bar must not look as if it reached it.
  const shown = (Math.floor(average * 100 + 1e-4) / 100).toFixed(2);
  console.log(`${passes ? "pass" : "FAIL"}  ${metric} ${shown}, the bar is ${bar}`);
  if (!passes) process.exitCode = 1;
}
for (const { name, trace_id, reason } of scores.failed)
  console.log(`FAIL  ${name} of ${trace_id}: ${reason}`);
if (run.failed_count > 0) {
  console.log(`FAIL  ${run.failed_count} scores could not be had; retryTraceRun judges them again`);
  process.exitCode = 1;
}
