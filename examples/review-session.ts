import { PandaProbe } from "@pandaprobe/sdk";
import { PandaProbeReview } from "@pandaprobe/sdk/review";
import { loadSampleTraces } from "./load-traces.ts";

/* A person reviews a sample session: a customer asks four times for a refund, and gets the same answer four times. */

const options = { projectName: "review-session" };
const client = new PandaProbe(options);
const review = new PandaProbeReview(options);

const samples = (await loadSampleTraces()).filter(({ trace }) => trace.session_id === "ticket-4471");
await client.createTraceBatch({ traces: samples.map(({ trace }) => trace) });
const session_id = "ticket-4471";
const name = "agent_consistency";
const author_user_id = "ann@example.com";

// The whole conversation: the person's word stands over newer judges.
const judged = await client.evaluateSessions({ metrics: [name], session_ids: [session_id] });
console.log(`The judge gives the session ${judged.scores[0]?.value}.`);
const reason = "Four times the same answer, and no refund.";
await review.createSessionScore({ session_id, name, value: "0", reason, author_user_id });
const again = await client.evaluateSessions({ metrics: [name], session_ids: [session_id] });
for (const { value, author_user_id: author, reason: why } of again.scores) {
  console.log(`After another run it has ${value}, by ${author}: ${why}`);
}

// One answer: a correction keeps what the judge had said.
const last = samples.at(-1)?.trace.trace_id ?? "";
const { scores } = await client.evaluateTraces({ metrics: ["task_completion"], trace_ids: [last] });
const corrected = await client.updateTraceScore(scores[0]?.id ?? "", { value: "0", author_user_id });
const { threshold, success } = corrected.metadata;
console.log(
  `The last answer has ${corrected.value} instead of ${corrected.judged?.value}: success ${success} at ${threshold}.`,
);

// One step: a resource of its own.
const span = samples[1]?.trace.spans?.findLast(({ kind }) => kind === "TOOL");
await review.createSpanScore({
  trace_id: samples[1]?.trace.trace_id ?? "",
  span_id: span?.span_id ?? "",
  name: "needed",
  value: "false",
  data_type: "BOOLEAN",
  reason: "The policy was read two steps before.",
  author_user_id,
});
for await (const score of review.listSpanScores({ name: "needed" })) {
  console.log(`${span?.name} needed: ${score.value}, by ${score.author_user_id}: ${score.reason}`);
}
