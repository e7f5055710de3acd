import { isConnectionError, isPandaProbeError, isServerError, PandaProbe } from "@pandaprobe/sdk";
import { isResponseValidationError, validateResponses } from "@pandaprobe/sdk/validate";
import { describe, expect, it } from "vitest";
import { requestFetch } from "../support/request-fetch.ts";
import { sampleRun } from "../support/sample-run.ts";

const runId = "33333333-3333-3333-3333-333333333333";

function validating(...answers: readonly (() => Response)[]) {
  const requests: Request[] = [];
  const answering = requestFetch((request) => {
    requests.push(request);
    return answers[Math.min(requests.length, answers.length) - 1]?.() ?? new Response();
  });
  const fetch = validateResponses(answering);
  const options = { apiKey: "sk_pp_test", projectName: "a", endpoint: "http://127.0.0.1:1/below/here" };
  return { client: new PandaProbe({ ...options, fetch }), requests };
}

const run = (changes: object, status = 200) => {
  const headers = { "x-request-id": "req-7" };
  return () => Response.json({ ...sampleRun(), ...changes }, { status, headers });
};

describe("validateResponses", () => {
  it("accepts what the contract allows, with additional fields", async () => {
    const { client } = validating(run({ of_the_future: true }));
    await expect(client.getTraceRun(runId)).resolves.toEqual({ ...sampleRun(), of_the_future: true });
  });

  it("names the wrong field, the expected value and the actual one, once", async () => {
    const { client, requests } = validating(run({ total_traces: "ten" }));
    const error: unknown = await client.getTraceRun(runId).catch((reason: unknown) => reason);
    expect(isResponseValidationError(error) && isPandaProbeError(error)).toBe(true);
    expect(isConnectionError(error)).toBe(false);
    expect(error).toMatchObject({
      name: "ResponseValidationError",
      operation: "getTraceRun",
      status: 200,
      requestId: "req-7",
      path: ["total_traces"],
      expected: "number",
      got: '"ten"',
      message: expect.stringContaining('total_traces: expected number, got "ten"'),
    });
    expect(requests).toHaveLength(1);
  });

  it.each([
    [{ status: "DONE" }, ["status"], '"PENDING" or "RUNNING" or "COMPLETED" or "FAILED"', '"DONE"'],
    [{ metric_names: ["a", 7] }, ["metric_names", 1], "string", "7"],
    [{ id: undefined }, ["id"], "string", "nothing"],
    [{ name: 3 }, ["name"], "string", "3"],
  ])("names the field for %o", async (changes, path, expected, got) => {
    const { client } = validating(run(changes));
    await expect(client.getTraceRun(runId)).rejects.toMatchObject({ path, expected, got });
  });

  it("names an item of a list", async () => {
    const page = {
      items: [sampleRun(), { ...sampleRun(), evaluated_count: null }],
      total: 2,
      limit: 50,
      offset: 0,
    };
    const { client } = validating(() => Response.json(page));
    await expect(client.listTraceRuns()).rejects.toMatchObject({
      path: ["items", 1, "evaluated_count"],
      message: expect.stringContaining("items[1].evaluated_count: expected number, got null"),
    });
  });

  it("distinguishes an exact path from one with a parameter", async () => {
    const template = { metric: {}, filters: {}, sampling_rate: 1, model: "heuristic/v1" };
    const { client } = validating(() => Response.json(template));
    await expect(client.getTraceRunTemplate("task_completion")).rejects.toMatchObject({
      operation: "getTraceRunTemplate",
      path: ["metric", "name"],
    });
  });

  it("rejects a success with another status", async () => {
    const { client } = validating(run({}, 200));
    await expect(client.createTraceRun({ metrics: ["task_completion"] })).rejects.toMatchObject({
      operation: "createTraceRun",
      path: [],
      expected: "status 202",
      got: "status 200",
    });
  });

  it("validates problems, and leaves valid ones unchanged", async () => {
    const headers = { "content-type": "application/problem+json" };
    const problem = { type: "t", title: "T", status: 404, detail: "D.", code: "not_found", request_id: "r" };
    const right = validating(() => new Response(JSON.stringify(problem), { status: 404, headers }));
    await expect(right.client.getTraceRun(runId)).rejects.toMatchObject({ name: "NotFoundError" });
    const wrong = validating(
      () => new Response(JSON.stringify({ ...problem, code: 404 }), { status: 404, headers }),
    );
    await expect(wrong.client.getTraceRun(runId)).rejects.toMatchObject({ path: ["code"], status: 404 });
  });

  it("leaves a proxy's page to the client, which retries", async () => {
    const page = () => new Response("<html>Bad gateway</html>", { status: 502 });
    const { client, requests } = validating(page, run({}));
    await expect(client.getTraceRun(runId)).resolves.toEqual(sampleRun());
    expect(requests).toHaveLength(2);
    const hopeless = validating(page);
    const error: unknown = await hopeless.client
      .getTraceRun(runId, { retries: 0 })
      .catch((reason: unknown) => reason);
    expect(isServerError(error)).toBe(true);
  });

  it("leaves a failed connection to the client", async () => {
    const { client } = validating(() => {
      throw new TypeError("fetch failed");
    });
    await expect(client.getTraceRun(runId, { retries: 0 })).rejects.toMatchObject({
      name: "ConnectionError",
    });
  });
});
