import { getEventListeners } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { runProgram } from "./support/run-program.ts";
import { sampleRun } from "./support/sample-run.ts";
import { testClient } from "./support/test-client.ts";
import { sendJson, sendProblem, startTestServer } from "./support/test-server.ts";

describe("a call that the caller aborts", () => {
  it("rejects with the signal's reason while it waits for the response, and closes the connection", async () => {
    const closed = Promise.withResolvers<void>();
    await using server = await startTestServer((response) => response.on("close", closed.resolve));
    const controller = new AbortController();
    const call = testClient(server).listProviders({ signal: controller.signal });
    const reason = new Error("no longer needed");
    await vi.waitUntil(() => server.requests.length === 1);
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await closed.promise;
    expect(server.requests).toHaveLength(1);
  });

  it("rejects with the signal's reason while the body arrives", async () => {
    await using server = await startTestServer((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write("[");
    });
    const controller = new AbortController();
    const call = testClient(server).listProviders({ signal: controller.signal });
    await vi.waitUntil(() => server.requests.length === 1);
    controller.abort("enough");
    await expect(call).rejects.toBe("enough");
  });

  it("rejects with the signal's reason between two attempts", async () => {
    await using server = await startTestServer((response) =>
      sendProblem(response, 503, {}, { "retry-after": "30" }),
    );
    const controller = new AbortController();
    const call = testClient(server).listProviders({ signal: controller.signal });
    await vi.waitUntil(() => server.requests.length === 1);
    controller.abort("enough");
    await expect(call).rejects.toBe("enough");
    expect(server.requests).toHaveLength(1);
  });

  it("is not retried after the caller's signal times out, although that reason is also named TimeoutError", async () => {
    await using server = await startTestServer(() => {});
    const controller = new AbortController();
    const call = testClient(server).listProviders({ signal: controller.signal });
    await vi.waitUntil(() => server.requests.length === 1);
    // As `AbortSignal.timeout` does.
    const reason = new DOMException("The operation was aborted due to timeout", "TimeoutError");
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
  });

  it("sends nothing if the signal is already aborted", async () => {
    await using server = await startTestServer((response) => sendJson(response, 200, []));
    const call = testClient(server).listProviders({ signal: AbortSignal.abort("before") });
    await expect(call).rejects.toBe("before");
    expect(server.requests).toHaveLength(0);
  });

  it("leaves no listener on the signal once it is done", async () => {
    await using server = await startTestServer((response) => sendJson(response, 200, []));
    const { signal } = new AbortController();
    await testClient(server).listProviders({ signal });
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("a call that takes too long", () => {
  it("rejects with a TimeoutError that says which option to raise", async () => {
    await using server = await startTestServer(() => {});
    const call = testClient({ ...server, timeoutMs: 50, retries: 0 }).listProviders();
    await expect(call).rejects.toMatchObject({
      name: "TimeoutError",
      operation: "listProviders",
      message: expect.stringMatching(
        /^listProviders got no response from http:.* in attempt 1 \(timed out: 50 ms each, 200 ms in all\)\. Raise timeoutMs/,
      ),
    });
  });

  it.each([
    ["timeoutMs", { timeoutMs: 50, retries: 0 }, "timed out: 50 ms each, 200 ms in all"],
    ["totalTimeoutMs", { totalTimeoutMs: 50 }, "timed out: 30000 ms each, 50 ms in all"],
  ])("can set its own %s", async (_option, options, limits) => {
    await using server = await startTestServer(() => {});
    await expect(testClient(server).listProviders(options)).rejects.toMatchObject({
      name: "TimeoutError",
      message: expect.stringContaining(limits),
    });
  });

  it("gives an attempt more time than it asks the server to hold the response", async () => {
    await using server = await startTestServer((response) => {
      setTimeout(() => sendJson(response, 200, { id: "a" }), 500);
    });
    const client = testClient({ ...server, timeoutMs: 100, retries: 0 });
    await expect(client.getTraceRun("a", { waitSeconds: 1 })).resolves.toEqual({ id: "a" });
    await expect(client.getTraceRun("a")).rejects.toMatchObject({ name: "TimeoutError" });
  });
});

describe("the signal of a caller", () => {
  // Node.js 24 garbage-collects the sources of `AbortSignal.any`, including `AbortSignal.timeout`, which then never fires.
  it("ends a watch when it is aborted, even if the loop is busy and garbage is collected", async () => {
    await using server = await startTestServer((response, { url }) =>
      url.endsWith("/events") ? sendProblem(response, 404) : sendJson(response, 200, sampleRun()),
    );
    const { stdout, stderr } = await runProgram(`
      import { setFlagsFromString } from "node:v8";
      import { runInNewContext } from "node:vm";
      import { PandaProbe } from "@pandaprobe/sdk";
      setFlagsFromString("--expose-gc");
      const collect = runInNewContext("gc");
      const client = new PandaProbe({ apiKey: "a", projectName: "b", endpoint: "${server.endpoint}" });
      const watch = () => client.watchRun("${sampleRun().id}", { signal: AbortSignal.timeout(500), timeoutMs: 4000 });
      try {
        for await (const progress of watch()) {
          for (let round = 0; round < 10; round += 1) {
            await new Promise((resolve) => setTimeout(resolve, 100));
            collect();
          }
        }
      } catch (error) {
        console.log(error.name);
      }
    `);
    expect(stdout + stderr).toBe("TimeoutError\n");
  });

  it("leaves no listener behind", async () => {
    await using server = await startTestServer((response, { url }) =>
      url.endsWith("/events")
        ? sendProblem(response, 404)
        : sendJson(response, 200, sampleRun({ status: "COMPLETED" })),
    );
    const { signal } = new AbortController();
    const client = testClient(server);
    await client.waitForRun(sampleRun().id, { signal });
    for await (const { run } of client.watchRun(sampleRun(), { signal })) if (run.status === "RUNNING") break;
    await client.listTraces({}, { signal }).catch(() => {});
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("an attempt that may take more than five minutes", () => {
  it.each([
    [301_000, "answered"],
    [300_000, "ConnectionError UND_ERR_HEADERS_TIMEOUT"],
  ])("is not ended early by Node.js's fetch: with %i ms", async (timeoutMs, output) => {
    await using server = await startTestServer(
      (response) => void setTimeout(() => sendJson(response, 200, []), 3_000),
    );
    // Here five minutes take a second.
    const { stdout, stderr } = await runProgram(`
      import { PandaProbe } from "@pandaprobe/sdk";
      new Headers();
      const key = Symbol.for("undici.globalDispatcher.1");
      const { constructor: Agent } = globalThis[key];
      globalThis[key] = new Agent({ headersTimeout: 1000, bodyTimeout: 1000 });
      const client = new PandaProbe({ apiKey: "a", projectName: "b", endpoint: "${server.endpoint}", retries: 0 });
      await client.listProviders({ timeoutMs: ${timeoutMs} }).then(
        () => console.log("answered"),
        (error) => console.log(error.name, error.code),
      );
    `);
    expect(stdout + stderr).toBe(`${output}\n`);
  });
});
