import { getEventListeners } from "node:events";
import type { Fetch, TraceCreate } from "@pandaprobe/sdk";
import { PandaProbe as PlainClient } from "@pandaprobe/sdk";
import { type DroppedTrace, PandaProbe, type PandaProbeOptions } from "@pandaprobe/sdk/traces";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runProgram } from "../support/run-program.ts";
import { apiKey } from "../support/test-client.ts";
import { sendJson, sendProblem, startTestServer, type TestServer } from "../support/test-server.ts";

const trace = (name: string | number) => ({ name: `${name}`, started_at: "2026-03-29T10:00:00.000Z" });

function sending(options: PandaProbeOptions) {
  const drops: DroppedTrace[] = [];
  const traces = { onDrop: (dropped: DroppedTrace) => drops.push(dropped), ...options.traces };
  const client = new PandaProbe({ apiKey, projectName: "my-agent", ...options, traces });
  return { client, traces: client.traces, drops };
}

/** Accepts traces as the server does; `fault` may answer first. */
async function startTraceServer(
  fault: (...given: Parameters<Parameters<typeof startTestServer>[0]>) => boolean | Promise<boolean> = () =>
    false,
) {
  const stored: TraceCreate[] = [];
  const server = await startTestServer(async (response, request, index) => {
    if (await fault(response, request, index)) return;
    const body = JSON.parse(request.body) as TraceCreate & { traces?: TraceCreate[] };
    if (body.traces === undefined) {
      stored.push(body);
      sendJson(response, 202, { trace_id: body.trace_id, task_id: "task" });
      return;
    }
    const items = body.traces.map((item, at) => {
      if (item.name !== "bad") {
        stored.push(item);
        return { index: at, trace_id: item.trace_id, status: "accepted", error: null };
      }
      const errors = [{ loc: ["body", "traces", at, "name"], msg: "is bad", type: "custom" }];
      const error = { code: "validation_error", detail: "It is bad.", errors };
      return { index: at, trace_id: item.trace_id, status: "rejected", error };
    });
    sendJson(response, 202, { items, accepted: 0, rejected: 0 });
  });
  return Object.assign(server, { stored });
}

const names = (server: TestServer & { stored: TraceCreate[] }) => server.stored.map(({ name }) => name);

