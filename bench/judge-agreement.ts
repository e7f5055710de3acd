/**
 * How well a judge's scores distinguish good from bad conversations: the area under the ROC curve of each metric, averaged over
 * a conversation's traces, against the outcome of the conversation. 0.5 is chance, 1.0 is perfect.
 *
 * Judges with the configured model, or the heuristic if there is none. Needs the conversations beside the project (see
 * packages/server/test/support/tau-bench.ts).
 */

import { PandaProbe } from "@pandaprobe/sdk";
import { traceMetricNames } from "../packages/contract/src/rules/index.ts";
import { hasTauBench, readConversations } from "../packages/server/test/support/tau-bench.ts";
import { startBenchServer } from "./bench-server.ts";

if (!hasTauBench) {
  console.log("The conversations are missing, so there is nothing to measure.");
  process.exit(0);
}
const conversations = readConversations();
const server = await startBenchServer(process.env);
try {
  const client = new PandaProbe({ apiKey: server.apiKey, projectName: "agreement", endpoint: server.url });
  const conversationOf = new Map<string, number>();
  for (const [index, conversation] of conversations.entries()) {
    for (const trace of conversation.traces) {
      const { trace_id } = await client.createTrace(trace);
      conversationOf.set(trace_id, index);
    }
  }
  const run = await client.waitForRun(await client.createTraceRun({ metrics: [...traceMetricNames] }));
  const scores = await client.getTraceRunScores(run.id);
  console.log(`${run.total_traces} traces of ${conversations.length} conversations, judged by ${run.model}`);
  for (const metric of traceMetricNames) {
    const values = conversations.map((): number[] => []);
    for (const score of scores) {
      if (score.name === metric) values[conversationOf.get(score.trace_id) ?? -1]?.push(Number(score.value));
    }
    const means = values.map((of) => of.reduce((sum, value) => sum + value, 0) / of.length);
    const worst = values.map((of) => Math.min(...of));
    const rewards = conversations.map((conversation) => conversation.reward);
    console.log(
      `${metric.padEnd(22)} AUC of the mean ${auc(means, rewards)}, of the worst trace ${auc(worst, rewards)}`,
    );
  }
} finally {
  await server.stop();
}

/** The share of pairs of a good and a bad one in which the good one scores higher; ties count half (Mann–Whitney U). */
function auc(scores: readonly number[], rewards: readonly number[]): string {
  const of = (reward: number) => scores.filter((_, index) => rewards[index] === reward);
  const wins = of(1).flatMap((good) => of(0).map((bad): number => (good > bad ? 1 : good === bad ? 0.5 : 0)));
  return (wins.reduce((sum, win) => sum + win, 0) / wins.length).toFixed(3);
}
