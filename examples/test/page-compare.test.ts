/** @module-tag slow */
import { keyScopes } from "@pandaprobe/contract";
import { PandaProbe } from "@pandaprobe/sdk";
import { PandaProbeMetrics } from "@pandaprobe/sdk/metrics";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addKey } from "../../packages/server/test/http/support/add-key.ts";
import { startTestServer, type TestServer } from "../../packages/server/test/support/test-server.ts";
import { accessibilityProblems } from "./page/accessibility-problems.ts";
import { buildPage, chromiumProgram, type OpenBrowser, openBrowser } from "./page/open-browser.ts";

const project = "compare";
const started_at = "2026-03-02T09:00:00Z";
const metric = "right_date";
const versions = ["v1", "v2"] as const;
const cases = Array.from({ length: 16 }, (_, index) => ({
  id: `order-${String(index + 1).padStart(2, "0")}`,
  question: `When does order ${index + 1} arrive, if it leaves on Friday and takes ${index + 1} working days?`,
  date: `2026-03-${String(index + 10)}`,
  isMissedBy: { v1: index === 15, v2: index < 9 },
}));
const byRelease = "a_release=v1&b_release=v2&pair_by=metadata";

describe.skipIf(chromiumProgram === undefined)(
  "the page that compares versions, and judges with people",
  () => {
    let server: TestServer & { close(): Promise<void> };
    let client: PandaProbe;
    let browser: OpenBrowser;
    let page: Page;
    const traceIds = new Map<string, string>();

    beforeAll(async () => {
      await buildPage();
      server = await startTestServer();
      const apiKey = await addKey(server.database.url, "default", { scopes: keyScopes, projects: null });
      const options = { endpoint: server.url, apiKey, projectName: project };
      client = new PandaProbe(options);
      await new PandaProbeMetrics(options).putMetric(metric, { kind: "exact_match", reference: "expected" });
      for (const release of versions) {
        for (const each of cases) {
          const { trace_id } = await client.createTrace(traceOf(each, release));
          traceIds.set(`${release} ${each.id}`, trace_id);
        }
        const run = await client.createTraceRun({
          name: `Nightly ${release}`,
          metrics: [metric],
          filters: { release },
        });
        await client.getTraceRun(run.id, { waitSeconds: 30 });
        await scoreByProgram(release);
      }
      await scoreByPerson();
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
      expect(browser?.problems ?? []).toEqual([]);
    });

    const traceOf = ({ id, question, date, isMissedBy }: (typeof cases)[number], release: "v1" | "v2") => ({
      name: id,
      started_at,
      release,
      session_id: `${release} ${id}`,
      input: question,
      output: isMissedBy[release] ? `2026-03-01, says <b onclick=stolen()>${release}</b>.` : date,
      metadata: { case_id: id, expected: date },
    });

    /** Tone is the same on both sides; only three cases say how brief the answer is. */
    const scoreByProgram = async (release: string) => {
      const scored = cases.flatMap(({ id }, index) => {
        const tone = { name: "tone", value: (index % 2 === 0) === (release === "v1") ? "0.8" : "0.7" };
        const brevity = { name: "brevity", value: "0.9" };
        const trace_id = traceIds.get(`${release} ${id}`) ?? "";
        return [tone, ...(index < 3 ? [brevity] : [])].map((score) => ({ ...score, trace_id }));
      });
      await Promise.all(scored.map((score) => client.createTraceScore({ ...score, source: "PROGRAMMATIC" })));
    };

    /** A person agrees with the judge, except about three traces that it passes. */
    const scoreByPerson = async () => {
      const scored = versions.flatMap((release) =>
        cases.map(({ id, isMissedBy }, index) => ({
          trace_id: traceIds.get(`${release} ${id}`) ?? "",
          name: metric,
          value: isMissedBy[release] || (release === "v1" && index < 3) ? "0" : "1",
          author_user_id: "ana@example.com",
          reason: "I asked the carrier.",
        })),
      );
      await Promise.all(scored.map((score) => client.createTraceScore(score)));
    };

    const open = async (path: string) => {
      await page.goto(`${server.url}/app${path}`);
      await page.locator("main h1").first().waitFor();
    };
    const result = (name: string) => page.getByRole("region", { name, exact: true });

    test("compares two runs that are selected in the list, the older one as the baseline", async () => {
      await open("/runs");
      await page.getByLabel("Select Nightly v2").check();
      await page.getByText("Select two to compare them.").waitFor();
      await page.getByLabel("Select Nightly v1").check();
      await page.getByRole("link", { name: "Compare", exact: true }).last().click();
      await page.getByText("1 of 1 metric got worse.").waitFor();
      expect(await page.getByLabel("Baseline: run").locator("option:checked").textContent()).toContain(
        "Nightly v1",
      );
      await page.getByText("Not paired. If both sides").waitFor();
      expect(await result("Right date").locator(".cases").count()).toBe(0);
      await page.getByLabel("Not paired").selectOption("trace_id");
      await page.getByText("No trace has a counterpart by trace_id.").waitFor();
      await page.getByLabel("Not paired").selectOption("metadata");
      await result("Right date").getByText("16 pairs, 16 sessions").waitFor();
      await page.getByRole("button", { name: "Swap the sides" }).click();
      await page.getByText("1 of 1 metric got better, and none worse.").waitFor();
    });

    test("compares the shown run with a chosen one", async () => {
      await open("/runs");
      await page.getByRole("link", { name: "Nightly v2" }).click();
      await page.getByRole("main").getByRole("link", { name: "Compare" }).click();
      await page.getByText("Choose what to compare").waitFor();
      await page.getByRole("option", { name: "Nightly v1" }).first().waitFor({ state: "attached" });
      const label = await page.getByRole("option", { name: "Nightly v1" }).first().textContent();
      await page.getByLabel("Baseline: run").selectOption({ label: label ?? "" });
      await page.getByText("1 of 1 metric got worse.").waitFor();
    });

    test("chooses the sides by filters, and shows what got worse first", async () => {
      await open("/compare");
      await page.getByText("Choose what to compare").waitFor();
      for (const [side, release] of [
        ["Baseline", "v1"],
        ["Compared with it", "v2"],
      ] as const) {
        const fields = page.getByRole("group", { name: side });
        await fields.getByRole("tab", { name: "Traces that match" }).click();
        await fields.getByLabel("Release").fill(release);
      }
      await page.getByLabel("Not paired").selectOption("metadata");
      await page.getByText("1 of 3 metrics got worse.").waitFor();
      const url = page.url();
      for (const part of ["a_release=v1", "b_release=v2", "pair_by=metadata"]) expect(url).toContain(part);
      expect(await page.locator(".metric-result h2").allTextContents()).toEqual([
        "Right date",
        "Tone",
        "Brevity",
      ]);
      expect(await page.locator(".verdict").allTextContents()).toEqual([
        "▼ Worse",
        "● No significant difference",
        "○ Not enough",
      ]);
      const figures = await result("Right date").locator(".figures").textContent();
      expect(figures).toContain("Mean0.938 → 0.438");
      expect(figures).toContain("Difference−0.500");
      expect(figures).toContain("Cases9 worse, 1 better, 6 the same");
      await result("Right date")
        .getByRole("img", { name: /^Difference −0\.500, 95 % interval −/ })
        .waitFor();
      expect(await result("Brevity").textContent()).toContain("Not enough to compare brevity");

      await page.getByRole("checkbox", { name: "Brevity" }).uncheck();
      await page.getByText("1 of 2 metrics got worse.").waitFor();
      await page.getByLabel("Key (case_id)").fill("missing");
      await page.getByText("No trace has a counterpart by metadata.missing.").waitFor();
      await result("Tone")
        .getByText("Left out: baseline, 16 without a counterpart; compared with it, 16")
        .waitFor();
    });

    test("opens a case by keyboard: the input once, both answers, and links to both traces", async () => {
      await open(`/compare?${byRelease}&metrics=${metric}`);
      await result("Right date").getByText("Cases that fell: 9").waitFor();
      await page.keyboard.press("j");
      await page.keyboard.press("Enter");
      const row = page.locator(".cases > li", { has: page.locator(".case-diff") });
      await row.getByText("Input, the same on both sides").waitFor();
      const name = (await row.locator("button[aria-expanded]").textContent())?.replace("▾", "").trim();
      const wanted = cases.find(({ id }) => id === name);
      await row
        .getByRole("region", { name: "Output, baseline" })
        .getByText(wanted?.date ?? "?")
        .waitFor();
      const answered = row.getByRole("region", { name: "Output, compared with it" });
      expect(await answered.textContent()).toContain("2026-03-01, says <b onclick=stolen()>v2</b>.");
      expect(await row.locator("del").allTextContents()).toEqual([wanted?.date.slice(-2)]);
      expect(await row.locator("ins").allTextContents()).toEqual(["01, says <b onclick=stolen()>v2</b>."]);
      const marks = row.getByRole("button", { name: "Mark differences" });
      await marks.press("Enter");
      await row.getByRole("region", { name: "Output, baseline" }).locator(".markdown").waitFor();
      expect(await row.locator("del, ins").count()).toBe(0);
      await marks.press("Enter");
      await row.locator("del").waitFor();
      expect(await row.locator(".score-value").allTextContents()).toEqual(["1.00", "0.00"]);
      for (const [label, release] of [
        ["Baseline", "v1"],
        ["Compared with it", "v2"],
      ] as const) {
        const id = traceIds.get(`${release} ${name}`) ?? "";
        const link = row.getByRole("link", { name: `${label}: trace ${id}` });
        expect(await link.getAttribute("href")).toBe(`/app/traces/${id}`);
      }
      await page.reload();
      await row.getByText("Input, the same on both sides").waitFor();
      await page.keyboard.press("Escape");
      await page.locator(".case-diff").waitFor({ state: "detached" });
      expect(page.url()).not.toContain("case=");
    });

    test("shows the server's errors, and says that a run is missing", async () => {
      await open(`/compare?${byRelease}&metrics=no_such_metric`);
      await page
        .getByRole("alert")
        .getByText('No trace score of this project is named "no_such_metric"')
        .waitFor();
      await open("/compare?a=0b000000-0000-4000-8000-000000000001&b_release=v2");
      await page.getByRole("heading", { name: "Not found" }).waitFor();
      expect(browser.problems.splice(0)).toEqual([
        expect.stringContaining("400"),
        expect.stringContaining("404"),
      ]);
    });

    test("restores a side's days from the URL, and forgets a side's filters with its kind", async () => {
      await open("/compare?a_by=filters&b_release=v2");
      const baseline = page.getByRole("group", { name: "Baseline" });
      await baseline.getByLabel("From").fill("2026-03-03");
      await page.locator(".metric-result").first().waitFor();
      expect(new URL(page.url()).searchParams.get("a_date_from")).toMatch(
        /^2026-03-0[2-4]T\d\d:00:00\.000Z$/,
      );
      await page.reload();
      await page.waitForFunction(`document.querySelector("input[type=date]").value === "2026-03-03"`);
      await baseline.getByRole("tab", { name: "A run" }).click();
      await page.getByText("Choose what to compare").waitFor();
      expect(new URL(page.url()).search).toBe("?b_release=v2");
    });

    test("says how far the judge agrees with people, and links to the disagreements", async () => {
      await open(`/metrics/${metric}`);
      const agreement = result("Agreement");
      await agreement.getByText("scored 32 traces drawn at random").waitFor();
      expect(
        await agreement.getByRole("region", { name: "Who passes what" }).locator("tbody").textContent(),
      ).toBe("Judge passes193Judge fails010");
      await agreement.getByRole("img", { name: /^κ \+0\.7\d\d, 95 % interval/ }).waitFor();
      const figures = await agreement.locator(".figures").textContent();
      for (const part of ["Good ones passed100 %", "Bad ones failed77 %", "Judge’s pass rate69 %"])
        expect(figures).toContain(part);
      await agreement.getByText("Disagreements: 3").waitFor();
      const row = agreement.getByRole("region", { name: "Disagreements" }).locator("[data-row]").first();
      expect(await row.textContent()).toContain("I asked the carrier.");
      await agreement.getByLabel("Any judge").fill("openai/none");
      await agreement.getByText("No trace has a score by a person and one by the judge.").waitFor();
      await agreement.getByLabel("Any judge").fill("");
      await row.getByRole("link").click();
      await page.getByRole("heading", { name: /^order-0[123]$/ }).waitFor();
    });

    test.each([
      `/metrics/${metric}`,
      "/compare",
      "/compare?a_by=filters&b_by=filters",
      `/compare?${byRelease}`,
    ])("%s has no accessibility problem, light or dark, and fits 360 pixels", async (path) => {
      await open(path);
      await page.waitForLoadState("networkidle");
      const first = page.locator(".cases [data-open]").first();
      if (await first.isVisible()) {
        await first.click();
        await page.locator(".case-diff .value").first().waitFor();
      }
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await accessibilityProblems(page)).toEqual([]);
      }
      await page.setViewportSize({ width: 360, height: 740 });
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
      await page.setViewportSize({ width: 1440, height: 900 });
    });
  },
);
