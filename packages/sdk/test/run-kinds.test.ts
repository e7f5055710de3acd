import { NotFoundError, type PandaProbe, RunScores } from "@pandaprobe/sdk";
import { describe, expect, it } from "vitest";
import { recordingLogger } from "./support/recording-logger.ts";
import { sampleRun } from "./support/sample-run.ts";
import { testClient } from "./support/test-client.ts";
import { sendJson, sendProblem, startTestServer } from "./support/test-server.ts";

const { id } = sampleRun();
const tracePath = `/evaluations/trace-runs/${id}`;
const sessionPath = `/evaluations/session-runs/${id}`;
const score = {
  id: "s",
  session_id: "support/4711",
  name: "agent_reliability",
  value: "0.9",
  data_type: "NUMERIC",
  status: "SUCCESS",
};

/** Has a session run, which completes on the second poll. */
function startSessionRunServer() {
  let polls = 0;
  return startTestServer((response, { method, url }) => {
    const run = sampleRun({ target_type: "SESSION", status: "RUNNING" });
    if (method === "POST") return sendJson(response, 202, run);
    if (url === `${sessionPath}/scores?prefer=person`) return sendJson(response, 200, [score]);
    if (url !== sessionPath) return sendProblem(response, 404);
    polls += 1;
    return sendJson(response, 200, polls < 2 ? run : { ...run, status: "COMPLETED" });
  });
}

describe("a run over sessions", () => {
  it("is evaluated: created, waited for, and its scores read", async () => {
    await using server = await startSessionRunServer();
    const { run, scores } = await testClient(server).evaluateSessions(
      { metrics: ["agent_reliability"], session_ids: ["support/4711"] },
      { pollIntervalMs: 10, idempotencyKey: "mine" },
    );
    expect(run.status).toBe("COMPLETED");
    expect(scores).toBeInstanceOf(RunScores);
    expect(scores.of("support/4711", "agent_reliability")?.number).toBe(0.9);
    expect(scores.mean("agent_reliability")).toBe(0.9);
    expect(server.requests[0]).toMatchObject({
      url: "/evaluations/session-runs/batch",
      headers: { "idempotency-key": "mine" },
    });
    expect(server.requests.map(({ url }) => url)).not.toContain(tracePath);
  });

  it("is found by its id on the first poll", async () => {
    await using server = await startSessionRunServer();
    const client = testClient(server);
    await expect(client.waitForRun(id, { pollIntervalMs: 10 })).resolves.toMatchObject({
      status: "COMPLETED",
    });
    expect(server.requests.map(({ url }) => url)).toEqual([tracePath, sessionPath, sessionPath]);
  });

  it.each([
    ["waitForRun", (client: PandaProbe) => client.waitForRun(id)],
    ["watchRun", (client: PandaProbe) => client.watchRun(id).next()],
  ])("is reported missing by %s if neither kind has the id", async (_method, call) => {
    await using server = await startTestServer((response) =>
      sendProblem(response, 404, {
        detail: `There is no session run "${id}" in this project.`,
        code: "not_found",
      }),
    );
    const message = `The project "my-agent" has no run ${id}. Check the id and \`projectName\`.`;
    const failure = call(testClient(server));
    await expect(failure).rejects.toBeInstanceOf(NotFoundError);
    await expect(failure).rejects.toMatchObject({
      message,
      detail: message,
      status: 404,
      code: "not_found",
      requestId: "req-1",
      cause: { name: "NotFoundError", operation: "getSessionRun" },
    });
    expect(server.requests.map(({ url }) => url)).toEqual([tracePath, sessionPath]);
  });

  it("is not reported missing if the API itself is missing", async () => {
    await using server = await startTestServer((response) => {
      response.writeHead(404, { "content-type": "text/html" });
      response.end("<h1>Not here</h1>");
    });
    await expect(testClient(server).waitForRun(id)).rejects.toThrow(
      /^getSessionRun failed with 404: Not a PandaProbe error .* Check the endpoint/,
    );
  });

  it("is not logged as an error when it is looked up as the other kind first", async () => {
    await using server = await startSessionRunServer();
    const { logger, lines } = recordingLogger();
    await testClient({ ...server, logger }).waitForRun(id, { pollIntervalMs: 10 });
    expect(lines.filter((line) => line.includes("404 some_code"))).toEqual([
      expect.stringMatching(/^debug NotFoundError: getTraceRun failed with 404/),
    ]);
    expect(lines.filter((line) => /^(warn|error)/.test(line))).toEqual([]);
  });

  it("is not looked up as the other kind after it was seen and deleted", async () => {
    await using server = await startTestServer((response, { url }, index) =>
      index === 0 ? sendJson(response, 200, sampleRun()) : sendProblem(response, 404, { detail: url }),
    );
    await expect(testClient(server).waitForRun(id, { pollIntervalMs: 10 })).rejects.toThrow(tracePath);
    expect(server.requests.map(({ url }) => url)).toEqual([tracePath, tracePath]);
  });
});
