import { readFile } from "node:fs/promises";
import { PandaProbe } from "@pandaprobe/sdk";
import { PandaProbeReview } from "@pandaprobe/sdk/review";
import { loadSampleTraces } from "./load-traces.ts";

/*
 * Two people review ten of the 34 sample traces, drawn at random, without seeing what the judge says. Ana scores by the
 * table in traces/README.md: only "good" traces pass. Ben does not read Japanese, and passes everything else.
 */

const options = { projectName: "review-queue" };
const client = new PandaProbe(options);
const review = new PandaProbeReview(options);
const metric = "task_completion";

const samples = await loadSampleTraces();
await client.createTraceBatch({ traces: samples.map(({ trace }) => trace) });
const trace_ids = samples.flatMap(({ trace }) => trace.trace_id ?? []);
await client.evaluateTraces({ metrics: [metric], trace_ids });

const queue = await review.createReviewQueue({
  name: "Did it do the task?",
  metrics: [{ name: metric }],
  size: 10,
  reviewers_per_item: 2,
  seed: 3,
});

const table = await readFile(new URL("traces/README.md", import.meta.url), "utf8");
const nameOf = (id: string | null) => samples.find(({ trace }) => trace.trace_id === id)?.trace.name ?? "";
const ratingOf = (name: string) => new RegExp(`^\\| \`${name}\` .*\\| (\\w+) +\\|$`, "m").exec(table)?.[1];

/** The value that a reviewer gives a trace; `null` to skip it. */
type Opinion = (name: string) => string | null;
const people: readonly (readonly [string, Opinion])[] = [
  ["ana", (name) => (ratingOf(name) === "good" ? "1" : "0")],
  ["ben", (name) => (name.startsWith("daybook") ? null : "1")],
];

for (const [reviewer, opinionOf] of people) {
  for (;;) {
    const { item, note, progress } = await review.claimReviewItem(queue.id, { reviewer });
    if (item === null) {
      console.log(
        `${reviewer} completed ${progress.completed_count}, skipped ${progress.skipped_count}. ${note}`,
      );
      break;
    }
    const name = nameOf(item.trace_id);
    const value = opinionOf(name);
    if (value === null) {
      await review.skipReviewItem(queue.id, item.id, { reviewer, reason: "I do not read Japanese." });
      continue;
    }
    const scores = [{ name: metric, value }];
    const { verdicts } = await review.completeReviewItem(queue.id, item.id, { reviewer, scores });
    const [verdict] = verdicts;
    if (verdict?.agrees === false)
      console.log(`  ${name}: ${reviewer} ${value}, the judge ${verdict.judge?.value}`);
  }
}

const { completed_count, item_count, skipped_count } = await review.getReviewQueue(queue.id);
console.log(
  `${completed_count} of ${item_count} have both reviews, ${skipped_count} wait for another reviewer.`,
);
const { n, confusion } = await review.computeAgreement({ metric });
const { tp, fp, fn, tn } = confusion;
console.log(
  `On ${n} the reviewers agree. Of these, they and the judge pass ${tp} and fail ${tn}; only the judge passes ${fp}, only they ${fn}.`,
);
