import type { ServerResponse } from "node:http";
import { type EvalRunResponse, isNotFoundError, isServerError } from "@pandaprobe/sdk";
import { expect, it } from "vitest";
import { sampleRun } from "./support/sample-run.ts";
import { testClient } from "./support/test-client.ts";
import { sendProblem, startTestServer } from "./support/test-server.ts";

const { id } = sampleRun();

function open(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
}

function event(name: string, evaluated: number): string {
  const run = sampleRun({ status: name === "end" ? "COMPLETED" : "RUNNING", evaluated_count: evaluated });
  return `id: ${run.status}-${evaluated}-0\nevent: ${name}\ndata: ${JSON.stringify(run)}\n\n`;
}

async function counts(states: AsyncIterable<EvalRunResponse>): Promise<number[]> {
  const seen: number[] = [];
  for await (const run of states) seen.push(run.evaluated_count);
  return seen;
}

it("gives the states of a run until it has ended, however they are cut on their way", async () => {
  await using server = await startTestServer(async (response) => {
    open(response);
    const bytes = Buffer.from(
      `retry: 1000\n${event("progress", 1)}:\n\n${event("progress", 2)}${event("end", 10)}`,
    );
    for (let at = 0; at < bytes.length; at += 61) {
      response.write(bytes.subarray(at, at + 61));
      await new Promise((resolve) => setImmediate(resolve));
    }
    // Left open: whoever has seen the end hangs up.
  });
  expect(await counts(testClient(server).streamTraceRun(id))).toEqual([1, 2, 10]);
  expect(server.requests).toHaveLength(1);
});

it("asks again where a stream breaks, for what it has not seen", async () => {
  await using server = await startTestServer((response, _request, index) => {
    if (index === 1) return sendProblem(response, 503);
    open(response);
    if (index === 0) response.write(event("progress", 1), () => response.destroy());
    else if (index === 2) response.end(`retry: 1000\n\n${event("progress", 2)}`);
    else response.end(event("end", 10));
  });
  expect(await counts(testClient(server).streamSessionRun(id))).toEqual([1, 2, 10]);
  const seen = server.requests.map(({ headers }) => headers["last-event-id"]);
  expect(seen).toEqual([undefined, "RUNNING-1-0", "RUNNING-1-0", "RUNNING-2-0"]);
});

it("gives up what goes wrong too often in a row, and at once what will not pass", async () => {
  await using server = await startTestServer((response) => sendProblem(response, 503));
  const failing = counts(testClient(server).streamTraceRun(id, { retries: 1 }));
  await expect(failing).rejects.toSatisfy(isServerError);
  expect(server.requests).toHaveLength(2);

  await using none = await startTestServer((response) => sendProblem(response, 404));
  await expect(counts(testClient(none).streamTraceRun(id))).rejects.toSatisfy(isNotFoundError);
  expect(none.requests).toHaveLength(1);

  await using page = await startTestServer((response) => response.end("<html>"));
  await expect(counts(testClient(page).streamTraceRun(id, { retries: 0 }))).rejects.toThrow(
    /the stream ended before the run/,
  );
});

it("says that the run was deleted meanwhile", async () => {
  await using server = await startTestServer((response, _request, index) => {
    if (index > 0) return sendProblem(response, 404, { code: "not_found" });
    open(response);
    response.end(`${event("progress", 1)}event: deleted\ndata: {"id":"${id}"}\n\n`);
  });
  const error = await counts(testClient(server).streamTraceRun(id)).catch((reason: unknown) => reason);
  expect(error).toSatisfy(isNotFoundError);
  expect(error).toMatchObject({ code: "not_found", operation: "streamTraceRun" });
});

it("takes a server that is silent for gone, and a slow reader not", async () => {
  await using server = await startTestServer((response, _request, index) => {
    open(response);
    response.write(event("progress", index));
  });
  const stream = testClient(server).streamTraceRun(id, { timeoutMs: 150, retries: 0 });
  expect(await stream.next()).toMatchObject({ value: { evaluated_count: 0 } });
  await new Promise((resolve) => setTimeout(resolve, 400));
  await expect(stream.next()).rejects.toThrow(/nothing came for 150 ms/);
  expect(server.requests).toHaveLength(1);
});

it("ends by the caller's signal, with its reason, and where the caller stops reading", async () => {
  let closed = 0;
  await using server = await startTestServer((response) => {
    open(response);
    response.on("close", () => {
      closed += 1;
    });
    response.write(event("progress", 1));
  });
  const stop = new AbortController();
  const stream = testClient(server).streamTraceRun(id, { signal: stop.signal });
  await stream.next();
  const next = stream.next();
  stop.abort(new Error("enough"));
  await expect(next).rejects.toThrow("enough");
  for await (const _ of testClient(server).streamTraceRun(id)) break;
  await expect.poll(() => closed).toBe(2);
});
