import { authHeaders } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { createRun } from "../support/run-helpers.ts";
import { storeTrace, traceBody } from "../support/traces.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { operations } from "./support/operations.ts";
import { type HttpServer, useHttpServer } from "./support/use-http-server.ts";

const origin = "https://app.example";
const server = useHttpServer({
  environment: {
    CORS_ORIGINS: `${origin}, https://two.example`,
    RATE_LIMIT_RUNS_PER_MINUTE: "1",
  },
});
const open = useHttpServer({ environment: { CORS_ORIGINS: "*" } });
const closed = useHttpServer();

/** The preflight of a browser. */
function preflight(
  asked: HttpServer,
  from: string,
  { method = "POST", path = "/traces", headers = "" } = {},
) {
  return fetch(asked.current.url + path, {
    method: "OPTIONS",
    headers: {
      origin: from,
      "access-control-request-method": method,
      ...(headers === "" ? {} : { "access-control-request-headers": headers }),
    },
  });
}

const allowedOrigin = ({ headers }: { headers: Headers }) => headers.get("access-control-allow-origin");
const listOf = (headers: Headers, name: string) =>
  (headers.get(name) ?? "").split(",").map((value) => value.trim().toLowerCase());

describe("a page of an allowed origin", () => {
  test.each(operations)("may call $id with every header that it declares", async (operation) => {
    const wanted = [
      ...Object.keys(authHeaders),
      ...Object.keys(operation.metadata.requestHeaders ?? {}),
      "content-type",
      "content-encoding",
      "x-request-id",
    ];
    const response = await preflight(server, origin, {
      method: operation.method,
      path: operation.path.replace(/:\w+/g, "x"),
      headers: wanted.join(",").toLowerCase(),
    });
    expect(response.status).toBe(204);
    expect(allowedOrigin(response)).toBe(origin);
    expect(listOf(response.headers, "access-control-allow-methods")).toContain(
      operation.method.toLowerCase(),
    );
    expect(listOf(response.headers, "access-control-allow-headers")).toEqual(
      wanted.map((name) => name.toLowerCase()),
    );
    expect(Number(response.headers.get("access-control-max-age"))).toBeGreaterThan(0);
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();
  });

  test("may read every header of an answer", async () => {
    const declared = operations.flatMap(({ metadata }) => Object.keys(metadata.responseHeaders ?? {}));
    const answer = await server.project().get("/traces", { origin });
    const exposed = listOf(answer.headers, "access-control-expose-headers");
    expect(exposed).toEqual(
      expect.arrayContaining([
        ...["x-request-id", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"],
        ...declared.map((name) => name.toLowerCase()),
      ]),
    );
    expect(allowedOrigin(answer)).toBe(origin);
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
  });

  test("may read a stream of events, and resume one", async () => {
    const api = server.project();
    await storeTrace(api);
    const run = await createRun(api, { sampling_rate: 0 });
    for (const headers of [{ origin }, { origin, "last-event-id": "PENDING-0-0" }]) {
      const events = await api.sendRaw("GET", `/evaluations/trace-runs/${run.id}/events`, undefined, headers);
      expect([events.status, allowedOrigin(events)]).toEqual([200, origin]);
      expect(events.headers.get("content-type")).toMatch(/^text\/event-stream/);
      expect(listOf(events.headers, "access-control-expose-headers")).toContain("x-request-id");
    }
  });

  test("may read problems", async () => {
    const api = server.project();
    await storeTrace(api);
    const run = () => api.post("/evaluations/trace-runs", { metrics: ["coherence"] }, { origin });
    await run();
    const answers = [
      await api.get("/nothing", { origin }),
      await api.get("/traces/x", { origin }),
      await api.sendRaw("POST", "/traces", "{", { origin, "content-type": "application/json" }),
      await api.as({ apiKey: "wrong" }).get("/traces", { origin }),
      await run(),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 422, 400, 401, 429]);
    for (const answer of answers) {
      expect(allowedOrigin(answer)).toBe(origin);
      expect(listOf(answer.headers, "access-control-expose-headers")).toContain("retry-after");
    }
  });

  test("may be one of several", async () => {
    expect(allowedOrigin(await preflight(server, "https://two.example"))).toBe("https://two.example");
    const { headers } = await server.project().get("/traces", { origin });
    expect(headers.get("vary")?.toLowerCase()).toBe("origin, accept-encoding");
  });
});

describe("any other origin", () => {
  test.each([
    "https://evil.example",
    "http://app.example",
    "https://app.example:8443",
    "https://app.example.evil.example",
    "null",
  ])("is refused: %s", async (other) => {
    const response = await preflight(server, other);
    expect(allowedOrigin(response)).toBeNull();
    expect(allowedOrigin(await server.project().get("/traces", { origin: other }))).toBeNull();
  });

  test("is any origin if none is configured", async () => {
    expectProblem(
      await closed.project().send("OPTIONS", "/traces", undefined, {
        origin,
        "access-control-request-method": "POST",
      }),
      "method_not_allowed",
    );
    expect(allowedOrigin(await closed.project().get("/traces", { origin }))).toBeNull();
  });
});

describe("with *", () => {
  test("any page may call, but without the browser's credentials", async () => {
    for (const from of [origin, "https://evil.example", "null"]) {
      const response = await preflight(open, from, { method: "PATCH", headers: "x-api-key" });
      expect([response.status, allowedOrigin(response)]).toEqual([204, "*"]);
      const answer = await open.project().post("/traces", traceBody(), { origin: from });
      expect([answer.status, allowedOrigin(answer)]).toEqual([202, "*"]);
      expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    }
  });

  test("an OPTIONS that is not a preflight is answered too, with a request id", async () => {
    const response = await fetch(`${open.current.url}/traces`, { method: "OPTIONS" });
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect(response.headers.get("x-request-id")).toBeTruthy();
  });
});

test.each(["https://app.example/", "https://app.example/path", "app.example", "https://A.example", ","])(
  "CORS_ORIGINS=%s would never match, and is refused at start",
  (origins) => {
    expect(() => readConfig({ CORS_ORIGINS: origins })).toThrow(/^CORS_ORIGINS must be/);
  },
);
