/** @module-tag slow */
import { keyScopes } from "@pandaprobe/contract";
import type { TraceCreate } from "@pandaprobe/sdk";
import { PandaProbe } from "@pandaprobe/sdk";
import { PandaProbeReview } from "@pandaprobe/sdk/review";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addKey } from "../../packages/server/test/http/support/add-key.ts";
import { startTestServer, type TestServer } from "../../packages/server/test/support/test-server.ts";
import { loadSampleTraces } from "../load-traces.ts";
import { accessibilityProblems } from "./page/accessibility-problems.ts";
import { buildPage, chromiumProgram, type OpenBrowser, openBrowser } from "./page/open-browser.ts";
import { type Destination, storeScores } from "./store-scores.ts";

const project = "page";
const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 9, 0, second)).toISOString();
const hostile = "0b000000-0000-4000-8000-000000000001";
const large = "0b000000-0000-4000-8000-000000000002";
const long = "0b000000-0000-4000-8000-000000000003";
const onePixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const hostileTraces: TraceCreate[] = [
  {
    trace_id: hostile,
    name: "<img src=x onerror=stolen()>",
    started_at: at(0),
    tags: ["<script>stolen()</script>"],
    input: "# Hello\n\n<script>window.stolen = true</script>\n<img src=x onerror='window.stolen = true'>",
    output:
      "![pixel](https://evil.example/pixel.png) [run](javascript:window.stolen=true) [web](https://evil.example/) **bold**",
    spans: [{ span_id: "0c000000-0000-4000-8000-000000000001", name: "<b>span</b>", started_at: at(0) }],
  },
  {
    trace_id: large,
    name: "ten thousand spans",
    started_at: at(1),
  },
  {
    trace_id: long,
    name: "long message",
    started_at: at(2),
    input: { messages: [{ role: "user", content: "word ".repeat(1_000_000) }] },
    output: onePixel,
  },
];

/** 500 of the 10,000 spans of the large trace. */
const spansFrom = (first: number) =>
  Array.from({ length: 500 }, (_, index) => ({
    name: `step ${first + index}`,
    kind: "TOOL" as const,
    started_at: at(1 + (first + index) / 1000),
    ended_at: at(1 + (first + index + 5) / 1000),
  }));