describe("client.traces", () => {
  // Full jitter draws the wait between 0 and the ceiling; drawing 0 keeps the tests short.
  beforeEach(() => {
    vi.spyOn(Math, "random").mockReturnValue(0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("warns the client's logger of drops without onDrop", () => {
    const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const { traces } = sending({ logger, traces: { maxQueuedBytes: 1, onDrop: undefined } });
    const traceId = traces.send(trace("too large"));
    expect(logger.warn.mock.calls).toEqual([
      [expect.stringContaining(`as unsendable so far: 1. The last one: ${traceId}, `)],
    ]);
  });

  it("sends traces in one request, with the client's headers and an idempotency key", async () => {
    await using server = await startTraceServer();
    const { traces } = sending({ ...server, headers: { "x-team": "a" } });
    const id = traces.send(trace("first"));
    traces.send({ ...trace("second"), trace_id: "11111111-1111-1111-1111-111111111111" });
    await expect(traces.flush()).resolves.toBe(true);
    expect(server.stored).toEqual([
      { ...trace("first"), trace_id: id },
      { ...trace("second"), trace_id: "11111111-1111-1111-1111-111111111111" },
    ]);
    expect(server.requests).toMatchObject([
      {
        method: "POST",
        url: "/traces/batch",
        headers: {
          "x-api-key": apiKey,
          "x-project-name": "my-agent",
          "x-team": "a",
          "idempotency-key": expect.stringMatching(/^.{16,}$/),
        },
      },
    ]);
  });

  it("retries a batch after a 500 or a lost connection, with the same key", async () => {
    await using server = await startTraceServer((response, _request, index) => {
      if (index === 0) sendProblem(response, 500);
      if (index === 1) response.destroy();
      return index < 2;
    });
    const { traces } = sending(server);
    traces.send(trace("a"));
    await expect(traces.flush()).resolves.toBe(true);
    expect(names(server)).toEqual(["a"]);
    expect(new Set(server.requests.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
    expect(new Set(server.requests.map(({ body }) => body)).size).toBe(1);
  });

  it("drops the traces of a batch that the server rejects, and says why", async () => {
    await using server = await startTraceServer();
    const { traces, drops } = sending(server);
    const [, bad] = ["a", "bad", "c"].map((name) => traces.send(trace(name)));
    await traces.flush();
    expect(names(server)).toEqual(["a", "c"]);
    expect(drops).toMatchObject([
      { traceId: bad, reason: "refused", error: { name: "ValidationError", code: "validation_error" } },
    ]);
    expect(drops[0]?.error).toHaveProperty("message", expect.stringContaining("traces.1.name: is bad"));
    expect(traces.stats()).toEqual({ queued: 0, queuedBytes: 0, sent: 2, dropped: 1 });
  });

  it.each([404, 405])(
    "sends traces one by one to a server that responds to batches with %i",
    async (status) => {
      await using server = await startTraceServer((response, { url, body }) => {
        if (url === "/traces/batch") sendProblem(response, status);
        else if (body.includes('"bad"')) sendProblem(response, 422);
        else return false;
        return true;
      });
      const { traces, drops } = sending(server);
      for (const name of ["a", "bad", "c"]) traces.send(trace(name));
      await traces.flush();
      traces.send(trace("d"));
      await traces.flush();
      expect(names(server)).toEqual(["a", "c", "d"]);
      expect(drops).toMatchObject([{ reason: "refused", error: { status: 422 } }]);
      expect(server.requests.map(({ url }) => url)).toEqual(["/traces/batch", ...Array(4).fill("/traces")]);
    },
  );

  it("makes one attempt if the address does not exist, and returns to batches if that was a proxy's response", async () => {
    await using server = await startTraceServer((response, _request, index) => {
      if (index < 2) sendProblem(response, 404);
      return index < 2;
    });
    const { traces, drops } = sending(server);
    for (const name of ["a", "b", "c"]) traces.send(trace(name));
    await traces.flush();
    expect(drops.map(({ reason, error }) => [reason, (error as { status?: number }).status])).toEqual(
      Array(3).fill(["refused", 404]),
    );
    traces.send(trace("d"));
    await traces.flush();
    expect(names(server)).toEqual(["d"]);
    expect(server.requests.map(({ url }) => url)).toEqual(["/traces/batch", "/traces", "/traces/batch"]);
  });

  it("splits batches that a proxy finds too large, and drops only a trace that is too large alone", async () => {
    await using server = await startTraceServer((response, { body }) => {
      if (body.length > 5_000) sendProblem(response, 413);
      return body.length > 5_000;
    });
    const { traces, drops } = sending(server);
    for (let index = 0; index < 40; index += 1) {
      traces.send(trace(index === 17 ? "x".repeat(6_000) : `${index} ${"x".repeat(500)}`));
    }
    await traces.flush();
    expect(server.stored).toHaveLength(39);
    expect(drops).toMatchObject([{ reason: "refused", error: { status: 413 } }]);
  });

  it("delivers everything through a server that fails every other time, each trace once or as an update", async () => {
    await using server = await startTraceServer((response, _request, index) => {
      if (index % 2 === 0) response.destroy();
      return index % 2 === 0;
    });
    const { traces, drops } = sending({ ...server, traces: { maxBatch: 7 } });
    const ids = Array.from({ length: 300 }, (_, index) => traces.send(trace(index)));
    await expect(traces.flush()).resolves.toBe(true);
    expect(drops).toEqual([]);
    expect(new Set(server.stored.map(({ trace_id }) => trace_id))).toEqual(new Set(ids));
  });

  it("never waits for a slow server in send, and closes connections on close", async () => {
    await using server = await startTraceServer(() => new Promise(() => {}));
    const { traces, drops } = sending({ ...server, traces: { maxBatch: 1 } });
    const startedAt = performance.now();
    for (let index = 0; index < 100; index += 1) traces.send(trace(index));
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await expect(traces.close({ timeoutMs: 50 })).resolves.toBe(false);
    expect(drops).toHaveLength(100);
    expect(traces.stats()).toMatchObject({ queued: 0, queuedBytes: 0, dropped: 100 });
  });

  it("stays within its bounds under a flood while the server is down", async () => {
    const { traces, drops } = sending({
      endpoint: "http://127.0.0.1:1",
      retries: 0,
      traces: { maxQueued: 1_000, maxQueuedBytes: 2_000_000 },
    });
    const output = "x".repeat(1_000);
    let most = 0;
    for (let index = 0; index < 50_000; index += 1) {
      traces.send({ ...trace(index), output });
      most = Math.max(most, traces.stats().queuedBytes);
      // Lets the attempts in between run.
      if (index % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const { queued, queuedBytes, sent, dropped } = traces.stats();
    expect(most).toBeLessThanOrEqual(2_000_000);
    expect(queuedBytes).toBeLessThanOrEqual(2_000_000);
    expect({ queued, sent, dropped }).toEqual({ queued: 1_000, sent: 0, dropped: 49_000 });
    expect(drops).toHaveLength(49_000);
    await traces.close({ timeoutMs: 1 });
    expect(traces.stats()).toMatchObject({ queued: 0, queuedBytes: 0, dropped: 50_000 });
  });

  it("is also the client of the main entry point, and stays so when derived", async () => {
    await using server = await startTraceServer();
    const { client } = sending(server);
    const other = client.withOptions({ projectName: "other" });
    expect(other).toBeInstanceOf(PandaProbe);
    expect(other).toBeInstanceOf(PlainClient);
    expect(other.traces).not.toBe(client.traces);
    other.traces.send(trace("a"));
    await other.traces.flush();
    expect(server.requests[0]?.headers["x-project-name"]).toBe("other");
  });

  it("sends without a flush, and loses nothing, if process.on is a stub that throws", async () => {
    await using server = await startTraceServer();
    const throwing = vi.fn(() => {
      throw new Error("A Node.js API is used (process.on) which is not supported in the Edge Runtime.");
    });
    const { traces, drops } = sending({ ...server, traces: { maxWaitMs: 10 } });
    vi.spyOn(process, "on").mockImplementation(throwing);
    vi.spyOn(process, "off").mockImplementation(throwing);
    traces.send(trace("a"));
    await vi.waitFor(() => expect(traces.stats()).toMatchObject({ queued: 0, sent: 1, dropped: 0 }));
    expect(names(server)).toEqual(["a"]);
    expect(drops).toEqual([]);
    expect(throwing).toHaveBeenCalled();
  });

  it.each(["hooks", "logger"])(
    "delivers what is queued even if its %s send a trace for each delivery",
    async (kind) => {
      await using server = await startTraceServer();
      const again = () => client.traces.send(trace("again"));
      const { client } = sending({
        ...server,
        traces: { maxWaitMs: 1, maxBatch: 1 },
        ...(kind === "hooks"
          ? { hooks: { beforeRequest: again, afterResponse: again } }
          : { logger: { debug: again, info: again, warn: again, error: again } }),
      });
      client.traces.send(trace("a"));
      await vi.waitFor(() => expect(client.traces.stats()).toMatchObject({ queued: 0, sent: 1 }));
      await client.traces.flush();
      expect(names(server)).toEqual(["a"]);
      expect(client.traces.stats()).toMatchObject({ queued: 0, sent: 1, dropped: 2 });
      // For other calls they may send traces.
      await client.createTrace(trace("b"));
      await client.traces.flush();
      expect(names(server).filter((name) => name === "again").length).toBeGreaterThan(0);
    },
  );

  it("never shows the key", async () => {
    await using server = await startTraceServer((response) => {
      sendProblem(response, 422);
      return true;
    });
    const { traces, drops } = sending(server);
    traces.send(trace("a"));
    await traces.flush();
    expect(drops).toHaveLength(1);
    expect(JSON.stringify(drops) + String(drops[0]?.error)).not.toContain(apiKey);
  });

  describe("when the page goes away", () => {
    class Page extends EventTarget {
      visibilityState = "visible";
    }
    const page = new Page();
    const window = new EventTarget();
    const keepalives: boolean[] = [];
    const fetch: Fetch = async (_url, { keepalive }) => {
      keepalives.push(keepalive);
      return Response.json({ items: [], accepted: 0, rejected: 0 }, { status: 202 });
    };
    beforeEach(() => {
      keepalives.length = 0;
      page.visibilityState = "visible";
      vi.stubGlobal("document", page);
      vi.stubGlobal("addEventListener", window.addEventListener.bind(window));
      vi.stubGlobal("removeEventListener", window.removeEventListener.bind(window));
    });
    afterEach(() => {
      vi.unstubAllGlobals();
    });

    it.each(["visibilitychange", "pagehide"])("sends at once what can outlive the page: %s", async (name) => {
      const { traces } = sending({ fetch });
      traces.send(trace("a"));
      page.visibilityState = "hidden";
      (name === "pagehide" ? window : page).dispatchEvent(new Event(name));
      await vi.waitFor(() => expect(traces.stats().sent).toBe(1));
      expect(keepalives).toEqual([true]);
      expect(getEventListeners(page, "visibilitychange")).toEqual([]);
      expect(getEventListeners(window, "pagehide")).toEqual([]);
    });

    it("sends nothing when the page becomes visible again", async () => {
      const { traces } = sending({ fetch });
      traces.send(trace("a"));
      page.dispatchEvent(new Event("visibilitychange"));
      await new Promise((resolve) => setImmediate(resolve));
      expect(keepalives).toEqual([]);
      await traces.close();
    });

    it("sets keepalive only for as much as browsers allow", async () => {
      const { traces } = sending({ fetch });
      traces.send({ ...trace("large"), output: "x".repeat(70_000) });
      await traces.flush();
      expect(keepalives).toEqual([false]);
    });
  });
});

it("sends dates as ISO text, which the types allow", async () => {
  const bodies: string[] = [];
  const fetch: Fetch = async (_url, { body = "" }) => {
    bodies.push(body);
    return Response.json({ items: [], accepted: 1, rejected: 0 }, { status: 202 });
  };
  const { traces } = sending({ fetch });
  const at = new Date(0);
  traces.send({
    name: "a",
    started_at: at,
    ended_at: at,
    spans: [{ name: "b", started_at: at, ended_at: at }],
  });
  await traces.close();
  const iso = "1970-01-01T00:00:00.000Z";
  const times = { started_at: iso, ended_at: iso };
  expect(JSON.parse(bodies.join())).toMatchObject({ traces: [{ ...times, spans: [times] }] });
});

it("survives a logger that rejects when it is warned about a drop", async () => {
  const failing = async () => {
    throw new Error("mine");
  };
  const logger = { debug() {}, info() {}, warn: failing, error() {} };
  const client = new PandaProbe({ apiKey, projectName: "a", logger });
  await client.traces.close();
  client.traces.send(trace("late"));
  // An unhandled rejection fails the test run.
  await new Promise((resolve) => setImmediate(resolve));
  expect(client.traces.stats().dropped).toBe(1);
});

describe.concurrent("a program that ends", { tags: ["slow"] }, () => {
  const program = (endpoint: string, then = "", options = "") => `
    import { PandaProbe } from "@pandaprobe/sdk/traces";
    const client = new PandaProbe({ apiKey: "a", projectName: "b", endpoint: "${endpoint}", ${options} });
    for (let index = 0; index < 250; index += 1)
      client.traces.send({ name: \`trace \${index}\`, started_at: new Date().toISOString() });
    ${then}`;

  it("sends all its traces first, and is not held up", async () => {
    await using server = await startTraceServer();
    const { code, stderr } = await runProgram(program(server.endpoint));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(server.stored).toHaveLength(250);
  });

  it("is not kept alive by the timer of a single trace", async () => {
    await using server = await startTraceServer();
    const { code, ms } = await runProgram(
      program(server.endpoint, "", "traces: { maxWaitMs: 600_000, maxQueued: 1, onDrop: () => {} }"),
    );
    expect(code).toBe(0);
    expect(ms).toBeLessThan(60_000);
    expect(server.stored).toHaveLength(1);
  });

  it("ends even if the server is down, and reports the lost traces", async () => {
    const { code, stderr } = await runProgram(program("http://127.0.0.1:1", "", "retries: 0"));
    expect(code).toBe(0);
    expect(stderr).toContain("PandaProbe: traces dropped as closed so far: 100.");
  });

  it("ends even if the server hangs", async () => {
    await using server = await startTraceServer(() => new Promise(() => {}));
    const { code, stderr } = await runProgram(program(server.endpoint, "", "timeoutMs: 500, retries: 0"));
    expect(code).toBe(0);
    expect(stderr).toContain("dropped as closed so far: 100.");
  });

  it.each([
    ["process.exit(3)", 3],
    ['throw new Error("Uncaught.")', 1],
  ])("reports what was lost if it cannot wait: %s", async (then, exitCode) => {
    await using server = await startTraceServer();
    const { code, stderr } = await runProgram(program(server.endpoint, `${then};`));
    expect(code).toBe(exitCode);
    expect(stderr).toContain("dropped as closed so far: 100.");
  });

  const dropAgain = (send: string) =>
    `traces: { maxWaitMs: 600_000, maxBatch: 1, onDrop: async () => { reported += 1; ${send}; } }`;
  const report = "process.on('exit', () => console.log(reported, client.traces.stats().dropped));";

  it("ends at once even if a callback sends dropped traces again", async () => {
    const options = dropAgain("client.traces.send({ name: 'again', started_at: new Date().toISOString() })");
    const then = `let reported = 0; process.exit(3);`;
    const { code, ms } = await runProgram(program("http://127.0.0.1:1", then, options));
    expect(code).toBe(3);
    expect(ms).toBeLessThan(20_000);
  });

  it.each([
    ["at once", "again()"],
    ["after a while", "await new Promise((resolve) => setTimeout(resolve, 10)); again()"],
  ])("ends even if its onDrop sends dropped traces again, %s", async (_when, send) => {
    const then = `
      let reported = 0;
      const again = () => client.traces.send({ name: "again", started_at: new Date().toISOString() });
      ${report}`;
    const { code, stdout } = await runProgram(
      program("http://127.0.0.1:1", then, `${dropAgain(send)}, retries: 0`),
    );
    expect(code).toBe(0);
    // Each of the 250 is reported once. Traces that were sent again are only counted.
    expect(stdout).toMatch(/^250 [1-9]\d+\n$/);
  });

  it("handles signals itself, and can close the sender in its handler", async () => {
    await using server = await startTraceServer();
    const then = `
      setInterval(() => {}, 1_000);
      process.once("SIGTERM", async () => {
        await client.traces.close();
        process.exit(143);
      });
      setTimeout(() => process.kill(process.pid, "SIGTERM"));`;
    const { code, stderr } = await runProgram(program(server.endpoint, then));
    expect({ code, stderr }).toEqual({ code: 143, stderr: "" });
    expect(server.stored).toHaveLength(250);
  });

  it("can wait itself, at the top level", async () => {
    await using server = await startTraceServer();
    const then =
      "console.log(await client.traces.close(), JSON.stringify(client.traces.stats())); process.exit();";
    const { stdout } = await runProgram(program(server.endpoint, then));
    expect(stdout).toBe('true {"queued":0,"queuedBytes":0,"sent":250,"dropped":0}\n');
  });
});
