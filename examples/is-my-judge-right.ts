import { readFile } from "node:fs/promises";
import { PandaProbe } from "@pandaprobe/sdk";
import { PandaProbeReview } from "@pandaprobe/sdk/review";
import { loadSampleTraces } from "./load-traces.ts";

/*
 * How far the server's judge agrees with a careful person about the 34 sample traces. The person's word is the table in
 * traces/README.md; only "good" traces pass.
 */

const options = { projectName: "is-my-judge-right" };
const client = new PandaProbe(options);
const metric = "task_completion";

const samples = await loadSampleTraces();
await client.createTraceBatch({ traces: samples.map(({ trace }) => trace) });
const trace_ids = samples.flatMap(({ trace }) => trace.trace_id ?? []);
const { run } = await client.evaluateTraces({ metrics: [metric], trace_ids });

const table = await readFile(new URL("traces/README.md", import.meta.url), "utf8");
for (const { trace } of samples) {
  const [, word] = new RegExp(`^\\| \`${trace.name}\` .*\\| (\\w+) +\\|$`, "m").exec(table) ?? [];
  if (trace.trace_id === undefined || word === undefined)
    throw new Error(`${trace.name} is not in the table.`);
  const value = word === "good" ? "1" : "0";
  await client.createTraceScore({
    trace_id: trace.trace_id,
    name: metric,
    value,
    author_user_id: "reviewer",
  });
}

const { n, confusion, kappa, kappa_ci, tpr, tnr, auc, pass_rate, disagreements, not_enough } =
  await new PandaProbeReview(options).computeAgreement({ metric });

const shown = (value: number | null | undefined) => value?.toFixed(2) ?? "unknown";
console.log(`${run.model} and a person on ${n} traces:`);
console.log(`  both pass ${confusion.tp}, both fail ${confusion.tn}`);
console.log(`  only the judge passes ${confusion.fp}, only the person passes ${confusion.fn}`);
console.log(`  κ ${shown(kappa)} (${shown(kappa_ci?.low)} to ${shown(kappa_ci?.high)}), AUC ${shown(auc)}`);
console.log(`  passes ${shown(tpr)} of the good traces, fails ${shown(tnr)} of the others`);
console.log(`  pass rate ${shown(pass_rate.judge)}, corrected ${shown(pass_rate.corrected)}`);
for (const reason of not_enough) console.log(`  ${reason}`);
console.log("Where the judge is surest, and the person disagrees:");
for (const { trace_id, judge, person } of disagreements.slice(0, 3)) {
  const name = samples.find(({ trace }) => trace.trace_id === trace_id)?.trace.name;
  console.log(`  ${name}: the judge gives ${judge.value}, the person ${person.value}`);
}
