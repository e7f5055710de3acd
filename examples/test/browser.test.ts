/** @module-tag slow */
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { findChromium, runInChromium } from "../../packages/sdk/test/runtimes/run-in-chromium.ts";
import { useTestServer } from "../../packages/server/test/support/test-server.ts";

/** What a page of another origin does with the client; CORS lets it read everything that the client reads. */
const page = (apiKey: string) => `
import { ApiError, PandaProbe } from "@pandaprobe/sdk";

const endpoint = new URL(location.href).searchParams.get("endpoint");
const client = new PandaProbe({ endpoint, apiKey: ${JSON.stringify(apiKey)}, projectName: "page" });
const { trace_id } = await client.createTrace({ name: "a", started_at: new Date().toISOString() });
const created = await client.createTraceRun({ metrics: ["coherence"], model: "heuristic/v1" }).withResponse();
let last;
for await (const progress of client.watchRun(created.data)) last = progress.run.status;
const events = [];
for await (const { id } of client.streamTraceRun(created.data.id, { lastEventId: "RUNNING-0-0" })) events.push(id);
const waited = await client.getTraceRun(created.data.id, { waitSeconds: 1 }).withResponse();
await client.deleteTrace(trace_id);
const error = await client.getTrace(trace_id).catch((reason) => reason);
const outcome = {
  last,
  events,
  preference: waited.headers.get("preference-applied"),
  hasRequestId: Boolean(created.requestId),
  hasRateLimit: Number(created.headers.get("ratelimit-limit")) > 0,
  error: error instanceof ApiError && error.code,
};
await fetch("/outcomes", { method: "POST", body: JSON.stringify(outcome) });`;

test("a page of another origin calls the server, if Chromium is installed", {
  timeout: 60_000,
}, async (context) => {
  const chromium = findChromium() ?? context.skip("No Chromium on this machine; npm has none to install.");
  const server = await useTestServer({ environment: { CORS_ORIGINS: "*" } });
  await using folder = await mkdtempDisposable(join(tmpdir(), "pandaprobe-page-"));
  const { outputFiles } = await build({
    stdin: { contents: page(server.apiKey), resolveDir: import.meta.dirname, loader: "js" },
    bundle: true,
    platform: "browser",
    conditions: ["@pandaprobe/source"],
    format: "esm",
    write: false,
  });
  const script = join(folder.path, "page.js");
  await writeFile(script, outputFiles[0]?.text ?? "");
  expect(await runInChromium<unknown>(chromium, script, server.url)).toEqual({
    last: "COMPLETED",
    events: ["COMPLETED-1-0"],
    preference: "wait=1",
    hasRequestId: true,
    hasRateLimit: true,
    error: "not_found",
  });
});
