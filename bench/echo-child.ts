import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sampleRun } from "../packages/sdk/test/support/sample-run.ts";

/** Answers every request with a run, in a process of its own, so that its CPU time is not measured. */
const run = JSON.stringify(sampleRun());
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    response.writeHead(200, { "content-type": "application/json", "x-request-id": "r-1" }).end(run);
  });
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
