import { errorCodes, type Problem } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import { traceBody } from "../support/traces.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer({ environment: { BODY_LIMIT_BYTES: "2048" } });
const json = { "content-type": "application/json" };

/** The tests' client checks the envelope, content type and request id of every answer. */
describe("every error is a problem document", () => {
  test.each([
    ["GET", "/nothing"],
    ["POST", "/traces/x/y/z"],
    ["POST", "//traces"],
    ["QUERY", "/nothing"],
    ["GET", "/evaluations/trace-runs/template/more"],
    ["GET", "/docs/assets/nothing.js"],
    ["GET", "/docs/assets/%2e%2e/%2e%2e/package.json"],
  ])("%s %s does not exist", async (method, path) => {
    const answer = await server.project().send(method, path);
    expectProblem(answer, "not_found", { detail: /^There is no \w+ \/\S* in this API\.$/ });
  });

  test.each([
    ["PUT", "/", "GET, HEAD"],
    ["PUT", "/traces", "GET, HEAD, POST"],
    ["PUT", "/traces/", "GET, HEAD, POST"],
    ["QUERY", "/traces?limit=1", "GET, HEAD, POST"],
    ["PROPFIND", "/traces", "GET, HEAD, POST"],
    ["OPTIONS", "/traces", "GET, HEAD, POST"],
    ["DELETE", "/evaluations/trace-runs", "GET, HEAD, POST"],
    ["PUT", `/traces/${unknownId}`, "DELETE, GET, HEAD, PATCH"],
    ["GET", "/evaluations/trace-runs/estimate/more/retry", ""],
    ["PATCH", "/health", "GET, HEAD"],
    ["POST", "/docs", "GET, HEAD"],
  ])("%s %s is refused, and the answer names the methods of the path", async (method, path, allow) => {
    const answer = await server.project().send(method, path);
    expectProblem(answer, allow === "" ? "not_found" : "method_not_allowed");
    expect(answer.headers.get("allow") ?? "").toBe(allow);
  });

  test("HEAD answers like GET, without a body", async () => {
    const known = await fetch(`${server.current.url}/health`, { method: "HEAD" });
    expect([known.status, await known.text()]).toEqual([200, ""]);
    const unknown = await fetch(`${server.current.url}/nothing`, { method: "HEAD" });
    expect([unknown.status, await unknown.text()]).toEqual([404, ""]);
    expect(unknown.headers.get("x-request-id")).toBeTruthy();
  });

  test.each(["{", '{"name": }', "{'name': 1}", "nul", "\ufeff{}", '{"a": 1e}', '{"a": "\n"}', "{}{}", "\0"])(
    "malformed JSON: %j",
    async (text) => {
      expectProblem(await server.project().sendRaw("POST", "/traces", text, json), "malformed_json", {
        detail: /JSON/,
      });
    },
  );

  test.each([
    "text/plain",
    "text/plain; charset=utf-8",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/xml",
    "application/jsonp",
    "json",
    "application/",
    ";",
    "*/*",
  ])("a body of the type %s", async (type) => {
    const answer = await server.project().sendRaw("POST", "/traces", "{}", { "content-type": type });
    expectProblem(answer, "unsupported_media_type", { detail: /application\/json/ });
  });

  test.each([
    "application/json",
    "Application/JSON; charset=UTF-8",
    "application/vnd.panda+json",
    "application/json;",
  ])("but %s is JSON", async (type) => {
    const body = JSON.stringify(traceBody());
    expect((await server.project().sendRaw("POST", "/traces", body, { "content-type": type })).status).toBe(
      202,
    );
  });

  test("a body that is too large, with or without Content-Length", async () => {
    const api = server.project();
    const body = (length: number) => {
      const empty = JSON.stringify(traceBody({ input: "" })).length;
      return JSON.stringify(traceBody({ input: "x".repeat(length - empty) }));
    };
    expect((await api.sendRaw("POST", "/traces", body(2048), json)).status).toBe(202);
    expectProblem(await api.sendRaw("POST", "/traces", body(2049), json), "body_too_large", {
      detail: /^The body is larger than 2048 bytes\. Send less at once\.$/,
    });
    const chunked = await fetch(`${server.current.url}/traces`, {
      method: "POST",
      headers: { ...json, "x-api-key": server.current.apiKey, "x-project-name": "test" },
      body: new Blob([body(2049)]).stream(),
      duplex: "half",
    } as RequestInit);
    expect([chunked.status, ((await chunked.json()) as Problem).code]).toEqual([413, "body_too_large"]);
  });

  test.each(["/traces/%zz", "/sessions/%", "/sessions/%ff", "/nothing/%zz", "/sessions/%ed%a0%80"])(
    "a path that cannot be decoded: %s",
    async (path) => {
      expectProblem(await server.project().get(path), "malformed_request");
    },
  );

  test("a path value that is too long", async () => {
    const api = server.project();
    expectProblem(await api.get(`/sessions/${"x".repeat(256)}`), "validation_error", {
      loc: ["path", "session_id"],
    });
    expectProblem(await api.get(`/sessions/${"x".repeat(4000)}`), "uri_too_long");
  });

  test("invalid values, each with its location", async () => {
    const api = server.project();
    const answer = await api.post("/traces", {
      name: "",
      spans: [{ name: "s", started_at: "soon", kind: "X" }],
    });
    expectProblem(answer, "validation_error");
    const { errors, detail } = answer.body as Problem;
    expect(errors?.map(({ loc }) => loc)).toEqual([
      ["body", "name"],
      ["body", "started_at"],
      ["body", "spans", 0, "kind"],
      ["body", "spans", 0, "started_at"],
    ]);
    expect(errors?.find(({ loc }) => loc[1] === "started_at")).toMatchObject({ type: "missing" });
    expect(detail).toMatch(/body\.spans\.0\.started_at must be an RFC 3339 date-time/);
    expectProblem(await api.get("/traces?limit=x&sort_by=age"), "validation_error", {
      loc: ["query", "limit"],
    });
    expectProblem(await api.get("/traces/1"), "validation_error", { loc: ["path", "trace_id"] });
  });

  test.each([
    ["/traces", { name: null, started_at: true }, "body.name must be a string, not null"],
    ["/traces", { name: null, started_at: true }, "body.started_at must be an RFC 3339 date-time"],
    [
      "/traces",
      { name: "x", started_at: "2026-03-01", status: "DONE" },
      "body.status must be one of PENDING, RUNNING, COMPLETED, ERROR.",
    ],
    ["/evaluations/trace-runs", { metrics: [] }, "body.metrics must have at least 1 item."],
    [
      "/evaluations/trace-runs",
      { metrics: ["coherence"], sampling_rate: 2 },
      "body.sampling_rate must be at most 1.",
    ],
    [
      "/evaluations/trace-runs",
      { metrics: ["coherence"], filters: { date_from: "2026-03-02", date_to: "2026-03-01" } },
      "body.filters.date_from must be before date_to.",
    ],
    ["/evaluations/trace-runs", { metrics: "coherence" }, "body.metrics must be an array, not a string."],
  ])("messages say what would be valid: %s %j", async (path, body, words) => {
    const answer = await server.project().post<Problem>(path, body);
    expect(answer.body.detail).toContain(words);
  });

  test("a missing body", async () => {
    for (const body of [undefined, null, [], "text", 1, true])
      expectProblem(await server.project().send("POST", "/traces", body), "validation_error");
  });

  test("a resource that does not exist, by its name", async () => {
    expectProblem(await server.project().get(`/traces/${unknownId}`), "not_found", {
      detail: /^There is no trace "11111111-1111-1111-1111-111111111111" in this project\.$/,
    });
  });

  test("invalid values are quoted, but shortened", async () => {
    const long = "x".repeat(1500);
    for (const filters of [
      { [long]: 1 },
      Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`k${n}`, 1])),
    ]) {
      const answer = await server
        .project()
        .post("/evaluations/trace-runs", { metrics: ["coherence"], filters });
      expectProblem(answer, "invalid_filters");
      expect(JSON.stringify(answer.body).length).toBeLessThan(15_000);
      expect((answer.body as Problem).detail.length).toBeLessThan(1000);
    }
  });
});

