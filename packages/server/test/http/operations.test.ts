import { openApiDocument, otlpRoutes } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import { startTestServer } from "../support/test-server.ts";
import { storeTrace, traceBody } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { operations } from "./support/operations.ts";
import { unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const database = databaseBehind(server);

describe("GET /health and /ready", () => {
  test("answer ok", async () => {
    for (const path of ["/health", "/ready"]) {
      const { status, body } = await server.project().get(path);
      expect([status, body]).toEqual([200, { status: "ok" }]);
    }
  });

  test("without the database, /ready and requests that need it answer 503, and /health 200", async () => {
    const broken = await startTestServer({ role: "api" });
    const id = await storeTrace(broken.api);
    await broken.database.drop();
    expectProblem(await broken.api.get("/ready"), "unavailable");
    expect((await broken.api.get("/health")).status).toBe(200);
    expectProblem(await broken.api.get(`/traces/${id}`), "unavailable");
    expectProblem(await broken.api.post("/traces", traceBody()), "unavailable");
    await broken.server.stop();
  });

  test("the server recovers from closed database connections", async () => {
    const api = server.project();
    const id = await storeTrace(api);
    const others =
      "datname = current_database() and pid <> pg_backend_pid() and application_name like 'pandaprobe%'";
    await database.run(`select pg_terminate_backend(pid) from pg_stat_activity where ${others}`);
    await waitUntil(async () => (await api.get(`/traces/${id}`)).status === 200);
    expect((await api.get("/ready")).status).toBe(200);
  });
});

describe("GET /openapi.json", () => {
  test("is the contract's document, with the version of this server", async () => {
    const { status, body } = await server.project().get<{ info: { version: string } }>("/openapi.json");
    expect(status).toBe(200);
    expect(body.info.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(body).toEqual(JSON.parse(JSON.stringify(openApiDocument(body.info.version))));
  });

  test("has exactly the paths of the server", async () => {
    const { body } = await server
      .project()
      .get<{ paths: Record<string, Record<string, unknown>> }>("/openapi.json");
    const api = server.project();
    for (const [path, methods] of Object.entries(body.paths)) {
      for (const method of Object.keys(methods)) {
        const url = path.replace(/\{\w+\}/g, unknownId);
        const answer = await api.send(method.toUpperCase(), url, undefined);
        if (answer.status === 404) expect(JSON.stringify(answer.body)).not.toContain("in this API");
      }
    }
    expect(Object.values(body.paths).flatMap((methods) => Object.keys(methods))).toHaveLength(
      operations.length + Object.keys(otlpRoutes).length,
    );
  });
});

describe("GET /docs", () => {
  test("is a page that loads nothing from other hosts", async () => {
    const { status, headers, body } = await server.project().get<string>("/docs");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toMatch(/^text\/html/);
    const sources = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source = ""]) => source);
    expect(sources.length).toBeGreaterThan(3);
    for (const source of sources) {
      expect(source).toMatch(/^\/(?!\/)/);
      const response = await fetch(server.current.url + source);
      expect(response.status, source).toBe(200);
      await response.arrayBuffer();
    }
    expect(body).not.toMatch(/https?:|<script>|\son\w+=/);
  });

  test("has a content security policy that refuses other hosts and allows what the page needs", async () => {
    const { headers } = await server.project().get("/docs");
    const policy = headers.get("content-security-policy") ?? "";
    const rules = new Map(policy.split("; ").map((rule) => [rule.split(" ")[0], rule.split(" ").slice(1)]));
    expect(rules.get("default-src")).toEqual(["'none'"]);
    expect(rules.get("script-src")).toEqual(["'self'"]);
    expect(rules.get("connect-src")).toEqual(["'self'"]);
    for (const sources of rules.values()) expect(sources.join(" ")).not.toMatch(/\*|https?:|\w\.\w/);
  });

  test("opens this server's document, and does not send it to a validator", async () => {
    const { body, headers } = await server.project().get<string>("/docs/reference.js");
    expect(headers.get("content-type")).toMatch(/^text\/javascript/);
    expect(body).toContain('url: "/openapi.json"');
    expect(body).toContain("validatorUrl: null");
    expect(body).not.toMatch(/https?:/);
  });
});

describe("GET /metrics", () => {
  test("counts requests by route, not by path", async () => {
    const api = server.project();
    const id = await storeTrace(api);
    await api.get(`/traces/${id}`);
    await api.get(`/nothing/${id}`);
    const { status, headers, body } = await api.get<string>("/metrics");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(body).toMatch(
      /pandaprobe_http_request_duration_seconds_count\{.*route="\/traces\/:trace_id".*status="200"/,
    );
    expect(body).toMatch(/route="unknown".*status="404"/);
    expect(body).toContain("process_cpu_seconds_total");
    expect(body).not.toContain(id);
  });
});
