/**
 * How fast the page is in a real Chromium: the first page, a change of pages with cached data, a trace of 10,000 spans and
 * scrolling through it, and a message of 5 MB. Times are those of the browser's clock, beside that of a page without a
 * script, and as shares of their goals.
 *
 *     npm run bench -- page [--spans 10000] [--rounds 5]
 */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { PandaProbe } from "@pandaprobe/sdk";
import { buildPage, openBrowser } from "../examples/test/page/open-browser.ts";
import { startBenchServer } from "./bench-server.ts";
import { median } from "./times.ts";

const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: { spans: { type: "string", default: "10000" }, rounds: { type: "string", default: "5" } },
});
const spans = Number(options.spans);
const rounds = Number(options.rounds);
const [largeTrace, longTrace] = [
  "0b000000-0000-4000-8000-000000000001",
  "0b000000-0000-4000-8000-000000000002",
];

const rowLink = "[data-row] a[href^='/app/traces/']";

/** Runs in the browser, whose clock starts with the navigation. */
const inPage = `
  const nextFrame = () => new Promise(requestAnimationFrame);
  let longTasks = 0;
  new PerformanceObserver((list) => { longTasks += list.getEntries().length }).observe({ type: "longtask" });
  window.shown = async (selector, start) => {
    while (document.querySelector(selector) === null) await nextFrame();
    // The frame in which it is drawn ends when the next one begins.
    await nextFrame();
    return performance.now() - start;
  };
  window.fetched = async ([path, key]) => {
    const start = performance.now();
    const response = await fetch(path, { headers: { "x-api-key": key, "x-project-name": "bench" } });
    if (!response.ok) throw new Error("The server answered " + response.status + " to " + path);
    await response.json();
    return performance.now() - start;
  };
  window.scrolled = async (selector) => {
    const list = document.querySelector(selector);
    const { left, top, width, height } = list.getBoundingClientRect();
    const middle = [left + width / 2, top + height / 2];
    const isRow = () => document.elementFromPoint(...middle)?.closest(".span-row") != null;
    let [frames, missed, blank, rows] = [0, 0, 0, 0];
    await nextFrame();
    longTasks = 0;
    let previous = await nextFrame();
    while (list.scrollTop + height < list.scrollHeight - 1 && frames < 300) {
      list.scrollTop += 200;
      const now = await nextFrame();
      missed += Math.max(0, Math.round((now - previous) / (1000 / 60)) - 1);
      previous = now;
      frames += 1;
      blank += isRow() ? 0 : 1;
      rows = Math.max(rows, list.querySelectorAll(".span-row").length);
    }
    return { frames, missed, blank, longTasks, rows };
  };
`;

