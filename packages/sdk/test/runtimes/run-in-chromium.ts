import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtempDisposable, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { startTestServer } from "../support/test-server.ts";
import type { Outcome } from "./outcome.ts";
import { serviceWorkerScript } from "./suite-files.ts";

/** The machine's Chromium, or the one in `CHROMIUM`; npm has none to install. */
export function findChromium(): string | undefined {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return [
    process.env["CHROMIUM"] ?? "",
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ].find((file) => file !== "" && existsSync(file));
}

/** The page also reports a script that does not even start. */
const html = `<!doctype html>
<script>
  const report = (failure) =>
    fetch("/outcomes", { method: "POST", body: JSON.stringify([{ name: "the script starts", failure }]) });
  addEventListener("error", ({ message }) => report(message));
  addEventListener("unhandledrejection", ({ reason }) => report(String(reason)));
</script>
<script type="module" src="/page.js"></script>
`;

/** Runs a script in a page of another origin than the API. @returns what it posts to `/outcomes`; a suite posts its outcomes */
export async function runInChromium<Posted = Outcome[]>(
  chromium: string,
  pageScript: string,
  endpoint: string,
): Promise<Posted> {
  const scripts = new Map([
    ["/page.js", await readFile(pageScript)],
    ["/mockServiceWorker.js", await readFile(serviceWorkerScript)],
  ]);
  const posted = Promise.withResolvers<Posted>();
  await using site = await startTestServer((response, { method, url, body }) => {
    if (method === "POST") posted.resolve(JSON.parse(body) as Posted);
    const script = scripts.get(url);
    const type = script === undefined ? "text/html" : "text/javascript";
    response.writeHead(200, { "content-type": `${type}; charset=utf-8` });
    response.end(script ?? html);
  });
  await using profile = await mkdtempDisposable(join(tmpdir(), "pandaprobe-chromium-"));
  const options = [
    "--headless",
    // As root, for example in a container, Chromium starts only without a sandbox. The page is our own.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--enable-logging=stderr",
    `--user-data-dir=${profile.path}`,
  ];
  const page = `${site.endpoint}/?endpoint=${encodeURIComponent(endpoint)}`;
  const child = spawn(chromium, [...options, page], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const ended = once(child, "close");
  const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
  try {
    return await Promise.race([
      posted.promise,
      ended.then(() => {
        throw new Error(`Chromium ended before the page had the outcomes. It said:\n${said}`);
      }),
    ]);
  } finally {
    clearTimeout(timer);
    child.kill();
    await ended;
  }
}
