/** @module-tag slow */
import { keyScopes } from "@pandaprobe/contract";
import { PandaProbe } from "@pandaprobe/sdk";
import { PandaProbeMetrics } from "@pandaprobe/sdk/metrics";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addKey } from "../../packages/server/test/http/support/add-key.ts";
import { type LlmServer, startLlmServer } from "../../packages/server/test/support/llm-server.ts";
import { startTestServer, type TestServer } from "../../packages/server/test/support/test-server.ts";
import { accessibilityProblems } from "./page/accessibility-problems.ts";
import { buildPage, chromiumProgram, type OpenBrowser, openBrowser } from "./page/open-browser.ts";

const project = "metrics";
const started_at = "2026-03-01T09:00:00Z";

describe.skipIf(chromiumProgram === undefined)("a project's own metrics in the page", () => {
  let llm: LlmServer;
  let server: TestServer & { close(): Promise<void> };
  let metrics: PandaProbeMetrics;
  let browser: OpenBrowser;
  let page: Page;
  let traceId: string;

  beforeAll(async () => {
    await buildPage();
    llm = await startLlmServer({
      answer: ({ path }) =>
        path === "/embeddings"
          ? undefined
          : {
              answers: [
                { id: "checked", answer: "yes", why: "<b>Step 1</b> looks the order up.", steps: [1] },
                { id: "tone", answer: "no", why: "The answer is curt.", steps: [] },
              ],
            },
    });
    server = await startTestServer({
      environment: { OPENAI_BASE_URL: llm.baseUrl, EVAL_LLM_MODEL: "openai/judge" },
    });
    const apiKey = await addKey(server.database.url, "default", { scopes: keyScopes, projects: null });
    const options = { endpoint: server.url, apiKey, projectName: project };
    metrics = new PandaProbeMetrics(options);
    const spans = [{ name: "lookup_order", kind: "TOOL" as const, started_at }];
    const trace = { name: "boots too small", started_at, input: "Can I return them?", output: "Yes.", spans };
    traceId = (await new PandaProbe(options).createTrace(trace)).trace_id;
    browser = await openBrowser(server.url);
    page = browser.page;
    const session = JSON.stringify({ apiKey, project, isKept: false });
    await browser.context.addInitScript(
      `sessionStorage.setItem("pandaprobe.session", ${JSON.stringify(session)})`,
    );
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await llm?.stop();
    expect(browser?.problems ?? []).toEqual([]);
  });

  const open = async (path: string) => {
    await page.goto(`${server.url}/app${path}`);
    await page.locator("main h1").first().waitFor();
  };
  /** The browser reports a refusal itself. */
  const forgetRefusal = () => expect(browser.problems.splice(0)).toEqual([expect.stringContaining("422")]);

  test("creates a checklist, with the server's errors at their fields, and tries the draft", async () => {
    await open("/metrics");
    await page.getByText("No metrics of your own yet").waitFor();
    await page.getByRole("link", { name: "New metric" }).click();
    await page.getByLabel("Name").fill("refund_policy");
    await page.getByLabel("Id 1", { exact: true }).fill("checked");
    await page.getByLabel("Question 1", { exact: true }).fill("Did the agent look up the order?");
    await page.getByLabel("Weight 1", { exact: true }).fill("3");
    await page.getByRole("button", { name: "Add a question" }).click();
    await page.getByLabel("Id 2", { exact: true }).fill("checked");
    await page.getByLabel("Question 2", { exact: true }).fill("Is the answer polite?");
    await page.getByRole("button", { name: "Create" }).click();
    await page.locator(".field-error", { hasText: "is used twice: give each" }).waitFor();
    expect(await page.getByLabel("Id 2", { exact: true }).getAttribute("aria-invalid")).toBe("true");
    expect(await page.getByLabel("Id 1", { exact: true }).getAttribute("aria-invalid")).toBeNull();
    forgetRefusal();
    await page.getByText("Change the marked fields").waitFor();
    await page.getByLabel("Id 2", { exact: true }).fill("tone");
    expect(await page.locator(".field-error, .action-error").count()).toBe(0);

    const trial = page.getByRole("region", { name: "Trial" });
    await trial.getByLabel("boots too small").check();
    await trial.getByRole("button", { name: "Try on 1" }).click();
    await trial.getByText("checked: yes").waitFor();
    expect(await trial.textContent()).toContain("<b>Step 1</b> looks the order up.");
    expect(await trial.locator(".score-value").textContent()).toBe("0.75");
    expect(await trial.textContent()).toContain("Judged by openai/judge");
    expect((await metrics.listMetrics()).filter(({ built_in }) => !built_in)).toEqual([]);

    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { name: "Refund policy" }).waitFor();
    expect(page.url()).toBe(`${server.url}/app/metrics/refund_policy`);
    await page.getByRole("region", { name: "Criteria" }).getByText("Is the answer polite?").waitFor();
    expect(llm.requests).toHaveLength(1);
  });

  test("tries a stored version, and links to the span that an answer cites", async () => {
    await open("/metrics/refund_policy");
    await page.getByRole("button", { name: "Try it" }).click();
    const trial = page.getByRole("region", { name: "Trial" });
    await trial.getByLabel("boots too small").check();
    await trial.getByRole("button", { name: "Try on 1" }).click();
    await trial.getByText("1 answers already stored").waitFor();
    await trial.getByRole("link", { name: "step 1" }).click();
    await page.getByRole("heading", { name: "lookup_order" }).waitFor();
    expect(page.url()).toContain(`/app/traces/${traceId}?span=`);
    expect(llm.requests).toHaveLength(1);
  });

  test("creates a new version for each change, and shows the earlier ones", async () => {
    await open("/metrics/refund_policy");
    await page.getByRole("link", { name: "Edit" }).click();
    await page.getByLabel("Question 2", { exact: true }).fill("Is the answer kind?");
    await page.getByLabel("Judge", { exact: true }).fill("openai/strict");
    await page.getByRole("button", { name: "Save as a new version" }).click();
    await page.getByRole("region", { name: "Criteria" }).getByText("Is the answer kind?").waitFor();
    expect(await page.locator(".facts").textContent()).toContain("openai/strict");
    await page.getByRole("link", { name: "Version 1" }).click();
    await page.getByRole("region", { name: "Criteria" }).getByText("Is the answer polite?").waitFor();
    expect(page.url()).toContain("version=1");
    const { definition, version } = await metrics.getMetric("refund_policy");
    expect([version, definition]).toMatchObject([
      2,
      { model: "openai/strict", criteria: [{ weight: 3 }, {}] },
    ]);
  });

  test("creates a check that needs no judge, offers it for runs, and deletes it", async () => {
    await open("/metrics/-/edit");
    await page.getByLabel("Name").fill("fast");
    await page.getByLabel("Kind").selectOption("latency");
    await page.getByLabel("At most, in milliseconds").fill("2000");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { name: "Fast", exact: true }).waitFor();
    await open("/runs");
    await page.getByRole("button", { name: "New run" }).first().click();
    await page.getByRole("dialog").getByLabel("Fast").waitFor();
    await open("/metrics/fast");
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Keep" }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("region", { name: "Metrics of your own" }).waitFor();
    expect(await page.getByRole("region", { name: "Metrics of your own" }).textContent()).not.toContain(
      "Fast",
    );
  });

  test("opens a metric from the list by keyboard", async () => {
    await open("/metrics");
    await page.getByRole("region", { name: "Metrics of your own" }).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Refund policy" }).waitFor();
  });

  test.each([
    "/metrics",
    "/metrics/refund_policy",
    "/metrics/coherence",
    "/metrics/-/edit",
    "/metrics/-/edit?name=refund_policy",
  ])("%s has no accessibility problem, light or dark, and fits 360 pixels", async (path) => {
    await open(path);
    const tryIt = page.getByRole("button", { name: "Try it" });
    if (await tryIt.isVisible()) await tryIt.click();
    await page.waitForLoadState("networkidle");
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await accessibilityProblems(page)).toEqual([]);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});
