import { type MetricDefinition, PandaProbeMetrics } from "@pandaprobe/sdk/metrics";
import { expect, it } from "vitest";
import { otherOperations } from "../scripts/operations.ts";
import { apiKey } from "./support/test-client.ts";
import { sendJson, startTestServer } from "./support/test-server.ts";

const definition: MetricDefinition = { kind: "latency", max_ms: 2000 };

const traceId = "11111111-1111-1111-1111-111111111111";

/** Every method, with what it must send: method, path with query as it is on the wire, and body. */
const calls: Record<string, [(metrics: PandaProbeMetrics) => Promise<unknown>, string, unknown?]> = {
  listMetrics: [(metrics) => metrics.listMetrics(), "GET /evaluations/metrics"],
  getMetric: [(metrics) => metrics.getMetric("a/b"), "GET /evaluations/metrics/a%2Fb"],
  putMetric: [
    (metrics) => metrics.putMetric("fast", definition),
    "PUT /evaluations/metrics/fast",
    definition,
  ],
  tryMetric: [
    (metrics) => metrics.tryMetric("fast", { trace_ids: [traceId], definition }),
    "POST /evaluations/metrics/fast/try",
    { trace_ids: [traceId], definition },
  ],
  listMetricVersions: [
    (metrics) => metrics.listMetricVersions("fast", { limit: 5 }),
    "GET /evaluations/metrics/fast/versions?limit=5",
  ],
  deleteMetric: [(metrics) => metrics.deleteMetric("fast"), "DELETE /evaluations/metrics/fast"],
};

it("covers every method", () => {
  const operations = otherOperations("metrics").map(({ id }) => id);
  expect(Object.keys(calls).sort()).toEqual(operations.sort());
});

it.each(Object.entries(calls))("%s sends what the contract describes", async (name, [call, line, body]) => {
  const { response: answered } = otherOperations("metrics").find(({ id }) => id === name) ?? {};
  const answer = answered === null ? undefined : { answered: name };
  await using server = await startTestServer((response) => {
    if (answer === undefined) response.writeHead(204).end();
    else sendJson(response, 200, answer);
  });
  const metrics = new PandaProbeMetrics({ ...server, apiKey, projectName: "shop" });
  await expect(call(metrics)).resolves.toEqual(answer);
  const [request] = server.requests;
  expect(`${request?.method} ${request?.url}`).toBe(line);
  expect(request?.body).toBe(body === undefined ? "" : JSON.stringify(body));
  expect(request?.headers).toMatchObject({ "x-api-key": apiKey, "x-project-name": "shop" });
});

it("repeats a PUT whose response was lost, because it is idempotent", async () => {
  let requests = 0;
  await using server = await startTestServer((response) => {
    requests += 1;
    if (requests === 1) response.destroy();
    else sendJson(response, 200, { version: 1 });
  });
  const metrics = new PandaProbeMetrics({ ...server, apiKey, projectName: "shop" });
  await expect(metrics.putMetric("fast", definition)).resolves.toEqual({ version: 1 });
});
