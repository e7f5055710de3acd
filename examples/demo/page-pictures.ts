// Makes the README's pictures of the page from the demo's traces; needs Chromium:
//
//   node scripts/bootstrap.mjs examples/demo/page-pictures.ts
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { PandaProbe } from "@pandaprobe/sdk";
import { chromium } from "playwright-core";
import { loadSampleTraces } from "../load-traces.ts";
import { startServer } from "./start-server.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

const root = new URL("../../", import.meta.url);
/** By the name of the file. */
const pictures = { overview: "/app", session: "/app/sessions/ticket-4471" };

await promisify(execFile)(process.execPath, ["--run", "build"], {
  cwd: fileURLToPath(new URL("packages/web", root)),
});
const access = { apiKey: `sk_pp_${randomBytes(32).toString("hex")}`, projectName: "demo" };
await using folder = await makeTemporaryFolder();
const signal = AbortSignal.timeout(300_000);
await using server = await startServer({
  dataDir: folder.path,
  apiKey: access.apiKey,
  offline: true,
  signal,
});
const client = new PandaProbe({ ...access, endpoint: server.url });
for (const { trace } of await loadSampleTraces()) await client.createTrace(trace);
const [traceMetrics, sessionMetrics] = await Promise.all([
  client.listTraceMetrics(),
  client.listSessionMetrics(),
]);
await client.evaluateTraces({ name: "All metrics", metrics: traceMetrics.map(({ name }) => name) });
await client.evaluateSessions({ metrics: sessionMetrics.map(({ name }) => name) });

const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 760 } });
await page.goto(server.signInLink ?? `${server.url}/app/`);
await page.locator(".rail").waitFor();
for (const [name, path] of Object.entries(pictures)) {
  await page.goto(server.url + path);
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: fileURLToPath(new URL(`docs/images/page-${name}.png`, root)) });
}
await browser.close();
