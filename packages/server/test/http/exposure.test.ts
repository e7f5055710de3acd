/** @module-tag slow */
import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { ApiClient } from "../support/api-client.ts";
import { lockTable } from "../support/lock-table.ts";
import { createRun } from "../support/run-helpers.ts";
import { useTestServer } from "../support/test-server.ts";
import { storeTrace } from "../support/traces.ts";
import { addKey } from "./support/add-key.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();

describe("security headers", () => {
  test.each([
    "/health",
    "/openapi.json",
    "/metrics",
    "/traces",
    "/nowhere",
    "/docs",
    "/docs/assets/swagger-ui.css",
    "/docs/reference.js",
  ])("of %s forbid sniffing and framing", async (path) => {
    const { headers } = await fetch(server.current.url + path);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  });

  test("the reference does not store the API key", async () => {
    const script = await (await fetch(`${server.current.url}/docs/reference.js`)).text();
    expect(script).toContain("SwaggerUIBundle");
    expect(script).not.toContain("persistAuthorization");
  });
});

describe("metrics and the reference", () => {
  const status = async (url: string) => (await fetch(url)).status;

  test("can be disabled", async () => {
    const { url, api } = await useTestServer({
      role: "api",
      environment: { METRICS_PORT: "off", DOCS: "off" },
    });
    for (const path of [
      "/metrics",
      "/docs",
      "/openapi.json",
      "/docs/reference.js",
      "/docs/assets/swagger-ui.css",
    ]) {
      expect([path, await status(url + path)]).toEqual([path, 404]);
    }
    expect((await api.get("/traces")).status).toBe(200);
    expect(await status(`${url}/health`)).toBe(200);
  });

  test("metrics move to METRICS_PORT", async () => {
    const { url, server } = await useTestServer({ role: "api", environment: { METRICS_PORT: "0" } });
    const [port, ...others] = server.operationsPorts;
    expect(others).toEqual([]);
    expect(await status(`${url}/metrics`)).toBe(404);
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await answer.text()).toContain("pandaprobe_http_request_duration_seconds");
    for (const path of ["/traces", "/docs", "/openapi.json"]) {
      expect([path, await status(`http://127.0.0.1:${port}${path}`)]).toEqual([path, 404]);
    }
    expect(await status(`${url}/docs`)).toBe(200);
  });

  test("the reference moves to DOCS_PORT, without the offer to send requests", async () => {
    const { url, server } = await useTestServer({ role: "api", environment: { DOCS_PORT: "0" } });
    const origin = `http://127.0.0.1:${server.operationsPorts[0]}`;
    const paths = ["/docs", "/openapi.json", "/docs/reference.js", "/docs/assets/swagger-ui.css"];
    for (const path of paths) {
      expect([path, await status(url + path)]).toEqual([path, 404]);
      const answer = await fetch(origin + path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    }
    expect(await (await fetch(`${origin}/docs/reference.js`)).text()).toContain("supportedSubmitMethods: []");
    expect(await (await fetch(`${origin}/openapi.json`)).json()).toMatchObject({ openapi: "3.1.0" });
    for (const path of ["/metrics", "/traces"])
      expect([path, await status(origin + path)]).toEqual([path, 404]);
    expect(await status(`${url}/metrics`)).toBe(200);
  });

  test("both may move to one port", async () => {
    const { url, server } = await useTestServer({
      role: "api",
      environment: { METRICS_PORT: "0", DOCS_PORT: "0" },
    });
    const [port, ...others] = server.operationsPorts;
    expect(others).toEqual([]);
    for (const path of ["/metrics", "/docs"]) {
      expect(await status(url + path)).toBe(404);
      expect(await status(`http://127.0.0.1:${port}${path}`)).toBe(200);
    }
  });
});

test("a slow statement of a request is answered 503 and the next request works; workers have no such limit", async () => {
  const { api, database } = await useTestServer({
    environment: { STATEMENT_TIMEOUT_SECONDS: "1", DATABASE_POOL_SIZE: "4" },
  });
  await storeTrace(api);
  const unlock = await lockTable(database.url, "spans", "access exclusive");
  const run = await createRun(api);
  const answer = await api.get("/traces");
  expectProblem(answer, "unavailable", { detail: /too long/ });
  expect(answer.headers.get("retry-after")).toBe("5");
  expect((await api.get("/evaluations/trace-scores")).status).toBe(200);
  await unlock();
  const { body } = await api.get<{ status: string }>(`/evaluations/trace-runs/${run.id}`, {
    prefer: "wait=20",
  });
  expect(body.status).not.toBe("FAILED");
  expect((await api.get("/traces")).status).toBe(200);
});

describe("requests without a valid key", () => {
  const limited = useHttpServer({ environment: { AUTH_FAILURES_PER_MINUTE: "3" } });
  const proxied = useHttpServer({
    environment: { AUTH_FAILURES_PER_MINUTE: "2", TRUSTED_PROXIES: "127.0.0.0/8" },
  });

  test("are refused above the limit, except for keys that were valid; /health and /ready never are", async () => {
    const { url, api } = limited.current;
    expect((await api.get("/traces")).status).toBe(200);
    const unknown = new ApiClient({ url, apiKey: `sk_pp_${"0".repeat(64)}`, project: "p" });
    for (let n = 0; n < 3; n += 1) expectProblem(await unknown.get("/traces"), "invalid_credentials");
    const refused = await unknown.get("/traces");
    expectProblem(refused, "rate_limited", { detail: /your address/ });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(30);
    expectProblem(await unknown.as({ apiKey: "" }).get("/traces"), "rate_limited");
    expect((await api.get("/traces")).status).toBe(200);
    for (const path of ["/health", "/ready"]) expect((await fetch(url + path)).status).toBe(200);
    // A valid key that was not used before is refused as well.
    const late = unknown.as({ apiKey: await addKey(limited.current.database.url) });
    expectProblem(await late.get("/traces"), "rate_limited");
  });

  /** The status of a request that a proxy forwards. */
  function statusFrom(url: string, address: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      request(
        `${url}/traces`,
        { headers: { "x-api-key": "wrong", "x-project-name": "p", "x-forwarded-for": address } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      )
        .on("error", reject)
        .end();
    });
  }

  test("are counted by the address from a trusted proxy, and ignore other X-Forwarded-For headers", async () => {
    const statuses = async (url: string, addresses: readonly string[]) => {
      const all: (number | undefined)[] = [];
      for (const address of addresses) all.push(await statusFrom(url, address));
      return all;
    };
    const [first, second] = ["198.51.100.1", "198.51.100.2"];
    expect(await statuses(proxied.current.url, [first, first, first, second])).toEqual([401, 401, 429, 401]);
    const fresh = await useTestServer({ role: "api", environment: { AUTH_FAILURES_PER_MINUTE: "2" } });
    expect(await statuses(fresh.url, [first, first, second])).toEqual([401, 401, 429]);
  });
});
