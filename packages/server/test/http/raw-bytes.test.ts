import type { Problem } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import { checkAnswer } from "../support/check-answer.ts";
import { type RawAnswer, requestBytes, sendBytes } from "./support/raw-http.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();

/** The answer to these bytes, checked against the contract. */
async function answerTo(bytes: string | Buffer): Promise<RawAnswer & { problem: Problem }> {
  const answers = await sendBytes(server.current.url, bytes);
  expect(answers).toHaveLength(1);
  const [answer] = answers;
  if (answer === undefined) throw new Error("No answer.");
  const problem = JSON.parse(answer.body) as Problem;
  checkAnswer("GET", "/nothing", { ...answer, headers: new Headers(answer.headers), body: problem });
  return { ...answer, problem };
}

describe("bytes that are not a request", () => {
  test.each([
    ["garbage", "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n"],
    ["an unknown method", requestBytes("FETCH /health HTTP/1.1")],
    ["a broken header", "GET /health HTTP/1.1\r\nHost localhost\r\n\r\n"],
    ["a NUL in a header", requestBytes("GET /health HTTP/1.1", { "X-Request-ID": "a\0b" })],
    ["a NUL in the path", requestBytes("GET /sessions/a\0b HTTP/1.1")],
    ["a line break in the path", requestBytes("GET /sessions/a\nb HTTP/1.1")],
    [
      "two lengths",
      requestBytes("POST /traces HTTP/1.1", { "Content-Length": "1", "content-length": "2" }, "{}"),
    ],
    ["no length but letters", requestBytes("POST /traces HTTP/1.1", { "Content-Length": "many" }, "{}")],
    [
      "a length and chunks",
      requestBytes("POST /traces HTTP/1.1", { "Content-Length": "2", "Transfer-Encoding": "chunked" }, "{}"),
    ],
    ["a version that does not exist", requestBytes("GET /health HTTP/9.9")],
  ])("%s", async (_, bytes) => {
    expect((await answerTo(bytes)).problem.code).toBe("malformed_request");
  });

  test("a request without Host, which HTTP/1.1 requires", async () => {
    const { problem } = await answerTo("GET /health HTTP/1.1\r\nConnection: close\r\n\r\n");
    expect(problem).toMatchObject({ code: "malformed_request", detail: expect.stringMatching(/Host/) });
  });

  test("invalid chunks", async () => {
    const headers = {
      "X-API-Key": server.current.apiKey,
      "X-Project-Name": "test",
      "Content-Type": "application/json",
      "Transfer-Encoding": "chunked",
    };
    const { problem } = await answerTo(requestBytes("POST /traces HTTP/1.1", headers, "nonsense\r\n"));
    expect(problem.code).toBe("malformed_request");
  });

  test("headers that are too large", async () => {
    const { problem } = await answerTo(
      requestBytes("GET /health HTTP/1.1", { "X-Large": "x".repeat(40_000) }),
    );
    expect(problem.code).toBe("headers_too_large");
  });

  test("a path that is longer than the limit of headers", async () => {
    expect((await answerTo(requestBytes(`GET /sessions/${"x".repeat(40_000)} HTTP/1.1`))).problem.code).toBe(
      "headers_too_large",
    );
  });
});

describe("a client that takes too long", () => {
  const slow = useHttpServer({ environment: { REQUEST_TIMEOUT_SECONDS: "1" } });

  test.each([
    ["over its headers", () => "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: "],
    [
      "over its body",
      () => {
        const headers = {
          "X-API-Key": slow.current.apiKey,
          "X-Project-Name": "test",
          "Content-Type": "application/json",
          "Content-Length": "100",
        };
        return requestBytes("POST /traces HTTP/1.1", headers, '{"name": ');
      },
    ],
  ])("%s", async (_, bytes) => {
    const since = performance.now();
    const [answer, ...more] = await sendBytes(slow.current.url, bytes());
    expect(performance.now() - since).toBeLessThan(6000);
    expect(more).toEqual([]);
    expect(answer?.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(answer?.body ?? "")).toMatchObject({ code: "request_timeout", status: 408 });
  });
});

describe("unusual but valid HTTP", () => {
  const healthy = async (bytes: string) => {
    const answers = await sendBytes(server.current.url, bytes);
    return answers.map(({ status, headers }) => [status, headers["x-request-id"] !== undefined]);
  };

  test("HTTP/1.0, which has no Host", async () => {
    expect(await healthy("GET /health HTTP/1.0\r\n\r\n")).toEqual([[200, true]]);
  });

  test("HTTP/0.9, which has no version", async () => {
    expect(await healthy("GET /health\r\n\r\n")).toEqual([[200, true]]);
  });

  test("a whole URL in the request line", async () => {
    expect(await healthy(requestBytes("GET http://localhost/health HTTP/1.1"))).toEqual([[200, true]]);
  });

  test("an unknown expectation", async () => {
    expect(await healthy(requestBytes("GET /health HTTP/1.1", { Expect: "a-miracle" }))).toEqual([
      [200, true],
    ]);
  });

  test("an upgrade that is not supported", async () => {
    const headers = { Connection: "Upgrade, close", Upgrade: "h2c" };
    expect(await healthy(requestBytes("GET /health HTTP/1.1", headers))).toEqual([[200, true]]);
  });

  test("pipelined requests", async () => {
    const first = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
    expect(await healthy(first + first + requestBytes("GET /nothing HTTP/1.1"))).toEqual([
      [200, true],
      [200, true],
      [404, true],
    ]);
  });

  test("lower-case header names, and a repeated header", async () => {
    const bytes = `GET /traces HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-api-key: ${server.current.apiKey}\r\nx-project-name: a\r\nx-project-name: b\r\n\r\n`;
    expect(await healthy(bytes)).toEqual([[422, true]]);
  });
});
