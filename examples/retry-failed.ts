import { isValidationError, PandaProbe } from "@pandaprobe/sdk";

/*
 * Retries the newest completed run: judges again exactly those traces and metrics that have no successful score. Pass a
 * model to use another judge.
 *
 *   node retry-failed.ts [provider/model]
 */

const client = new PandaProbe();

const { items } = await client.listTraceRuns({ status: "COMPLETED", limit: 1 });
const [run] = items;
if (run === undefined) throw new Error("No run of this project is completed yet.");

try {
  const again = await client.retryTraceRun(run.id, { model: process.argv[2] });
  console.log(
    `${again.name}: ${again.total_targets} traces, ${again.metric_names.join(", ")}, by ${again.model}`,
  );
  const { failed_count } = await client.waitForRun(again);
  console.log(failed_count === 0 ? "All scores succeeded." : `${failed_count} scores failed again.`);
} catch (error) {
  if (!isValidationError(error) || error.code !== "nothing_to_retry") throw error;
  console.log("Nothing to retry: every score of the newest run succeeded.");
}