describe.skipIf(chromiumProgram === undefined)("the page in Chromium", () => {
  let server: TestServer & { close(): Promise<void> };
  /** May do everything. */
  let apiKey: string;
  let destination: Destination;
  let client: PandaProbe;
  let browser: OpenBrowser;
  let page: Page;
  let problems: string[] = [];
  let requestedUrls: string[] = [];

  beforeAll(async () => {
    await buildPage();
    server = await startTestServer({ environment: { EVAL_LLM_MODEL: "heuristic/v1" } });
    apiKey = await addKey(server.database.url, "default", { scopes: keyScopes, projects: null });
    destination = { endpoint: server.url, apiKey, projectName: project };
    client = new PandaProbe(destination);
    const samples = (await loadSampleTraces()).map(({ trace }) => trace);
    for (const trace of [...samples, ...hostileTraces]) await client.createTrace(trace);
    for (let first = 0; first < 10_000; first += 500) await client.createSpans(large, spansFrom(first));
    await Promise.all([
      client.evaluateTraces({
        metrics: ["task_completion", "coherence"],
        filters: { date_from: "2026-01-01" },
      }),
      client.evaluateSessions({ metrics: ["agent_reliability"] }),
    ]);
    browser = await openBrowser(server.url);
    ({ page, problems } = browser);
    page.on("request", (request) => requestedUrls.push(request.url()));
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    expect(problems).toEqual([]);
  });

  const open = async (path: string) => {
    await page.goto(`${server.url}/app${path}`);
    await page.locator("main h1").first().waitFor();
  };

  test("serves files that may be cached forever, with a policy that allows no inline code", async () => {
    const html = await fetch(`${server.url}/app/traces/any`, { headers: { accept: "text/html" } });
    expect(html.headers.get("content-security-policy")).toContain("script-src 'self'; style-src 'self';");
    expect(html.headers.get("cache-control")).toBe("no-cache");
    const script = /src="([^"]+)"/.exec(await html.text())?.[1] ?? "";
    const asset = await fetch(server.url + script, { headers: { "accept-encoding": "br" } });
    expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(asset.headers.get("content-encoding")).toBe("br");
    expect((await fetch(`${server.url}/app/assets/none.js`)).status).toBe(404);
    const root = await fetch(server.url, { headers: { accept: "application/json" } });
    expect(await root.json()).toEqual({ page: "/app/", docs: "/docs", openapi: "/openapi.json" });
    expect((await fetch(`${server.url}/app/sign-in`, { method: "POST" })).status).toBe(404);
  });

  test("signs in with a key, which never gets into a URL", async () => {
    await page.goto(`${server.url}/`);
    expect(page.url()).toBe(`${server.url}/app/`);
    await page.getByLabel("API key").fill("sk_pp_wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("unknown, revoked or expired").waitFor();
    // The browser reports the 401 itself.
    expect(problems.splice(0)).toEqual([expect.stringContaining("401")]);
    await page.getByLabel("API key").fill(apiKey);
    await page.getByLabel("Project").fill(project);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("navigation", { name: "Pages" }).waitFor();
    expect(await page.getByLabel("Project").locator("option").first().textContent()).toContain(project);
    expect(requestedUrls.filter((url) => url.includes(apiKey))).toEqual([]);
    expect(await page.evaluate("localStorage.length")).toBe(0);
    expect(await page.evaluate("sessionStorage.length")).toBe(1);
    requestedUrls = [];
  });

  test.each([
    ["/", "pass"],
    ["/traces", "Traces"],
    [`/traces/${hostile}`, "onerror"],
    ["/sessions", "Sessions"],
    ["/sessions/ops%2FINC-208", ""],
    ["/runs", "Runs"],
    ["/scores", "Scores"],
    ["/scores?metric=coherence", "Coherence"],
    ["/monitors", "Monitors"],
    ["/settings", "Settings"],
  ])("%s has no accessibility problem, light or dark, and fits 360 pixels", async (path, heading) => {
    await open(path);
    expect(await page.locator("main h1").first().textContent()).toContain(heading);
    await page.waitForLoadState("networkidle");
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const rules = colorScheme === "light" ? undefined : ["color-contrast"];
      expect(await accessibilityProblems(page, rules)).toEqual([]);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test("finds the worst session and corrects a score, by keyboard alone", async () => {
    await open("/");
    const worst = page.getByRole("region", { name: "Worst sessions" });
    await worst.locator("[data-row]").first().waitFor();
    const name = await worst.locator("[data-row] a").first().textContent();
    for (let row = 0; row < 40; row += 1) {
      await page.keyboard.press("j");
      if ((await page.evaluate<string>("document.activeElement.textContent")).includes(name ?? "?")) break;
    }
    await page.keyboard.press("Enter");
    await page.locator(".turns").waitFor();
    expect(page.url()).toContain(`/app/sessions/${encodeURIComponent(name ?? "")}`);
    // Its scores come with an answer of their own.
    await page.locator(".turn-worst .turn-content").waitFor();
    for (let row = 0; row < 40; row += 1) {
      await page.keyboard.press("j");
      if (await page.evaluate("document.activeElement.matches('.turn-worst')")) break;
    }
    await page.keyboard.press("Enter");
    const line = page.locator(".score-line", { hasText: "Task completion" });
    await line.waitFor();
    while (!(await line.evaluate((element) => element === element.ownerDocument.activeElement)))
      await page.keyboard.press("j");
    const judged = await line.locator(".score-value").textContent();
    await page.keyboard.press("c");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("0.42");
    await page.keyboard.press("Tab");
    await page.keyboard.type("The refund was given.");
    await page.keyboard.press("Enter");
    await line.locator(".judged").waitFor();
    expect(await line.locator(".score-value").textContent()).toBe("0.42");
    expect(Number(/[\d.]+/.exec((await line.locator(".judged").textContent()) ?? "")?.[0]).toFixed(2)).toBe(
      judged,
    );
    await page.keyboard.press("Escape");
    await page.waitForURL(`${server.url}/app/traces`);
  });

  test("keeps filter, sort and columns in the URL, and acts on selected traces", async () => {
    await open("/traces");
    await page.locator("tbody tr").first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("long mess");
    await page.locator("tbody tr").nth(1).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Latency" }).click();
    await page.getByText("Columns").click();
    await page.getByLabel("Tags").check();
    await page.reload();
    await page.locator("tbody tr").first().waitFor();
    expect(new URL(page.url()).searchParams.toString()).toContain("name=long+mess&sort=latency&columns=");
    expect(await page.locator("thead").textContent()).toContain("Tags");
    await page.locator("tbody").getByRole("checkbox").check();
    await page.getByLabel("Tag to add").fill("checked");
    await page.getByRole("button", { name: "Tag", exact: true }).click();
    await page.locator("td .tag", { hasText: "checked" }).waitFor();
    await page.getByRole("button", { name: "Evaluate 1" }).click();
    await page.getByRole("dialog").getByLabel("Confidence").check();
    await page.getByRole("dialog").getByRole("button", { name: "Evaluate" }).click();
    await page.getByText("1 of 1 evaluated").waitFor();
    expect(page.url()).toContain("/app/runs/trace/");
  });

  test("creates a run with an estimate, follows it, and opens the scores behind a bar", async () => {
    await open("/runs");
    await page.getByRole("button", { name: "New run" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Step efficiency").check();
    const estimate = async () => {
      await dialog.getByRole("button", { name: "Estimate" }).click();
      await dialog.getByRole("status").waitFor();
      return Number(
        /^([\d,]+) targets, 0 judge calls; free\.$/.exec(
          (await dialog.getByRole("status").textContent()) ?? "",
        )?.[1],
      );
    };
    const all = await estimate();
    await dialog.getByText("Filters", { exact: true }).click();
    await dialog.getByLabel("Name contains").fill("long message");
    // An estimate of other targets is taken away.
    expect(await dialog.getByRole("status").count()).toBe(0);
    expect(await estimate()).toBe(1);
    await dialog.getByLabel("Name contains").fill("");
    await dialog.getByLabel("Budget in USD").fill("five");
    await dialog.getByRole("button", { name: "Evaluate" }).click();
    await dialog.getByText("The budget must be a number").waitFor();
    await dialog.getByLabel("Budget in USD").fill("5");
    expect(await estimate()).toBe(all);
    await dialog.getByLabel("Name", { exact: true }).fill("from the page");
    await dialog.getByRole("button", { name: "Evaluate" }).click();
    await page.getByText("evaluated in").waitFor();
    expect(await page.locator("h1").textContent()).toBe("from the page");
    await page.locator("a.histogram-slot").last().click();
    await page.getByRole("button", { name: "Show all metrics" }).waitFor();
    expect(await page.getByRole("region", { name: "Scores", exact: true }).textContent()).toContain("1.00");
  });

  test("breaks a metric down, and links bars and groups to the scores behind them", async () => {
    await open("/scores?metric=coherence");
    const list = page.getByRole("region", { name: "All scores" });
    await list.locator("tbody tr").first().waitFor();
    await page.getByLabel("Break down by").selectOption("model");
    const group = page.getByRole("region", { name: "Breakdown" }).getByRole("link", { name: "heuristic/v1" });
    await group.click();
    await list.getByRole("button", { name: "Clear Judge: heuristic/v1" }).waitFor();
    const bar = page.locator("a.histogram-slot").last();
    const count = Number(/^\d+/.exec((await bar.getAttribute("title")) ?? "")?.[0]);
    await bar.click();
    await list.getByRole("button", { name: /^Clear Score from/ }).waitFor();
    await list.getByText(count === 1 ? "1 score" : `${count} scores`, { exact: true }).waitFor();
    expect(page.url()).toContain("by=model&model=heuristic%2Fv1&value_min=");
    await list.locator("tbody a").first().click();
    await page.waitForURL(/\/app\/traces\//);
  });

  test("counts one score in the singular", async () => {
    const [trace] = (await client.listTraces({ limit: 1 })).items;
    await client.createTraceScore({ trace_id: trace?.trace_id ?? "", name: "lone", value: "1" });
    await open("/scores?metric=lone");
    await page.getByText("1 score", { exact: true }).waitFor();
  });

  test("says how often the judge of a run judges", async () => {
    const fields = { metrics: ["confidence"], repeats: 2, filters: { name: "long message" } };
    const { id } = await client.createTraceRun({ ...fields, name: "judged twice" });
    await open("/runs");
    await page.locator("tbody tr", { hasText: "judged twice" }).getByText("heuristic/v1, 2 times").waitFor();
    await open(`/runs/trace/${id}`);
    await page.getByText("heuristic/v1, 2 times").waitFor();
  });

  test("creates a monitor, shows its next five ticks, pauses it and deletes it", async () => {
    await open("/monitors");
    await page.getByRole("button", { name: "New monitor" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name", { exact: true }).fill("nightly");
    await dialog.getByLabel("Coherence").check();
    await dialog.getByLabel("Cadence").fill("30 6 * * MON-FRI");
    expect(await dialog.getByRole("region", { name: "Next ticks" }).locator("li").count()).toBe(5);
    await dialog.getByText("Filters", { exact: true }).click();
    await dialog.getByLabel("Tags").fill("production, eu");
    await dialog.getByLabel("Errors").selectOption("With errors");
    await dialog.getByLabel("Sampling rate").fill("0.5");
    await dialog.getByLabel("Judge").fill("heuristic/v1");
    await dialog.getByLabel("Budget in USD").fill("1.5");
    await dialog.getByRole("button", { name: "Create" }).click();
    const row = page.locator("tbody tr", { hasText: "nightly" });
    await row.waitFor();
    const monitors = await client.listMonitors();
    expect(monitors.items).toMatchObject([
      {
        filters: { tags: ["production", "eu"], status: "ERROR" },
        sampling_rate: 0.5,
        model: "heuristic/v1",
        max_cost_usd: 1.5,
      },
    ]);
    await row.getByRole("button", { name: "Edit" }).click();
    await dialog.getByText("Filters (2)").waitFor();
    await dialog.getByLabel("Errors").selectOption("With or without");
    await dialog.getByLabel("Budget in USD").fill("");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    const [edited] = (await client.listMonitors()).items;
    expect(edited).toMatchObject({ max_cost_usd: null, sampling_rate: 0.5 });
    expect(edited?.filters).not.toHaveProperty("status", "ERROR");
    await row.getByRole("button", { name: "Pause" }).click();
    await row.getByText("Paused").waitFor();
    await row.getByRole("button", { name: "Delete" }).click();
    await row.getByRole("button", { name: "Delete" }).click();
    await page.getByText("No monitors yet").waitFor();
  });

  test("shows text from strangers as text: no scripts, no remote images, and only web links", async () => {
    await open(`/traces/${hostile}`);
    await page.locator(".markdown strong", { hasText: "bold" }).waitFor();
    expect(await page.evaluate("'stolen' in window")).toBe(false);
    expect(await page.locator("main img, main script").count()).toBe(0);
    const links = await page
      .locator(".markdown a")
      .evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    expect(links).toEqual(["https://evil.example/pixel.png", "https://evil.example/"]);
  });

  test("asks for the scores of all rows at once, and in parts if they have many", async () => {
    const traces = Array.from({ length: 50 }, (_, n) => ({
      trace_id: crypto.randomUUID(),
      name: `scored ${n}`,
      session_id: `scored ${n}`,
      started_at: at(10),
    }));
    const traceIds = traces.map(({ trace_id }) => trace_id);
    const review = new PandaProbeReview(destination);
    await client.createTraceBatch({ traces });
    await storeScores(
      destination,
      traceIds.map((traceId) => ({ traceId, name: "tone", value: 0.12 })),
    );
    const ofSession = { name: "agent_reliability", value: "0.34" };
    for (const { session_id } of traces) await review.createSessionScore({ ...ofSession, session_id });
    /** How many requests for scores a page makes. */
    const asked = async (path: string, rows: number, text: string) => {
      requestedUrls = [];
      await open(path);
      const scored = page.locator("tbody tr", { hasText: text });
      await scored.nth(rows - 1).waitFor();
      await page.waitForLoadState("networkidle");
      expect(await scored.count()).toBe(rows);
      return requestedUrls.filter((url) => url.includes("-scores")).length;
    };
    expect(await asked("/traces?name=scored", 50, "0.12")).toBe(1);
    expect(await asked("/sessions?query=scored", 50, "0.34")).toBe(1);
    const others = ["a", "b", "c", "d"];
    await storeScores(
      destination,
      traceIds.flatMap((traceId) => others.map((name) => ({ traceId, name, value: 0.5 }))),
    );
    // 250 scores are more than one answer holds.
    expect(await asked("/traces?name=scored", 50, "+2")).toBe(3);
    const [traceId = ""] = traceIds;
    await storeScores(
      destination,
      Array.from({ length: 195 }, (_, n) => ({ traceId, name: `more ${n}`, value: 0.5 })),
    );
    expect(await asked("/traces?name=scored+0", 1, "+197")).toBe(2);
    await client.deleteTraces({ trace_ids: traceIds });
  });

  test("says which part of a cost is unknown", async () => {
    const call = { name: "chat", kind: "LLM", started_at: at(3), model: "gpt-4o-mini" } as const;
    const { trace_id } = await client.createTrace({
      name: "costs",
      started_at: at(3),
      spans: [{ ...call, token_usage: { prompt_tokens: 1000, completion_tokens: 100 } }, call, call],
    });
    await open(`/traces/${trace_id}`);
    await page.getByText("≥ $0.00021 · 2 spans unpriced").waitFor();
    await client.deleteTrace(trace_id);
  });

  test("draws at most 200 rows for 10,000 spans, and reaches the last one", async () => {
    await open(`/traces/${large}`);
    const tree = page.getByRole("tree");
    await tree.getByRole("treeitem").first().waitFor();
    expect(await tree.getByRole("treeitem").count()).toBeLessThanOrEqual(200);
    await tree.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await tree.getByText("step 9999").click();
    await page.getByRole("heading", { name: "step 9999" }).waitFor();
    expect(await tree.getByRole("treeitem").count()).toBeLessThanOrEqual(200);
    expect(page.url()).toContain("span=");
  });

  test("trims a message of 5 MB, and shows an image only when asked", async () => {
    await open(`/traces/${long}`);
    const message = page.locator(".message-user");
    await message.getByRole("button", { name: "Show all 5.0 MB" }).waitFor();
    expect(await message.textContent()).toHaveLength("user".length + 20_000 + "Show all 5.0 MB".length);
    expect(await page.locator("img").count()).toBe(0);
    await page.getByText(/^image\/png · \d+ B$/).waitFor();
    await page.getByRole("button", { name: "Show image" }).click();
    expect(await page.locator("img").evaluate((image) => image.naturalWidth)).toBe(1);
  });

  test("finds pages with ⌘K, and shows how to begin in an empty project", async () => {
    await client.withOptions({ projectName: "empty" }).createMonitor({
      name: "a",
      metrics: ["coherence"],
      cadence: "daily",
      target_type: "TRACE",
    });
    await open("/settings");
    await page.keyboard.press("Control+k");
    await page.locator("input[role=combobox]:focus").waitFor();
    await page.keyboard.type("project empty");
    await page.locator("[role=option][aria-selected=true]", { hasText: "Open project empty" }).waitFor();
    await page.keyboard.press("Enter");
    await page.goto(`${server.url}/app`);
    await page.getByText("empty has no traces yet").waitFor();
    const code = await page.locator("pre", { hasText: "createTrace" }).textContent();
    expect(code).toContain(apiKey);
    expect(code?.split("\n").length).toBeLessThanOrEqual(11);
    await client.withOptions({ projectName: "empty" }).createTrace({ name: "first", started_at: at(0) });
    await page.getByText("Nothing has been scored yet").waitFor();
  });
});