const apiKey = `sk_pp_${randomBytes(32).toString("hex")}`;
await buildPage();
const server = await startBenchServer({ PANDAPROBE_API_KEY: apiKey });
const browser = await openBrowser(server.url);
try {
  await fill(new PandaProbe({ apiKey, projectName: "bench", endpoint: server.url, timeoutMs: 300_000 }));
  const { context, page } = browser;
  const session = JSON.stringify({ apiKey, project: "bench", isKept: false });
  await context.addInitScript(`sessionStorage.setItem("pandaprobe.session", ${JSON.stringify(session)})`);
  await context.addInitScript(inPage);

  /** From the start of the navigation until the selector is drawn, in milliseconds. */
  const loaded = async (path: string, selector: string) => {
    await page.goto(`${server.url}${path}`);
    return page.evaluate<number>(`shown(${JSON.stringify(selector)}, 0)`);
  };
  /** From a click until the selector is drawn, in milliseconds. */
  const clicked = (link: string, selector: string) =>
    page.evaluate<number>(
      `(() => { const start = performance.now(); document.querySelector(${JSON.stringify(link)}).click();
        return shown(${JSON.stringify(selector)}, start); })()`,
    );
  const repeated = async (measure: () => Promise<number>) => {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) times.push(await measure());
    return median(times);
  };

  const bare = await repeated(() => loaded("/health", "pre, body"));
  const report = (what: string, took: number, goal: number) =>
    console.log(
      `${what.padEnd(44)}${took.toFixed(0).padStart(6)} ms, ${(took / goal).toFixed(2)} of ${goal} ms, ${(took / bare).toFixed(1)} × a page without a script`,
    );
  report("a page without a script", bare, 1_000);
  report(
    "first page, until its rows can be used",
    await repeated(() => loaded("/app/traces", rowLink)),
    1_000,
  );

  await clicked(`nav a[href^="/app/sessions"]`, `a[href="/app/sessions/chat"]`);
  const back = () => clicked(`nav a[href^="/app/sessions"]`, `a[href="/app/sessions/chat"]`);
  report(
    "change of pages with cached data",
    await repeated(async () => {
      const there = await clicked(`nav a[href^="/app/traces"]`, rowLink);
      return Math.max(there, await back());
    }),
    100,
  );

  report(
    "message of 5 MB, from the list",
    await repeated(async () => {
      await loaded("/app/traces", rowLink);
      await page.waitForLoadState("networkidle");
      return clicked(`a[href="/app/traces/${longTrace}"]`, ".value .more");
    }),
    300,
  );
  const fetched = (id: string) =>
    repeated(() => page.evaluate<number>(`fetched(${JSON.stringify([`/traces/${id}`, apiKey])})`));
  report("its JSON, fetched and parsed alone", await fetched(longTrace), 300);
  report(
    `trace of ${spans} spans`,
    await repeated(() => loaded(`/app/traces/${largeTrace}`, ".span-row")),
    1_000,
  );
  report("its JSON, fetched and parsed alone", await fetched(largeTrace), 1_000);
  console.log(await scrolled());

  async function scrolled(): Promise<string> {
    const devtools = await context.newCDPSession(page);
    await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
    const busyMs = async () => {
      const { metrics } = await devtools.send("Performance.getMetrics");
      return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1000;
    };
    const before = await busyMs();
    const { frames, missed, blank, longTasks, rows } =
      await page.evaluate<ScrollReport>("scrolled('.span-list')");
    const perFrame = ((await busyMs()) - before) / (frames + missed);
    return `scrolling it: ${perFrame.toFixed(1)} of 16.7 ms of the main thread's CPU per frame; ${frames} frames drawn, ${missed} dropped (${((missed / (frames + missed)) * 100).toFixed(1)} %), ${blank} with missing rows, ${longTasks} tasks over 50 ms, at most ${rows} rows in the page`;
  }
} finally {
  await browser.close();
  await server.stop();
}

interface ScrollReport {
  readonly frames: number;
  /** Frames of 1/60 s in which nothing was drawn. */
  readonly missed: number;
  /** Frames whose middle showed no row. */
  readonly blank: number;
  readonly longTasks: number;
  readonly rows: number;
}

async function fill(client: PandaProbe): Promise<void> {
  const time = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
  for (let n = 0; n < 60; n++)
    await client.createTrace({ name: `trace ${n}`, started_at: time(n), session_id: "chat", input: "Hello" });
  const content = "All work and no play makes Jack a dull boy. ".repeat(120_000).slice(0, 5_000_000);
  const input = { messages: [{ role: "user", content }] };
  await client.createTrace({ trace_id: longTrace, name: "long", started_at: time(2_000), input });
  await client.createTrace({ trace_id: largeTrace, name: "large", started_at: time(1_000) });
  for (let first = 0; first < spans; first += 500) {
    const part = Array.from({ length: Math.min(500, spans - first) }, (_, index) => ({
      name: `step ${first + index}`,
      kind: "TOOL" as const,
      started_at: time(1_000 + first + index),
      ended_at: time(1_005 + first + index),
      input: { query: `What is ${first + index}?` },
    }));
    await client.createSpans(largeTrace, part);
  }
}
