import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers every request with a run, in a process of its own, so that what it costs does not count. */
const run = JSON.stringify({
  id: "33333333-3333-3333-3333-333333333333",
  name: null,
  status: "RUNNING",
  metric_names: ["task_completion"],
  total_traces: 10,
  total_targets: 10,
  evaluated_count: 0,
  failed_count: 0,
  created_at: "2026-03-29T10:00:00.000Z",
  completed_at: null,
  project_id: "44444444-4444-4444-4444-444444444444",
  target_type: "TRACE",
  filters: {},
  sampling_rate: 1,
  model: "heuristic/v1",
  monitor_id: null,
  error_message: null,
});
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    response.writeHead(200, { "content-type": "application/json", "x-request-id": "r-1" }).end(run);
  });
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
