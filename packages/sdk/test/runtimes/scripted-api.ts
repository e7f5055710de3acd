import type { ServerResponse } from "node:http";
import { sampleRun } from "../support/sample-run.ts";
import {
  type ReceivedRequest,
  sendJson,
  sendProblem,
  startTestServer,
  type TestServer,
} from "../support/test-server.ts";

/** What one runtime has requested so far. */
interface Client {
  /** The idempotency key of each attempt of `createTraceRun`. */
  readonly keys: string[];
  metricLists: number;
  polls: number;
  streams: number;
}

interface Exchange {
  readonly response: ServerResponse;
  readonly request: ReceivedRequest;
  readonly url: URL;
  /** The last part of the path, decoded. */
  readonly id: string;
  readonly client: Client;
}

const streamedRun = sampleRun({
  id: "55555555-5555-5555-5555-555555555555",
  total_traces: 2,
  total_targets: 2,
});

/** As the server allows pages of other origins, except that any origin is allowed. */
const cors = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "X-Request-ID, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Preference-Applied, Idempotency-Replayed",
};

/**
 * The server of `suite.ts`, on a real port. Each runtime uses a path of its own, because the server keeps state by path.
 */
export function startScriptedApi(): Promise<TestServer> {
  const clients = new Map<string, Client>();
  return startTestServer((response, request) => {
    for (const [name, value] of Object.entries(cors)) response.setHeader(name, value);
    if (request.method === "OPTIONS") return allow(response, request);
    const url = new URL(request.url, "http://server");
    const [, runtime = "", ...parts] = url.pathname.split("/");
    const client = clients.get(runtime) ?? { keys: [], metricLists: 0, polls: 0, streams: 0 };
    clients.set(runtime, client);
    const id = decodeURIComponent(parts.at(-1) ?? "");
    const path = `/${parts.join("/")}`;
    const [, , answer] =
      exchanges.find(([method, pattern]) => method === request.method && pattern.test(path)) ?? [];
    if (answer === undefined) return sendProblem(response, 405, { detail: `${request.method} ${path}` });
    if (!/^sk_pp_[0-9a-f]{64}$/.test(`${request.headers["x-api-key"]}`)) return sendProblem(response, 401);
    return answer({ response, request, url, id, client });
  });
}

function allow(response: ServerResponse, { headers }: ReceivedRequest): void {
  response.writeHead(204, {
    "access-control-allow-methods": "GET, HEAD, POST, PATCH, DELETE",
    "access-control-allow-headers": headers["access-control-request-headers"] ?? "",
  });
  response.end();
}

