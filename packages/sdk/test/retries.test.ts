import type { ServerResponse } from "node:http";
import type { BeforeRetryState } from "@pandaprobe/sdk";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { sampleRun } from "./support/sample-run.ts";
import { testClient } from "./support/test-client.ts";
import { sendJson, sendProblem, startTestServer } from "./support/test-server.ts";

const body = { metrics: ["task_completion"] };
const traceId = "11111111-1111-1111-1111-111111111111";

/** Answers the first requests in the given ways, and every later one with a run. */
function failing(...failures: readonly ((response: ServerResponse) => unknown)[]) {
  return startTestServer((response, _request, index) => {
    const fail = failures[index];
    return fail === undefined ? sendJson(response, 202, sampleRun()) : fail(response);
  });
}

const problem =
  (status: number, code = "some_code", headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    sendProblem(response, status, { code }, headers);

describe("retries", () => {
  // Full jitter draws the wait between 0 and the ceiling; drawing 0 keeps the tests short.
  beforeEach(() => {
    vi.spyOn(Math, "random").mockReturnValue(0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each([408, 429, 500, 502, 503, 504, 520])("retries a request that was answered %i", async (status) => {
    await using server = await failing(problem(status), problem(status));
    await expect(testClient(server).createTraceRun(body)).resolves.toEqual(sampleRun());
    expect(server.requests).toHaveLength(3);
  });

  it.each([400, 401, 404, 409, 413, 415, 422])(
    "does not retry a request that was answered %i",
    async (status) => {
      await using server = await failing(problem(status));
      await expect(testClient(server).createTraceRun(body)).rejects.toMatchObject({ status });
      expect(server.requests).toHaveLength(1);
    },
  );

  it("retries a request whose idempotency key is still in use", async () => {
    await using server = await failing(problem(409, "idempotency_in_progress", { "retry-after": "0" }));
    await expect(testClient(server).createTraceRun(body)).resolves.toEqual(sampleRun());
  });

  it("retries a request whose connection was cut", async () => {
    await using server = await failing((response) => response.destroy());
    await expect(testClient(server).createTraceRun(body)).resolves.toEqual(sampleRun());
    expect(server.requests).toHaveLength(2);
  });

  it("retries a request whose response broke off in the middle of its body", async () => {
    await using server = await failing((response) => {
      response.writeHead(202, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"id": "3333', () => response.destroy());
    });
    await expect(testClient(server).createTraceRun(body)).resolves.toEqual(sampleRun());
    expect(server.requests).toHaveLength(2);
  });

  it("retries a request whose headers or body did not arrive in time", async () => {
    await using server = await failing(
      () => {},
      (response) => {
        response.writeHead(202, { "content-type": "application/json" });
        response.write('{"id": "3333');
      },
    );
    await expect(testClient({ ...server, timeoutMs: 200 }).createTraceRun(body)).resolves.toEqual(
      sampleRun(),
    );
    expect(server.requests).toHaveLength(3);
  });

  it("makes one idempotency key per call, and sends it with every attempt", async () => {
    await using server = await failing(problem(500), (response) => response.destroy());
    const client = testClient(server);
    await client.createTraceRun(body);
    await client.createTraceRun(body);
    const [first, second, third, other] = server.requests.map(({ headers }) => headers["idempotency-key"]);
    expect(first).toMatch(/^\d+-\d+$/);
    expect([second, third]).toEqual([first, first]);
    expect(other).not.toBe(first);
  });

  it("sends the same body with every attempt", async () => {
    await using server = await failing(problem(500), problem(500));
    await testClient(server).createTraceRun(body);
    expect(server.requests.map((request) => request.body)).toEqual(Array(3).fill(JSON.stringify(body)));
  });

  it("gives up after `retries`, which can be set for one call", async () => {
    await using server = await startTestServer((response) => sendProblem(response, 500));
    const client = testClient({ ...server, retries: 1 });
    await expect(client.createTraceRun(body)).rejects.toMatchObject({ name: "ServerError" });
    expect(server.requests).toHaveLength(2);
    await expect(client.createTraceRun(body, { retries: 0 })).rejects.toMatchObject({ name: "ServerError" });
    expect(server.requests).toHaveLength(3);
  });

  it("waits as long as Retry-After says, in seconds or until a date", async () => {
    const inTwoSeconds = new Date(Date.now() + 2_000).toUTCString();
    await using server = await failing(
      problem(429, "rate_limited", { "retry-after": "1" }),
      problem(503, "unavailable", { "retry-after": inTwoSeconds }),
    );
    const startedAt = performance.now();
    await testClient(server).createTraceRun(body);
    // Together: the second wait ends at the date (truncated to a second), or after the first, whichever is later.
    expect(performance.now() - startedAt).toBeGreaterThan(990);
  });

  it.each([
    ["seconds", { "retry-after": "7" }, 429, 7_000],
    ["seconds of a 503", { "retry-after": "7" }, 503, 7_000],
    ["a date", { "retry-after": () => new Date(Date.now() + 7_000).toUTCString() }, 429, 7_000],
    ["a date that has passed", { "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT" }, 429, 0],
    ["at most a minute", { "retry-after": "86400" }, 503, 60_000],
    ["RateLimit-Reset of a 429", { "ratelimit-reset": "9", "ratelimit-remaining": "0" }, 429, 9_000],
    ["Retry-After before RateLimit-Reset", { "retry-after": "2", "ratelimit-reset": "9" }, 429, 2_000],
    ["no time, if a 503 has RateLimit-Reset", { "ratelimit-reset": "9" }, 503, 0],
    ["no time, if Retry-After is invalid", { "retry-after": "soon" }, 429, 0],
  ] as const)("waits as long as the response says: %s", async (_what, headers, status, milliseconds) => {
    const given = Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === "function" ? value() : value,
    ]);
    await using server = await failing(problem(status, "a_code", Object.fromEntries(given)));
    const delays: number[] = [];
    const stop = new Error("Seen enough.");
    const beforeRetry = ({ delayMs }: BeforeRetryState) => {
      delays.push(delayMs);
      throw stop;
    };
    const call = testClient({ ...server, hooks: { beforeRetry } }).createTraceRun(body);
    await expect(call).rejects.toBe(stop);
    // A date is truncated to a second.
    expect(Math.abs((delays[0] ?? Number.NaN) - milliseconds)).toBeLessThanOrEqual(1_000);
  });

  it("uses full jitter: from 0 to an upper bound that doubles up to eight seconds, added to the server's Retry-After", async () => {
    const delays = async (random: number, headers: Record<string, string> = {}) => {
      vi.mocked(Math.random).mockReturnValue(random);
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
      const seen: number[] = [];
      const fetch = async () => Response.json({}, { status: 503, headers });
      const hooks = { beforeRetry: ({ delayMs }: BeforeRetryState) => seen.push(delayMs) };
      const call = testClient({ fetch, hooks, retries: 6 }).createTraceRun(body);
      call.catch(() => {});
      await vi.runAllTimersAsync();
      await expect(call).rejects.toMatchObject({ status: 503 });
      vi.useRealTimers();
      return seen;
    };
    expect(await delays(0)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await delays(1)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000]);
    expect(await delays(0.5, { "retry-after": "3" })).toEqual([3_250, 3_500, 4_000, 5_000, 7_000, 7_000]);
  });

  it("backs off below an upper bound that doubles", async () => {
    vi.mocked(Math.random).mockReturnValue(0.5);
    await using server = await failing(problem(500), problem(500));
    const startedAt = performance.now();
    await testClient(server).createTraceRun(body);
    expect(performance.now() - startedAt).toBeGreaterThan(740);
  });

  it("ends within the total timeout, and reports the last failure", async () => {
    vi.mocked(Math.random).mockReturnValue(1);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    onTestFinished(() => void vi.useRealTimers());
    let requests = 0;
    const fetch = async (_url: unknown, { signal }: RequestInit = {}) => {
      requests += 1;
      if (requests === 1) return Response.json({ detail: "It is so." }, { status: 503 });
      return new Promise<Response>((_, reject) =>
        signal?.addEventListener("abort", () => reject(signal.reason)),
      );
    };
    const failure = testClient({ fetch, totalTimeoutMs: 700 })
      .createTraceRun(body)
      .catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    expect(await failure).toMatchObject({
      name: "TimeoutError",
      message: expect.stringContaining("It is so."),
      cause: { name: "ServerError" },
    });
    expect(requests).toBe(2);
  });

  it("does not start a wait that would end after the timeout", async () => {
    await using server = await failing(problem(429, "rate_limited", { "retry-after": "30" }));
    const startedAt = performance.now();
    const failure = testClient({ ...server, totalTimeoutMs: 20_000 }).createTraceRun(body);
    await expect(failure).rejects.toMatchObject({ name: "RateLimitError", retryAfterSeconds: 30 });
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it("ends a call whose attempts are each in time, but take too long together", async () => {
    vi.mocked(Math.random).mockReturnValue(1);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const askedAt: number[] = [];
    const fetch = async () => {
      askedAt.push(performance.now());
      return Response.json({}, { status: 503 });
    };
    const options = { fetch, timeoutMs: 10_000, totalTimeoutMs: 800 };
    const failure = testClient(options)
      .createTraceRun(body)
      .catch((error: unknown) => ({ error, at: performance.now() }));
    await vi.runAllTimersAsync();
    // The second pause would take a second, so the second attempt's error is thrown at once.
    expect(await failure).toMatchObject({ error: { name: "ServerError" }, at: askedAt[1] });
    expect(askedAt).toHaveLength(2);
  });

  it("retries a request whose error response broke off", async () => {
    await using server = await failing((response) => {
      response.writeHead(400, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"detail": "', () => response.destroy());
    });
    await expect(testClient(server).createTraceRun(body)).resolves.toEqual(sampleRun());
    expect(server.requests).toHaveLength(2);
  });

  it("does not mistake a DELETE that fails with an empty body for a success", async () => {
    await using server = await startTestServer((response) => response.writeHead(500).end());
    const failure = testClient({ ...server, retries: 1 }).deleteTrace(traceId);
    await expect(failure).rejects.toMatchObject({ name: "ServerError" });
    expect(server.requests).toHaveLength(2);
  });

  it("counts a trace as deleted if a retried DELETE no longer finds it", async () => {
    await using server = await startTestServer((response, _request, index) =>
      index === 0 ? response.destroy() : sendProblem(response, 404),
    );
    await expect(testClient(server).deleteTrace(traceId)).resolves.toBeUndefined();
    expect(server.requests).toHaveLength(2);
  });

  it("rejects a DELETE that never found anything", async () => {
    await using server = await startTestServer((response, _request, index) =>
      sendProblem(response, index === 0 ? 429 : 404),
    );
    await expect(testClient(server).deleteTrace(traceId)).rejects.toMatchObject({ name: "NotFoundError" });
  });

  it("creates one run per call, although every third response is lost", async () => {
    const runs = new Map<unknown, string>();
    await using server = await startTestServer((response, { headers }, index) => {
      const key = headers["idempotency-key"];
      const id = runs.get(key) ?? `run-${runs.size}`;
      runs.set(key, id);
      if (index % 3 === 0) response.destroy();
      else sendJson(response, 202, sampleRun({ id }));
    });
    // Losses are random, so some calls lose several responses.
    const client = testClient({ ...server, retries: 12 });
    const ids = new Set<string>();
    const workers = Array.from({ length: 32 }, async (_, worker) => {
      for (let call = worker; call < 1_000; call += 32) ids.add((await client.createTraceRun(body)).id);
    });
    await Promise.all(workers);
    expect([ids.size, runs.size]).toEqual([1_000, 1_000]);
    expect(server.requests.length).toBeGreaterThanOrEqual(1_500);
  });
});
