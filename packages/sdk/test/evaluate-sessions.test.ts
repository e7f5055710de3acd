import { RunScores } from "@pandaprobe/sdk";
import { expect, it } from "vitest";
import { sampleRun } from "./support/sample-run.ts";
import { testClient } from "./support/test-client.ts";
import { type ReceivedRequest, sendJson, sendProblem, startTestServer } from "./support/test-server.ts";

const { id } = sampleRun();
const scores = [
  {
    id: "s",
    session_id: "support/4711",
    name: "agent_reliability",
    value: "0.9",
    data_type: "NUMERIC",
    status: "SUCCESS",
  },
];
const sessionRun = (status: "PENDING" | "RUNNING" | "COMPLETED") =>
  sampleRun({ status, target_type: "SESSION" });

/** Has one session run, which completes on the second poll, and no trace run. */
function startSessionServer() {
  let polls = 0;
  return startTestServer((response, { method, url }: ReceivedRequest) => {
    if (!url.startsWith("/evaluations/session-runs")) return sendProblem(response, 404);
    if (method === "POST") return sendJson(response, 202, sessionRun("PENDING"));
    if (url.includes("/scores")) return sendJson(response, 200, scores);
    polls += 1;
    return sendJson(response, 200, sessionRun(polls === 1 ? "RUNNING" : "COMPLETED"));
  });
}

it("creates a run over sessions, waits for its end and gets its scores", async () => {
  await using server = await startSessionServer();
  const body = { metrics: ["agent_reliability"], signal_weights: { coherence: 0 } };
  const result = await testClient(server).evaluateSessions(body, {
    pollIntervalMs: 10,
    idempotencyKey: "mine",
  });
  expect(result.run).toEqual(sessionRun("COMPLETED"));
  expect(result.scores).toBeInstanceOf(RunScores);
  expect([...result.scores]).toEqual([{ ...scores[0], number: 0.9 }]);
  expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "POST /evaluations/session-runs",
    `GET /evaluations/session-runs/${id}`,
    `GET /evaluations/session-runs/${id}`,
    `GET /evaluations/session-runs/${id}/scores?prefer=person`,
  ]);
  expect(server.requests[0]).toMatchObject({
    body: JSON.stringify(body),
    headers: { "idempotency-key": "mine" },
  });
});

it("evaluates exactly the given sessions", async () => {
  await using server = await startSessionServer();
  const body = { metrics: ["agent_reliability"], session_ids: ["support/4711"] };
  await testClient(server).evaluateSessions(body, { pollIntervalMs: 10 });
  expect(server.requests[0]).toMatchObject({
    url: "/evaluations/session-runs/batch",
    body: JSON.stringify(body),
  });
});

it("finds out once which kind of run an id belongs to", async () => {
  await using server = await startSessionServer();
  const run = await testClient(server).waitForRun(id, { pollIntervalMs: 10 });
  expect(run).toEqual(sessionRun("COMPLETED"));
  expect(server.requests.map(({ url }) => url)).toEqual([
    `/evaluations/trace-runs/${id}`,
    `/evaluations/session-runs/${id}`,
    `/evaluations/session-runs/${id}`,
  ]);
});

it("rejects an id that belongs to no run", async () => {
  await using server = await startTestServer((response) => sendProblem(response, 404));
  await expect(testClient(server).waitForRun(id, { pollIntervalMs: 10 })).rejects.toMatchObject({
    name: "NotFoundError",
  });
  expect(server.requests).toHaveLength(2);
});
