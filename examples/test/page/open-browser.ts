import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { findChromium } from "../../../packages/sdk/test/runtimes/run-in-chromium.ts";

const buildScript = join(import.meta.dirname, "../../../packages/web/scripts/build.ts");

/** Chromium's program; `undefined` where there is none. */
export const chromiumProgram = findChromium();

/** Builds the page, which the server serves, unless `npm test` just did. Call it before the server starts. */
export async function buildPage(): Promise<void> {
  if (process.env["PANDAPROBE_BUILT"] === "1") return;
  await promisify(execFile)(process.execPath, ["--conditions=@pandaprobe/source", buildScript]);
}

export interface OpenBrowser {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What must stay empty: errors that the browser reports, and requests to hosts other than the server. */
  readonly problems: string[];
  close(): Promise<void>;
}

export async function openBrowser(serverUrl: string): Promise<OpenBrowser> {
  const browser = await chromium.launch({
    executablePath: chromiumProgram ?? "",
    // As root, for example in a container, Chromium starts only without a sandbox. The page is our own.
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  // Longer than anything takes on a busy machine.
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error.stack)));
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "data:" && origin !== serverUrl) problems.push(`request to ${request.url()}`);
  });
  return { context, page, problems, close: () => browser.close() };
}
