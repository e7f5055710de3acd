import { inspect } from "node:util";
import type { AfterResponseState, BeforeRequestState, BeforeRetryState } from "@pandaprobe/sdk";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { recordingLogger } from "./support/recording-logger.ts";
import { apiKey, testClient } from "./support/test-client.ts";
import { sendJson, sendProblem, startTestServer } from "./support/test-server.ts";

beforeEach(() => {
  vi.spyOn(Math, "random").mockReturnValue(0.01);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Fails the first request, and answers the others. */
const failingOnce = () =>
  startTestServer((response, _request, index) =>
    index === 0
      ? sendProblem(response, 503, {}, { "x-request-id": "first" })
      : sendJson(response, 200, { id: "a" }, { "x-request-id": "second" }),
  );

describe("hooks", () => {
  it("are called for every attempt, response and retry", async () => {
    await using server = await failingOnce();
    const called: [string, object][] = [];
    const client = testClient({
      ...server,
      hooks: {
        beforeRequest: (state: BeforeRequestState) => called.push(["beforeRequest", state]),
        afterResponse: (state: AfterResponseState) => called.push(["afterResponse", state]),
        beforeRetry: (state: BeforeRetryState) => called.push(["beforeRetry", state]),
      },
    });
    await client.getSession("a b", { limit: 1 });
    const about = {
      operation: "getSession",
      method: "GET",
      url: `${server.endpoint}/sessions/a%20b?limit=1`,
    };
    const durationMs = expect.any(Number);
    expect(called.map(([hook, state]) => [hook, { ...state }])).toEqual([
      ["beforeRequest", { ...about, attempt: 1 }],
      [
        "afterResponse",
        { ...about, attempt: 1, status: 503, requestId: "first", headers: expect.any(Headers), durationMs },
      ],
      ["beforeRetry", { ...about, attempt: 1, delayMs: 5, error: expect.any(Error) }],
      ["beforeRequest", { ...about, attempt: 2 }],
      [
        "afterResponse",
        { ...about, attempt: 2, status: 200, requestId: "second", headers: expect.any(Headers), durationMs },
      ],
    ]);
    expect(called[2]?.[1]).toHaveProperty("error.name", "ServerError");
  });

  it("can change the headers of one attempt without affecting others", async () => {
    await using server = await failingOnce();
    const client = testClient({
      ...server,
      hooks: {
        beforeRequest: ({ headers, attempt }) => {
          headers.append("x-seen", `${attempt}`);
          headers.delete("x-unwanted");
        },
      },
    });
    await client.getTrace("a", { headers: { "x-unwanted": "1" } });
    expect(server.requests.map(({ headers }) => [headers["x-seen"], headers["x-unwanted"]])).toEqual([
      ["1", undefined],
      ["2", undefined],
    ]);
  });

  it("can set the key, for keys that rotate", async () => {
    await using server = await startTestServer((response) => sendJson(response, 200, {}));
    const beforeRequest = async ({ headers }: BeforeRequestState) => {
      await Promise.resolve();
      headers.set("x-api-key", "sk_pp_fresh");
    };
    await testClient({ ...server, hooks: { beforeRequest } }).getTrace("a");
    expect(server.requests[0]?.headers["x-api-key"]).toBe("sk_pp_fresh");
  });

  it.each(["beforeRequest", "afterResponse", "beforeRetry"])(
    "end the call with what %s throws",
    async (hook) => {
      await using server = await failingOnce();
      // A fetch that fails inside a hook throws this. It must be neither retried nor mistaken for a failure of our own fetch.
      const mine = new TypeError("fetch failed");
      const client = testClient({ ...server, hooks: { [hook]: () => Promise.reject(mine) } });
      await expect(client.getTrace("a")).rejects.toBe(mine);
      expect(server.requests).toHaveLength(hook === "beforeRequest" ? 0 : 1);
    },
  );

  it("cannot delay a call beyond its timeouts", async () => {
    await using server = await failingOnce();
    const beforeRequest = () => new Promise(() => {});
    const client = testClient({ ...server, timeoutMs: 30, retries: 1, hooks: { beforeRequest } });
    await expect(client.getTrace("a")).rejects.toMatchObject({ name: "TimeoutError" });
    expect(server.requests).toHaveLength(0);
  });

  it("are extended by withOptions", async () => {
    await using server = await startTestServer((response) => sendJson(response, 200, {}));
    const calls: string[] = [];
    const client = testClient({
      ...server,
      hooks: { beforeRequest: () => calls.push("old"), afterResponse: () => calls.push("kept") },
    });
    await client.withOptions({ hooks: { beforeRequest: () => calls.push("new") } }).getTrace("a");
    expect(calls).toEqual(["new", "kept"]);
  });

  it("print no secret when they print their state", async () => {
    await using server = await failingOnce();
    const printed: string[] = [];
    const print = (state: object) => {
      printed.push(inspect(state, { depth: 20, showHidden: false }), JSON.stringify({ ...state }));
    };
    const client = testClient({
      ...server,
      headers: { authorization: "Bearer of-the-proxy" },
      hooks: { beforeRequest: print, afterResponse: print, beforeRetry: print },
    });
    await client.getTrace("a");
    expect(printed).toHaveLength(10);
    expect(printed.join()).not.toMatch(/sk_pp_|of-the-proxy/);
    expect(server.requests[1]?.headers).toMatchObject({ "x-api-key": apiKey, authorization: /of-the-proxy/ });
  });
});

describe("a logger", () => {
  const withoutTimes = (line: string) => line.replace(/\d+ ms/, "N ms");

  it("gets a line for each attempt, response and retry", async () => {
    await using server = await failingOnce();
    const { logger, lines } = recordingLogger();
    await testClient({ ...server, logger }).listTraces({ name: "private" });
    const url = `${server.endpoint}/traces`;
    expect(lines.map(withoutTimes)).toEqual([
      `debug listTraces: GET ${url}, attempt 1`,
      "info listTraces: 503 after N ms (request first)",
      "warn listTraces failed with 503 some_code: It is so. (request req-1) Next attempt in N ms.",
      `debug listTraces: GET ${url}, attempt 2`,
      "info listTraces: 200 after N ms (request second)",
    ]);
  });

  it("gets each query parameter that the server ignored, once", async () => {
    const warnings = ["first, a%20b", "a%20b, third"];
    await using server = await startTestServer((response, _request, index) =>
      sendJson(response, 200, {}, { warning: `299 - "ignored query parameters: ${warnings[index]}"` }),
    );
    const { logger, lines } = recordingLogger();
    for (const _ of warnings) await testClient({ ...server, logger }).listProviders();
    expect(lines.filter((line) => line.startsWith("warn"))).toEqual([
      "warn listProviders: The server ignores the parameter `first`.",
      "warn listProviders: The server ignores the parameter `a%20b`.",
      "warn listProviders: The server ignores the parameter `third`.",
    ]);
  });

  it("is the console for those, if there is none", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    await using server = await startTestServer((response) =>
      sendJson(response, 200, {}, { warning: '299 - "ignored query parameters: colour"' }),
    );
    await testClient(server).listProviders();
    await testClient(server).listProviders();
    expect(warn.mock.calls).toEqual([["listProviders: The server ignores the parameter `colour`."]]);
  });

  it("gets at most 100 of them, and no other warnings", async () => {
    await using server = await startTestServer((response, _request, index) =>
      sendJson(
        response,
        200,
        {},
        {
          warning:
            index === 0
              ? '110 cache "Response is Stale"'
              : `299 - "ignored query parameters: made-up-${index}"`,
        },
      ),
    );
    const { logger, lines } = recordingLogger();
    const client = testClient({ ...server, logger });
    await client.listProviders();
    expect(lines.filter((line) => line.startsWith("warn"))).toEqual([]);
    for (let call = 0; call < 120; call += 1) await client.listProviders();
    const warned = lines.filter((line) => line.startsWith("warn")).length;
    expect(warned).toBeGreaterThan(50);
    expect(warned).toBeLessThanOrEqual(100);
  });

  it("gets the error that the call rejects with", async () => {
    await using server = await startTestServer((response) => sendProblem(response, 404));
    const { logger, lines } = recordingLogger();
    await testClient({ ...server, logger })
      .getTrace("a")
      .catch(() => {});
    expect(lines.at(-1)).toBe(
      "error NotFoundError: getTrace failed with 404 some_code: It is so. (request req-1)",
    );
  });

  it("never gets a key, body or query, even if a response repeats them", async () => {
    await using server = await startTestServer((response, { headers }) => {
      response.writeHead(502, { "content-type": "text/plain" });
      response.end(`Cannot forward x-api-key: ${headers["x-api-key"]}`);
    });
    const { logger, lines } = recordingLogger();
    const client = testClient({ ...server, logger, retries: 1 });
    const failure = client.createTrace({ name: "private", started_at: "2026-03-01" });
    await expect(failure).rejects.toThrow("Cannot forward x-api-key: sk_pp_…");
    expect(lines.filter((line) => line.includes("x-api-key: sk_pp_…"))).toHaveLength(2);
    expect(lines.join()).not.toMatch(/sk_pp_\w|private/);
  });

  it.each(["debug", "info", "warn", "error"] as const)(
    "ends the call with what its %s rejects with, as with what it throws",
    async (level) => {
      await using server = await startTestServer((response) => sendProblem(response, 503));
      const failing = async () => {
        throw new Error("mine");
      };
      const { logger } = recordingLogger();
      const client = testClient({ ...server, logger: { ...logger, [level]: failing }, retries: 1 });
      await expect(client.getTrace("a")).rejects.toThrow("mine");
    },
  );

  it("is off by default, and can be set by withOptions", async () => {
    await using server = await startTestServer((response) => sendJson(response, 200, {}));
    const { logger, lines } = recordingLogger();
    const client = testClient(server);
    await client.getTrace("a");
    expect(lines).toEqual([]);
    await client.withOptions({ logger }).getTrace("a");
    expect(lines).toHaveLength(2);
  });
});