describe("a JSON content type without a body", () => {
  test.each([
    ["GET", "/traces", 200],
    ["GET", "/health", 200],
    ["HEAD", "/health", 200],
    ["DELETE", `/traces/${unknownId}`, 404],
    ["DELETE", `/evaluations/trace-runs/${unknownId}`, 404],
    ["POST", `/evaluations/trace-runs/${unknownId}/retry`, 404],
    ["POST", "/traces", 422],
    ["PATCH", `/evaluations/trace-scores/${unknownId}`, 422],
  ])("counts as no body: %s %s", async (method, path, status) => {
    for (const type of ["application/json", "application/json; charset=utf-8"]) {
      const response = await fetch(server.current.url + path, {
        method,
        headers: {
          "content-type": type,
          "x-api-key": server.current.apiKey,
          "x-project-name": "test",
        },
      });
      expect(response.status, type).toBe(status);
      await response.text();
    }
  });

  test("a DELETE with a body that is not JSON is refused, as documented", async () => {
    const api = server.project();
    const path = `/traces/${unknownId}`;
    expectProblem(
      await api.sendRaw("DELETE", path, "x", { "content-type": "text/plain" }),
      "unsupported_media_type",
    );
    expectProblem(await api.sendRaw("DELETE", path, "{", json), "malformed_json");
  });

  test("a DELETE works the same with and without a body", async () => {
    const answer = await server.project().send("DELETE", `/traces/${unknownId}`, { trace_ids: ["x"] });
    expectProblem(answer, "not_found");
  });
});

describe("X-Request-ID", () => {
  const idOf = async (sent: string, path = "/health") => {
    const { headers } = await server.project().get(path, { "x-request-id": sent });
    return headers.get("x-request-id");
  };

  test.each(["a", "req_1.2-3:4/5+6=7", "x".repeat(128), "0198c0de-7abc-7def-8123-456789abcdef"])(
    "is the client's: %s",
    async (sent) => {
      expect(await idOf(sent)).toBe(sent);
      expect(await idOf(sent, "/nothing")).toBe(sent);
      expect(await idOf(sent, "/traces/%zz")).toBe(sent);
    },
  );

  test.each(["", "x".repeat(129), "two words", "<script>", "naïve", 'a"b', "a,b"])(
    "is a new one if the client's is not safe to log: %j",
    async (sent) => {
      expect(await idOf(sent)).toMatch(/^[\da-f]{8}-[\da-f]{4}-4/);
    },
  );

  test("is different for each request", async () => {
    expect(await idOf("")).not.toBe(await idOf(""));
  });
});

test("the catalogue of errors has one status and one title for each code", () => {
  for (const [code, { status, title }] of Object.entries(errorCodes)) {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
  }
});
