import { sampleRun } from "../../support/sample-run.ts";
import { sendJson, startTestServer, type TestServer } from "../../support/test-server.ts";

export interface RunServer extends TestServer {
  /** Lets the run end, with one score of 0.5. */
  complete(): void;
  isCancelled(): boolean;
}

/** A server with one run, which goes on until the test ends it or a client cancels it. */
export async function startRunServer(): Promise<RunServer> {
  const run = sampleRun({ status: "RUNNING", total_targets: 1, metric_names: ["coherence"] });
  const score = {
    id: "44444444-4444-4444-4444-444444444444",
    trace_id: "11111111-1111-1111-1111-111111111111",
    name: "coherence",
    value: "0.5",
    number: 0.5,
    data_type: "NUMERIC",
    source: "AUTOMATED",
    status: "SUCCESS",
    reason: "So so.",
    metadata: { success: true },
  };
  let seen = run;
  const end = (how: Partial<typeof run>) => {
    seen = { ...run, completed_at: "2026-03-29T10:00:01Z", ...how };
  };
  const server = await startTestServer((response, { method, url }) => {
    if (url.endsWith("/cancel")) end({ status: "FAILED", error_message: "Cancelled" });
    sendJson(response, method === "POST" ? 202 : 200, url.includes("/scores") ? [score] : seen);
  });
  return Object.assign(server, {
    complete: () => end({ status: "COMPLETED", evaluated_count: 1 }),
    isCancelled: () => seen.error_message === "Cancelled",
  });
}
