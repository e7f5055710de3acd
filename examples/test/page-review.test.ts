/** @module-tag slow */
import { keyScopes } from "@pandaprobe/contract";
import { PandaProbe } from "@pandaprobe/sdk";
import { type CreateReviewQueueRequest, PandaProbeReview } from "@pandaprobe/sdk/review";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addKey } from "../../packages/server/test/http/support/add-key.ts";
import { startTestServer, type TestServer } from "../../packages/server/test/support/test-server.ts";
import { accessibilityProblems } from "./page/accessibility-problems.ts";
import { buildPage, chromiumProgram, type OpenBrowser, openBrowser } from "./page/open-browser.ts";

const project = "review";
const metric = "task_completion";
const traceCount = 4;
/** Longer than what is shown of it, so it scrolls. */
const longResult = { seats: Array.from({ length: 100 }, (_, seat) => ({ seat })) };
const started_at = "2026-03-02T09:00:00Z";

describe.skipIf(chromiumProgram === undefined)("the page on which people review", () => {
  let server: TestServer & { close(): Promise<void> };
  let apiKey: string;
  let client: PandaProbe;
  let review: PandaProbeReview;
  let browser: OpenBrowser;
  let page: Page;

  beforeAll(async () => {
    await buildPage();
    server = await startTestServer({ environment: { EVAL_LLM_MODEL: "heuristic/v1" } });
    apiKey = await addKey(server.database.url, "default", { scopes: keyScopes, projects: null });
    const options = { endpoint: server.url, apiKey, projectName: project };
    client = new PandaProbe(options);
    review = new PandaProbeReview(options);
    for (let n = 0; n < traceCount; n++) {
      const { trace_id } = await client.createTrace({
        name: `booking ${n}`,
        started_at,
        session_id: "a long talk",
        input: `Book flight ${n}`,
        output: `Flight ${n} is booked.`,
        spans: [{ name: "book_flight", kind: "TOOL", started_at, input: { flight: n }, output: longResult }],
      });
      const value = n % 2 === 0 ? "0.9" : "0.1";
      const reason = `The judge’s reason on ${n}`;
      await client.createTraceScore({ trace_id, name: metric, value, reason, source: "PROGRAMMATIC" });
    }
    browser = await openBrowser(server.url);
    ({ page } = browser);
    await signIn(page, null);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    expect(browser?.problems ?? []).toEqual([]);
  });

  /** Signs in unless the page has kept a sign-in, so that a name that was given stays. */
  const signIn = async (where: Page, reviewer: string | null, key = apiKey) => {
    const session = JSON.stringify({ apiKey: key, project, isKept: false, reviewer });
    await where.addInitScript(
      `sessionStorage.getItem("pandaprobe.session") ?? sessionStorage.setItem("pandaprobe.session", ${JSON.stringify(session)})`,
    );
  };
  const open = async (path: string, where = page) => {
    await where.goto(`${server.url}/app${path}`);
    await where.locator("main h1").first().waitFor();
  };
  const newQueue = async (fields: Partial<CreateReviewQueueRequest> = {}) => {
    const { id } = await review.createReviewQueue({ name: "July", metrics: [{ name: metric }], ...fields });
    return id;
  };
  const shown = async (where = page) => {
    const name = await where.locator(".reviewed-head h2").textContent();
    return Number(name?.replace("booking ", ""));
  };
  const atItem = (at: number, total = traceCount, where = page) =>
    where.locator(".review-progress [role=status]", { hasText: `${at} of ${total}` }).waitFor();
  const beginAs = async (name: string, where = page) => {
    await where.getByLabel("Who reviews?").fill(name);
    await where.keyboard.press("Enter");
  };

  test("creates a queue that people score by a metric and by a label of their own", async () => {
    await open("/review");
    await page.getByText("No review queues yet").waitFor();
    await page.getByRole("button", { name: "New queue" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Flights");
    await page.getByLabel("Task completion").check();
    await page.getByLabel("A label of your own").fill("tone");
    await page.getByLabel("Its choices").fill("warm, cold");
    await page.getByText("Filters").click();
    await page.getByLabel("Name contains").fill("booking");
    await page.getByLabel("How many traces").fill("3");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { name: "Flights" }).waitFor();
    await beginAs("ana");
    await atItem(1, 3);
    await page.keyboard.press("y");
    await page.keyboard.press("Enter");
    await page.keyboard.press("2");
    await page.keyboard.press("Enter");
    await page.getByText("● Agrees").or(page.getByText("▲ Disagrees")).waitFor();
    const [queue] = (await review.listReviewQueues()).items;
    const { items } = await client.listTraceScores({ source: "ANNOTATION" });
    expect(items.map(({ name, value, author_user_id }) => [name, value, author_user_id]).sort()).toEqual([
      [metric, "1", "ana"],
      ["tone", "cold", "ana"],
    ]);
    await page.keyboard.press("Escape");
    await page.getByText("1 of 3").waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByText("No review queues yet").waitFor();
    expect(queue?.name).toBe("Flights");
  });

  test("reviews a queue by keyboard alone: score, reason, skip, undo, and then the judge’s verdict", async () => {
    const id = await newQueue();
    await open(`/review/${id}`);
    // The name is asked once: the test above gave it.
    await page.getByText("As ana.").waitFor();
    await atItem(1);
    const first = await shown();
    await page.keyboard.press("5");
    await page.keyboard.press("r");
    await page.keyboard.type("It is 5 stars");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.getByText(`The judge’s reason on ${first}`).waitFor();
    await page.getByText(first % 2 === 0 ? "● Agrees" : "▲ Disagrees").waitFor();
    await page.keyboard.press("Enter");
    await atItem(2);
    const second = await shown();
    await page.keyboard.press("s");
    await atItem(3);
    await page.keyboard.press("u");
    await page.getByRole("heading", { name: `booking ${second}` }).waitFor();
    await page.keyboard.press("1");
    await page.keyboard.press("Enter");
    await page.getByText(`The judge’s reason on ${second}`).waitFor();
    await page.keyboard.press("u");
    await page.getByLabel("Your scores").locator("textarea:enabled").waitFor();
    expect(await page.locator("input[type=radio]:checked + kbd").textContent()).toBe("1");
    await page.keyboard.press("2");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Next" }).waitFor();
    await page.keyboard.press("Enter");
    for (const at of [3, 4]) {
      await atItem(at);
      await page.keyboard.press("n");
      await page.keyboard.press("Enter");
      await page.getByText("The judge’s reason on").waitFor();
      await page.keyboard.press("Enter");
    }
    await page.getByText("You are done").waitFor();
    await page.getByText("You reviewed 4 and skipped 0.").waitFor();
    const { items } = await client.listTraceScores({ source: "ANNOTATION", name: metric });
    const given = items.filter(({ metadata }) => metadata["review_queue_id"] === id);
    expect(given.map(({ value }) => value).sort()).toEqual(["0", "0", "0.25", "1"]);
    expect(given.filter(({ reason }) => reason === "It is 5 stars")).toHaveLength(1);
    await page.getByRole("link", { name: "Task completion" }).click();
    await page.getByText("People and the judge scored 4 traces drawn at random").waitFor();
    await page.getByRole("link", { name: "Have people score 50" }).click();
    const form = page.getByRole("dialog", { name: "New review queue" });
    expect(await form.getByLabel("Task completion").isChecked()).toBe(true);
    expect(await form.getByLabel("How many traces").inputValue()).toBe("50");
    await page.keyboard.press("Escape");
  });

  test("shows and loads no verdict of a judge before the reviewer’s own score", async () => {
    const id = await newQueue();
    const asked: string[] = [];
    const note = (request: { url(): string }) => asked.push(request.url());
    page.on("request", note);
    await open(`/review/${id}`);
    await atItem(1);
    await page.getByRole("tab", { name: "1 step" }).click();
    await page.getByRole("heading", { name: "book_flight" }).waitFor();
    await page.waitForLoadState("networkidle");
    page.off("request", note);
    expect(asked.filter((url) => url.includes("scores"))).toEqual([]);
    expect(await page.content()).not.toContain("The judge’s reason");
    expect(await page.getByRole("link", { name: "Open it with its scores" }).count()).toBe(0);
    await page.keyboard.press("4");
    await page.keyboard.press("Enter");
    await page.getByText("The judge’s reason on").waitFor();
    await page.getByRole("link", { name: "Open it with its scores" }).waitFor();
    const openQueue = await newQueue({ blind: false });
    await open(`/review/${openQueue}`);
    await page.getByText("The judge’s reason on").waitFor();
    expect(await page.getByText("Agrees").count()).toBe(0);
  });

  test("gives two reviewers different items, and the item of one whose claim ended to the other", async () => {
    const id = await newQueue({ size: 2, claim_seconds: 8 });
    const other = await browser.context.newPage();
    await signIn(other, "ben");
    await open(`/review/${id}`);
    await atItem(1, 2);
    await open(`/review/${id}`, other);
    await atItem(1, 2, other);
    const [anas, bens] = [await shown(), await shown(other)];
    expect(anas).not.toBe(bens);
    await other.keyboard.press("3");
    await other.keyboard.press("Enter");
    await other.getByText(`The judge’s reason on ${bens}`).waitFor();
    await other.keyboard.press("Enter");
    await other.getByText("Others are reviewing the remaining items").waitFor();
    await page.getByText("Your claim has ended.").waitFor();
    await other.getByRole("heading", { name: `booking ${anas}` }).waitFor();
    await page.keyboard.press("2");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("enough others review this item now").waitFor();
    expect(await page.locator("input[type=radio]:checked + kbd").textContent()).toBe("2");
    await other.keyboard.press("3");
    await other.keyboard.press("Enter");
    await other.getByText(`The judge’s reason on ${anas}`).waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("Nothing to review now").or(page.getByText("You are done")).waitFor();
    await other.close();
    // The browser reports the 409 itself.
    expect(browser.problems.splice(0).every((problem) => problem.includes("409"))).toBe(true);
  });

  test("keeps a claim while the reviewer works on the item", async () => {
    const seconds = 6;
    const id = await newQueue({ size: 1, claim_seconds: seconds });
    await open(`/review/${id}`);
    await atItem(1, 1);
    const claimedUntil = async () => {
      const { items } = await review.listReviewItems(id);
      return Date.parse(items[0]?.reviews[0]?.claimed_until ?? "");
    };
    const first = await claimedUntil();
    await expect.poll(() => first - Date.now(), { timeout: 60_000 }).toBeLessThan((seconds * 1000) / 2);
    await page.keyboard.press("3");
    await expect.poll(claimedUntil, { timeout: 60_000 }).toBeGreaterThan(first);
  });

  test("reviews sessions turn by turn, and a sample of a run", async () => {
    const id = await newQueue({
      target_type: "SESSION",
      metrics: [{ name: "solved", data_type: "BOOLEAN" }],
    });
    await open(`/review/${id}`);
    await page.getByRole("heading", { name: "a long talk" }).waitFor();
    expect(await page.locator(".reviewed-turns > li").count()).toBe(traceCount);
    await page.keyboard.press("n");
    await page.keyboard.press("Enter");
    await page.getByText("You are done").waitFor();
    const run = await client.evaluateTraces({ metrics: [metric], filters: { name: "booking 1" } });
    await open(`/runs/trace/${run.run.id}`);
    await page.getByRole("link", { name: "Review a sample" }).click();
    const form = page.getByRole("dialog", { name: "Review a sample of the run" });
    expect(await form.getByLabel("Task completion").isChecked()).toBe(true);
    await form.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { name: "Task completion" }).waitFor();
    await atItem(1, 1);
    expect(await shown()).toBe(1);
  });

  test("says that a queue is missing or closed, and that a key has no access", async () => {
    await open("/review");
    await page.goto(`${server.url}/app/review/0b000000-0000-4000-8000-000000000001`);
    await page.getByRole("heading", { name: "Not found" }).waitFor();
    const id = await newQueue();
    await review.updateReviewQueue(id, { closed: true });
    await open(`/review/${id}`);
    await page.getByText("The queue is closed.").waitFor();
    const reader = await browser.context.newPage();
    const key = await addKey(server.database.url, "default", { scopes: ["read"], projects: null });
    await signIn(reader, "cleo", key);
    await open(`/review/${id}`, reader);
    await reader.getByRole("heading", { name: "This key has no access" }).waitFor();
    await reader.close();
    expect(browser.problems.splice(0)).toEqual([expect.stringContaining("404")]);
  });

  test("has no accessibility problem, light or dark, and fits 360 pixels", async () => {
    const id = await newQueue({
      metrics: [{ name: metric }, { name: "tone", data_type: "CATEGORICAL", choices: ["warm", "cold"] }],
    });
    const states: readonly (readonly [string, string, () => Promise<unknown>])[] = [
      ["list", "/review", () => page.getByRole("table").waitFor()],
      ["form", "/review?new=1", () => page.getByRole("dialog").waitFor()],
      // Reached by keyboard, as it scrolls.
      ["item", `/review/${id}`, () => page.getByRole("group", { name: "Result of book_flight" }).waitFor()],
      [
        "verdict",
        `/review/${id}`,
        async () => {
          await atItem(1);
          await page.keyboard.press("1");
          await page.getByRole("button", { name: "Complete" }).click();
          await page.getByRole("button", { name: "Next" }).waitFor();
          await page.getByRole("group", { name: "Result of book_flight" }).waitFor();
        },
      ],
    ];
    for (const [state, path, ready] of states) {
      await open(path);
      await ready();
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await accessibilityProblems(page), `${state}, ${colorScheme}`).toEqual([]);
      }
      await page.setViewportSize({ width: 360, height: 740 });
      expect(await page.evaluate("document.documentElement.scrollWidth"), state).toBeLessThanOrEqual(360);
      await page.setViewportSize({ width: 1440, height: 900 });
    }
  });
});