const exchanges: readonly (readonly [string, RegExp, (exchange: Exchange) => unknown])[] = [
  [
    "POST",
    /^\/traces$/,
    ({ response, request: { headers, body } }) => {
      if (JSON.parse(body).name === "refused") {
        return sendProblem(response, 422, { errors: [{ loc: ["body", "name"], msg: "No.", type: "x" }] });
      }
      const seen = JSON.stringify({ headers, body });
      return sendJson(response, 202, { trace_id: "a", task_id: seen }, { "x-request-id": "req-createTrace" });
    },
  ],
  [
    "POST",
    /^\/traces\/batch$/,
    ({ response, request }) => {
      const traces = (JSON.parse(request.body) as { traces: { trace_id: string }[] }).traces;
      const items = traces.map(({ trace_id }, index) => ({
        index,
        trace_id,
        status: "accepted",
        error: null,
      }));
      sendJson(response, 202, { items, accepted: items.length, rejected: 0 });
    },
  ],
  [
    "GET",
    /^\/traces$/,
    ({ response, url }) => {
      const limit = Number(url.searchParams.get("limit"));
      const offset = Number(url.searchParams.get("offset") ?? 0);
      const all = [0, 1, 2, 3, 4].map((n) => ({ name: `trace ${n}` }));
      sendJson(response, 200, { items: all.slice(offset, offset + limit), total: all.length, limit, offset });
    },
  ],
  [
    "GET",
    /^\/traces\/[^/]+$/,
    ({ response, id }) => {
      if (id === "hangs") return;
      if (id === "missing") {
        return sendProblem(response, 404, { code: "not_found" });
      }
      sendJson(response, 200, { name: id });
    },
  ],
  [
    "DELETE",
    /^\/traces\/[^/]+$/,
    ({ response }) => {
      response.writeHead(204);
      response.end();
    },
  ],
  [
    "POST",
    /^\/evaluations\/trace-runs$/,
    ({ response, request, client }) => {
      client.keys.push(`${request.headers["idempotency-key"]}`);
      if (client.keys.length === 1) return sendProblem(response, 503);
      if (client.keys.length === 2) return response.destroy();
      sendJson(response, 202, sampleRun({ name: client.keys.join(" ") }));
    },
  ],
  [
    "POST",
    /^\/evaluations\/trace-runs\/batch$/,
    ({ response, client }) => {
      client.polls = 0;
      sendJson(response, 202, sampleRun({ status: "PENDING", total_traces: 2, total_targets: 2 }));
    },
  ],
  [
    "GET",
    /^\/evaluations\/trace-runs\/[^/]+$/,
    ({ response, request, client, id }) => {
      if (id === streamedRun.id)
        return sendJson(response, 200, { ...streamedRun, evaluated_count: client.streams });
      client.polls += 1;
      const evaluated_count = Math.min(client.polls, 2);
      const status = evaluated_count === 2 ? "COMPLETED" : "RUNNING";
      const run = sampleRun({ status, total_traces: 2, total_targets: 2, evaluated_count, failed_count: 1 });
      const waits = request.headers["prefer"];
      if (waits !== undefined) response.setHeader("preference-applied", waits);
      sendJson(response, 200, run);
    },
  ],
  [
    "GET",
    /^\/evaluations\/trace-runs\/[^/]+\/events$/,
    ({ response, request, client }) => {
      client.streams += 1;
      response.writeHead(200, { "content-type": "text/event-stream" });
      if (request.headers["last-event-id"] === "RUNNING-1-0") {
        const ended = { ...streamedRun, status: "COMPLETED", evaluated_count: 2 };
        response.end(`id: COMPLETED-2-0\nevent: end\ndata: ${JSON.stringify(ended)}\n\n`);
        return;
      }
      const begun = { ...streamedRun, evaluated_count: 1 };
      const event = `retry: 1000\nid: RUNNING-1-0\nevent: progress\ndata: ${JSON.stringify(begun)}\n\n`;
      // In two parts, and cut off after they have arrived.
      response.write(event.slice(0, 60));
      setTimeout(() => response.write(event.slice(60), () => setTimeout(() => response.destroy(), 50)), 50);
    },
  ],
  [
    "GET",
    /^\/evaluations\/trace-runs\/[^/]+\/scores$/,
    ({ response }) => {
      const score = { name: "task_completion", data_type: "NUMERIC", status: "SUCCESS", metadata: {} };
      sendJson(response, 200, [
        { ...score, trace_id: "a", value: "1" },
        { ...score, trace_id: "b", value: "0.5" },
        { ...score, trace_id: "c", value: null, status: "FAILED" },
      ]);
    },
  ],
  [
    "GET",
    /^\/evaluations\/session-metrics$/,
    ({ response, client }) => {
      client.metricLists += 1;
      if (client.metricLists === 1) return sendProblem(response, 429, {}, { "retry-after": "1" });
      sendJson(response, 200, []);
    },
  ],
  [
    "GET",
    /^\/evaluations\/trace-metrics$/,
    ({ response }) =>
      sendJson(response, 200, [{ name: "task_completion", description: "d", category: "trace" }]),
  ],
  ["GET", /^\/evaluations\/trace-scores\/[^/]+$/, ({ response }) => sendJson(response, 200, [{ id: 7 }])],
];
