import { createRequire } from "node:module";
import { type Fetch, isConnectionError, isPandaProbeError } from "@pandaprobe/sdk";
import { validateResponses } from "@pandaprobe/sdk/validate";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { installedRuntime } from "./runtimes/installed-runtime.ts";
import { sampleRun } from "./support/sample-run.ts";
import { eventText } from "./support/scripted-run.ts";
import { testClient } from "./support/test-client.ts";
import { sendJson, startTestServer } from "./support/test-server.ts";

/** `fetch` as libraries export it: as a named export, or as the module itself. */
type Library = Fetch & { readonly fetch?: Fetch; readonly Agent?: new () => object };

const names = ["undici6", "undici7", "undici8", "node-fetch", "cross-fetch"] as const;

describe("the fetch of another library", { timeout: 120_000 }, () => {
  const libraries = new Map<string, Library>();
  beforeAll(async () => {
    const manifest = (await installedRuntime("other fetches")) ?? "";
    const require = createRequire(manifest);
    for (const name of names) libraries.set(name, require(name));
  }, 120_000);
  const library = (name: string) => libraries.get(name) as Library;
  const fetchOf = (name: string) => library(name).fetch ?? library(name);

  it.each(names)("sends, receives, and fails like the global one: %s", async (name) => {
    await using server = await startTestServer((response, { headers, body }) =>
      sendJson(response, 202, { trace_id: "a", task_id: JSON.stringify({ headers, body }) }),
    );
    const fetch = fetchOf(name);
    const client = testClient({ ...server, fetch, headers: { "x-mine": "b" } });
    // Above five minutes, undici needs its own timeouts raised.
    const sent = await client
      .createTrace({ name: "Grüße", started_at: "2026-03-01" }, { timeoutMs: 400_000 })
      .withResponse();
    expect(sent.status).toBe(202);
    const seen = JSON.parse(sent.data.task_id);
    expect(seen.headers).toMatchObject({ "x-mine": "b", "content-type": "application/json" });
    expect(JSON.parse(seen.body)).toEqual({ name: "Grüße", started_at: "2026-03-01" });

    const unreachable = client.withOptions({ endpoint: "http://127.0.0.1:64999", retries: 0 });
    await expect(unreachable.listProviders()).rejects.toMatchObject({
      name: "ConnectionError",
      code: "ECONNREFUSED",
    });
    const invalid = client.withOptions({ fetch: validateResponses(fetch) }).listProviders();
    await expect(invalid).rejects.toMatchObject({
      name: "ResponseValidationError",
      operation: "listProviders",
    });
  });

  it.each(names)("times out, and can be aborted: %s", async (name) => {
    await using server = await startTestServer(() => {});
    const client = testClient({ ...server, fetch: fetchOf(name), retries: 0 });
    await expect(client.listProviders({ timeoutMs: 50 })).rejects.toMatchObject({ name: "TimeoutError" });
    const controller = new AbortController();
    setTimeout(() => controller.abort("enough"), 50);
    await expect(client.listProviders({ signal: controller.signal })).rejects.toBe("enough");
  });

  it.each(names)("watches a run: %s", async (name) => {
    const ended = sampleRun({ status: "COMPLETED", evaluated_count: 10 });
    await using server = await startTestServer((response, { url }, index) => {
      if (!url.endsWith("/events")) return sendJson(response, 200, index === 0 ? sampleRun() : ended);
      response.writeHead(200, { "content-type": "text/event-stream" });
      return response.end(eventText("end", ended));
    });
    const seen: string[] = [];
    const client = testClient({ ...server, fetch: fetchOf(name) });
    for await (const { run } of client.watchRun(ended.id)) seen.push(run.status);
    expect(seen).toEqual(["RUNNING", "COMPLETED"]);
  });

  it("fails at once with the dispatcher of another undici than the platform's, and names the option", async () => {
    const Agent = library("undici8").Agent as new () => object;
    const init = { dispatcher: new Agent() };
    const misfit = testClient({ fetch: (url, given) => fetch(url, { ...given, ...init } as RequestInit) });
    await expect(misfit.waitForRun(sampleRun().id)).rejects.toMatchObject({
      name: "PandaProbeError",
      code: "UND_ERR_INVALID_ARG",
      message: expect.stringContaining("The `fetch` option must take a URL, init and signal."),
    });
  });
});

describe("a fetch of the wrong kind", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it.each<[string, unknown]>([
    ["is no function", {}],
    ["gives nothing", () => undefined],
    ["gives something else", async () => ({ ok: true })],
    ["takes a Request", (request: Request) => fetch(request.url)],
    ["takes no signal of this platform", () => fetch("http://127.0.0.1:1", { signal: {} as AbortSignal })],
  ])("is reported at once, and not as an outage: one that %s", async (_what, misfit) => {
    const error = await testClient({ fetch: misfit as Fetch })
      .waitForRun(sampleRun().id)
      .catch((reason: unknown) => reason);
    expect(isPandaProbeError(error) && !isConnectionError(error)).toBe(true);
    expect(error).toHaveProperty(
      "message",
      expect.stringMatching(/^getTraceRun got no response .*`fetch` option/),
    );
  });

  it("is the global one if jsdom has replaced AbortController", async () => {
    class ForeignSignal extends EventTarget {}
    vi.stubGlobal(
      "AbortController",
      class {
        readonly signal = new ForeignSignal();
        abort() {}
      },
    );
    const error = await testClient({})
      .listProviders()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "PandaProbeError", operation: "listProviders" });
    expect(error).toHaveProperty("message", expect.stringMatching(/Expected signal.*`fetch` option/));
  });
});
