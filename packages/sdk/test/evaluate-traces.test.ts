import { type EvaluateTracesOptions, RunScores } from "@pandaprobe/sdk";
import { expect, it } from "vitest";
import { sampleRun } from "./support/sample-run.ts";
import { testClient } from "./support/test-client.ts";
import { type ReceivedRequest, sendJson, sendProblem, startTestServer } from "./support/test-server.ts";

const { id } = sampleRun();
const scores = [{ id: "s", name: "task_completion", value: "0.9", data_type: "NUMERIC", status: "SUCCESS" }];

/** Completes the run on the second poll. */
function startRunServer() {
  let polls = 0;
  return startTestServer((response, { method, url }: ReceivedRequest) => {
    if (method === "POST") return sendJson(response, 202, sampleRun({ status: "PENDING" }));
    if (url.includes("/scores")) return sendJson(response, 200, scores);
    polls += 1;
    return sendJson(response, 200, sampleRun({ status: polls === 1 ? "RUNNING" : "COMPLETED" }));
  });
}

it("creates a run, waits for its end and gets its scores", async () => {
  await using server = await startRunServer();
  const body = { metrics: ["task_completion"], filters: { tags: ["a"] } };
  const seen: string[] = [];
  const result = await testClient(server).evaluateTraces(body, {
    pollIntervalMs: 10,
    idempotencyKey: "mine",
    onProgress: ({ run }) => seen.push(run.status),
  });
  expect(result.run).toEqual(sampleRun({ status: "COMPLETED" }));
  expect(result.scores).toBeInstanceOf(RunScores);
  expect([...result.scores]).toEqual([{ ...scores[0], number: 0.9 }]);
  expect(seen).toEqual(["PENDING", "RUNNING", "COMPLETED"]);
  expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "POST /evaluations/trace-runs",
    `GET /evaluations/trace-runs/${id}`,
    `GET /evaluations/trace-runs/${id}`,
    `GET /evaluations/trace-runs/${id}/scores?prefer=person`,
  ]);
  expect(server.requests[0]).toMatchObject({
    body: JSON.stringify(body),
    headers: { "idempotency-key": "mine" },
  });
});

it("evaluates exactly the given traces", async () => {
  await using server = await startRunServer();
  const body = { metrics: ["task_completion"], trace_ids: ["11111111-1111-1111-1111-111111111111"] };
  await testClient(server).evaluateTraces(body, { pollIntervalMs: 10 });
  expect(server.requests[0]).toMatchObject({
    url: "/evaluations/trace-runs/batch",
    body: JSON.stringify(body),
  });
});

it("throws for a failed run, or returns it with the scores that it has", async () => {
  const failed = sampleRun({ status: "FAILED", error_message: "Cancelled" });
  await using server = await startTestServer((response, { url }) =>
    sendJson(response, 200, url.includes("/scores") ? scores : failed),
  );
  const evaluate = (options?: EvaluateTracesOptions) =>
    testClient(server).evaluateTraces({ metrics: ["task_completion"] }, options);
  const failure = await evaluate().catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: "RunFailedError", run: failed });
  const { run, scores: kept } = await evaluate({ throwOnFailed: false });
  expect([run.status, kept.mean("task_completion")]).toEqual(["FAILED", 0.9]);
});

it.each([
  ["it is created", "POST"],
  ["it is waited for", `GET /evaluations/trace-runs/${id}`],
  ["its scores are read", `GET /evaluations/trace-runs/${id}/scores?prefer=person`],
])("ends with the signal's reason while %s", async (_what, held) => {
  const isHeld = Promise.withResolvers<void>();
  await using server = await startTestServer((response, { method, url }) => {
    if (held === method || held === `${method} ${url}`) return isHeld.resolve();
    sendJson(response, 200, sampleRun({ status: held.includes("/scores") ? "COMPLETED" : "RUNNING" }));
  });
  const controller = new AbortController();
  const options = { signal: controller.signal, pollIntervalMs: 10 };
  const evaluating = testClient(server).evaluateTraces({ metrics: ["task_completion"] }, options);
  const ended = expect(evaluating).rejects.toBe("enough");
  await isHeld.promise;
  controller.abort("enough");
  await ended;
});

it("rejects if the run cannot be created", async () => {
  await using server = await startTestServer((response) => sendProblem(response, 422));
  await expect(testClient(server).evaluateTraces({ metrics: ["a"] })).rejects.toMatchObject({
    name: "ValidationError",
    operation: "createTraceRun",
  });
});
