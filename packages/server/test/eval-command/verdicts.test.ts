/** @module-tag slow */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EvalRunResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import { createRun, endedRun } from "../support/run-helpers.ts";
import { storeSession } from "../support/session-helpers.ts";
import { useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { useJudgedServer } from "./support/judged-server.ts";
import { parseXml } from "./support/parse-xml.ts";
import { runEval } from "./support/run-command.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const lastRun = async (api: { get<Body>(path: string): Promise<{ body: Body }> }) => {
  const { body } = await api.get<{ items: EvalRunResponse[] }>("/evaluations/trace-runs");
  return body.items[0];
};

describe("the verdict of pandaprobe eval", () => {
  test("passes if every threshold is reached, to the last digit, and says so in a table", async () => {
    // Their mean in floating point is 0.7999999999999999.
    const server = await useJudgedServer([0.7, 0.8, 0.9]);
    await storeTraces(server.api, 3);
    const { code, stdout, stderr } = await runEval(server, [
      "--metrics=confidence",
      "--min=confidence=0.8",
      "--min-rate=confidence=1",
      "--name=nightly",
    ]);
    expect(code).toBe(0);
    const run = await lastRun(server.api);
    expect(run).toMatchObject({ name: "nightly", status: "COMPLETED", metric_names: ["confidence"] });
    expect(stdout.replace(/ · \d+ m?s · /, " · 1 s · ")).toBe(
      [
        `Run ${run?.id} · nightly · 3 traces · openai/test · 1 s · 3 calls`,
        "",
        "  metric      mean  bar     passing  bar      judged  failed",
        "✓ confidence  0.80  ≥ 0.80    100 %  ≥ 100 %       3       0",
        "",
        "Passed.",
        "",
      ].join("\n"),
    );
    expect(stderr).toContain(`Run ${run?.id}: 3 traces to evaluate.\n`);
    expect(stderr).toContain("3 of 3 traces");
  });

  test("counts people's scores instead of the judge's, unless --prefer none is given", async () => {
    const server = await useJudgedServer([0.9, 0.9]);
    const [trace_id] = await storeTraces(server.api, 2);
    const word = { trace_id, name: "confidence", value: "0.1", author_user_id: "ann" };
    await server.api.post("/evaluations/trace-scores", word);
    const { code, stdout } = await runEval(server, ["--metrics=confidence", "--min=confidence=0.8"]);
    expect(code).toBe(1);
    expect(stdout).toContain("the mean of confidence is 0.50, below 0.80");
    expect(stdout).toContain("1 of 2 scores are people's.");
    const { id } = (await lastRun(server.api)) ?? {};
    const again = [`--run=${id}`, "--min=confidence=0.8"];
    expect(JSON.parse((await runEval(server, [...again, "--json"])).stdout)).toMatchObject({ by_people: 1 });
    expect(await runEval(server, [...again, "--prefer=none"])).toMatchObject({ code: 0 });
    expect(await runEval(server, [...again, "--prefer=judge"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--prefer must be person, annotation or none, not "judge".'),
    });
  });

  test("counts people's scores of sessions too, given or corrected, and says so in each report", async () => {
    const server = await useTestServer({ environment: {} });
    for (const session_id of ["a", "b", "c"]) await storeTraces(server.api, 1, { session_id });
    const word = { session_id: "a", name: "agent_reliability", value: "0", author_user_id: "ann" };
    await server.api.post("/evaluations/session-scores", word);
    const markdown = join(await temporaryFolder(), "report.md");
    const options = ["--metrics=agent_reliability", "--sessions", "--min-rate=agent_reliability=0.6"];
    const { code, stdout } = await runEval(server, [...options, `--markdown=${markdown}`]);
    expect(code).toBe(0);
    expect(stdout).toContain("1 of 3 scores are people's.");
    expect(await readFile(markdown, "utf8")).toContain("\n1 of 3 scores are people's.\n");
    const { body } = await server.api.get<{ id: string }[]>("/evaluations/session-scores/b");
    await server.api.patch(`/evaluations/session-scores/${body[0]?.id}`, { value: "0.05" });
    const again = JSON.parse((await runEval(server, [...options, "--json"])).stdout);
    expect(again).toMatchObject({ by_people: 2, passed: false });
  });

  test("counts scores with nothing to judge separately, and fails a gate that has no others", async () => {
    const server = await useTestServer({ environment: {} });
    const tools = { metadata: { tools: [{ name: "search", description: "Searches the web." }] } };
    await storeTraces(server.api, 1, tools);
    await storeTraces(server.api, 2);
    const metrics = "--metrics=tool_correctness,plan_quality";
    const passing = await runEval(server, [metrics, "--min=tool_correctness=0"]);
    expect(passing.code).toBe(0);
    const rows = passing.stdout.split("\n").filter((line) => /metric|_/.test(line.slice(0, 20)));
    expect(rows.map((row) => row.split(/ {2,}/).slice(-3))).toEqual([
      ["judged", "failed", "n/a"],
      ["1", "0", "2"],
      ["0", "0", "3"],
    ]);
    const gate = await runEval(server, [metrics, "--min=plan_quality=0", "--json"]);
    expect(gate.code).toBe(1);
    expect(JSON.parse(gate.stdout)).toMatchObject({
      passed: false,
      checks: [
        { metric: "plan_quality", value: null, passed: false },
        { kind: "failed_scores", passed: true },
      ],
      metrics: [
        { judged: 1, not_applicable: 2 },
        { mean: null, judged: 0, not_applicable: 3 },
      ],
    });
    const failing = await runEval(server, [metrics, "--min=plan_quality=0"]);
    expect(failing.stdout).toContain(
      "Not passed: no score for plan_quality is applicable: 3 scores had nothing to judge.",
    );
  });

  test("keeps the run within its budget", async () => {
    const server = await useTestServer({
      environment: {
        OPENAI_BASE_URL: "http://127.0.0.1:9/v1",
        EVAL_LLM_MODEL: "openai/priced",
        JUDGE_PRICES: '{"openai/priced":{"input_usd_per_mtok":1,"output_usd_per_mtok":1}}',
      },
    });
    await storeTraces(server.api, 2);
    const { code, stdout } = await runEval(server, ["--metrics=confidence", "--max-cost-usd=0"]);
    expect(code).toBe(1);
    expect(await lastRun(server.api)).toMatchObject({ max_cost_usd: 0, failed_count: 2 });
    expect(stdout).toContain("budget_exceeded: the run may cost 0 USD");
  });

  test("asks a jury, several times", async () => {
    const server = await useJudgedServer([0.9, 0.2]);
    await storeTraces(server.api, 2);
    const jury = ["--judges=openai/a, openai/b", "--aggregate=majority", "--repeats=2"];
    const { code, stdout } = await runEval(server, [...jury, "--min=confidence=0.5"]);
    expect(code).toBe(0);
    expect(await lastRun(server.api)).toMatchObject({
      judges: ["openai/a", "openai/b"],
      aggregate: "majority",
      repeats: 2,
      usage: { calls: 8 },
    });
    expect(stdout).toMatch(/· majority of openai\/a, openai\/b · 2 repeats · .* · 8 calls/);
  });

  test("exits with 1 below a mean, and shows the lowest scores with their reasons, worst first", async () => {
    const server = await useJudgedServer([0.9, 0.2, 0.6, 0.4, 0.8, 0.1]);
    const ids = await storeTraces(server.api, 6);
    const { code, stdout } = await runEval(server, ["--min", "confidence=0.75", "--worst", "3"]);
    expect(code).toBe(1);
    const lines = stdout.split("\n");
    expect(lines.filter((line) => line.startsWith("✗"))).toEqual([
      expect.stringMatching(/confidence +0\.50 +≥ 0\.75 +50 % +6 +0$/),
    ]);
    expect(lines.slice(lines.indexOf("Lowest confidence") + 1, -3)).toEqual([
      `  0.10    ${ids[5]}  Because it is number 5.`,
      `  0.20    ${ids[1]}  Because it is number 1.`,
      `  0.40    ${ids[3]}  Because it is number 3.`,
    ]);
    expect(lines.at(-2)).toBe("Not passed: the mean of confidence is 0.50, below 0.75.");
  });

  test("exits with 1 if too few pass the run's thresholds", async () => {
    const server = await useJudgedServer([0.9, 0.7, 0.5, 0.5]);
    await storeTraces(server.api, 4);
    const args = ["--min-rate", "confidence=0.75"];
    const passed = await runEval(server, args);
    expect(passed.code).toBe(0);
    expect(passed.stdout).toMatch(/\nPassed\.\n$/);
    const { code, stdout } = await runEval(server, [...args, "--threshold", "confidence=0.6"]);
    expect(code).toBe(1);
    expect(stdout).toContain("Not passed: 50 % of the scores for confidence pass, less than 75 %.");
    expect(await lastRun(server.api)).toBeDefined();
  });

  test("counts a failed score as a miss, unless --max-failed allows it", async () => {
    const server = await useJudgedServer([1, null, 1]);
    const ids = await storeTraces(server.api, 3);
    const args = ["--min", "confidence=0.9"];
    const missed = await runEval(server, args);
    expect(missed.code).toBe(1);
    expect(missed.stdout).toMatch(/^✓ confidence +1\.00 +≥ 0\.90 +100 % +2 +1$/m);
    expect(missed.stdout).toContain(`Could not be judged: 1 score\n  confidence  ${ids[1]}  `);
    expect(missed.stdout).toContain("Not passed: 1 score failed, but at most 0 may.");
    expect((await runEval(server, [...args, "--max-failed", "1"])).code).toBe(0);
  });

  test("does not pass if nothing could be judged", async () => {
    const server = await useJudgedServer([null]);
    await storeTraces(server.api, 1);
    const { code, stdout } = await runEval(server, ["--min=confidence=0", "--max-failed=9"]);
    expect(code).toBe(1);
    expect(stdout).toContain("Not passed: every score for confidence failed.");
  });

  test("compares the exact mean, even if its rounded form would reach the threshold", async () => {
    const server = await useJudgedServer([0.79, 0.8099, 0.8]);
    await storeTraces(server.api, 3);
    const { code, stdout } = await runEval(server, ["--min=confidence=0.8"]);
    expect(code).toBe(1);
    expect(stdout).toContain("the mean of confidence is 0.7999, below 0.80");
  });

  test("gives programs one JSON document, and nothing else on standard output", async () => {
    const server = await useJudgedServer([0.25, 0.75]);
    await storeTraces(server.api, 2);
    const { code, stdout } = await runEval(server, [
      "--min=confidence=0.6",
      "--metrics",
      "coherence",
      "--json",
    ]);
    expect(code).toBe(1);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      passed: false,
      run: { status: "COMPLETED", total_targets: 2, usage: { calls: expect.any(Number) } },
      checks: [
        { kind: "mean", metric: "confidence", bar: 0.6, value: 0.5, passed: false },
        { kind: "failed_scores", metric: null, bar: 0, value: expect.any(Number) },
      ],
      metrics: [
        { metric: "coherence" },
        { metric: "confidence", mean: 0.5, pass_rate: 0.5, judged: 2, failed: 0 },
      ],
    });
    expect(report.scores).toHaveLength(4);
  });

  test("writes a JUnit report whose tests fail exactly where the build does", async () => {
    const reason = (n: number) => `Says <b>"no" & nothing</b> \u0007 for ${n} ]]>`;
    const server = await useJudgedServer([0.25, 0.75, null], { reason });
    const ids = await storeTraces(server.api, 3);
    const file = join(await temporaryFolder(), "made/on/the/way.xml");
    const { code, stdout } = await runEval(server, [
      "--min=confidence=0.6",
      "--min-rate=confidence=0.5",
      `--junit=${file}`,
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain("Not passed");
    const suites = parseXml(await readFile(file, "utf8"));
    expect(suites.attributes).toMatchObject({ tests: "4", failures: "2", errors: "0" });
    const [suite] = suites.children;
    const cases = suite?.children.filter(({ name }) => name === "testcase") ?? [];
    expect(cases.map(({ attributes }) => attributes["name"])).toEqual([
      "the run completes",
      "mean of confidence ≥ 0.60",
      "confidence passes ≥ 50 %",
      "at most 0 failed",
    ]);
    expect(cases.map(({ children }) => children[0]?.name)).toEqual([
      undefined,
      "failure",
      "system-out",
      "failure",
    ]);
    expect(cases[1]?.children[0]).toMatchObject({
      attributes: { type: "BelowBar", message: "the mean of confidence is 0.50, below 0.60" },
      text: expect.stringContaining(`0.25  ${ids[0]}  Says <b>"no" & nothing</b> for 0 ]]>\n`),
    });
    expect(cases[3]?.children[0]?.text).toContain(`confidence  ${ids[2]}`);

    const barless = await runEval(server, ["--metrics=confidence", "--max-failed=1"]);
    expect(barless.stdout).toContain("\nPassed: no threshold is set. Use --min or --min-rate.\n");
    const passed = await runEval(server, ["--metrics=confidence", "--max-failed=1", "--junit=-"]);
    expect(passed.code).toBe(0);
    expect(parseXml(passed.stdout).attributes).toMatchObject({ tests: "2", failures: "0" });
  });

  test("evaluates sessions just as well, all or exactly these", async () => {
    const server = await useTestServer();
    await storeSession(server.api, "support/1", [{ tags: ["vip"] }, {}]);
    await storeSession(server.api, "::error::2", [{}, {}, {}]);
    const all = await runEval(server, ["--sessions", "--min-rate=agent_reliability=0", "--json"]);
    expect(JSON.parse(all.stdout)).toMatchObject({ run: { target_type: "SESSION", total_targets: 2 } });
    const filters = ["--filter=min_trace_count=3", "--filter=has_error=false"];
    const long = await runEval(server, ["--sessions", "--metrics=agent_reliability", ...filters, "--json"]);
    expect(JSON.parse(long.stdout).scores).toMatchObject([{ session_id: "::error::2" }]);
    const one = await runEval(server, ["--session=support/1", "--min=agent_reliability=1"]);
    expect(one.code).toBe(1);
    expect(one.stdout).toContain("  support/1  ");
  });

  test("selects by filters of every kind, by ids, and by a share", async () => {
    const server = await useTestServer();
    const old = await storeTraces(server.api, 2, { tags: ["a"] });
    const now = new Date().toISOString();
    const [late] = await storeTraces(server.api, 1, { started_at: now, tags: ["b"], release: "v=42" });
    const evaluated = async (...args: string[]) => {
      const { stdout, stderr } = await runEval(server, ["--metrics=coherence", "--json", ...args]);
      if (stdout === "") throw new Error(stderr);
      const { scores } = JSON.parse(stdout) as { scores: { trace_id: string }[] };
      return scores.map(({ trace_id }) => trace_id).sort();
    };
    expect(await evaluated("--since=24h")).toEqual([late]);
    expect(await evaluated("--filter=release=v=42")).toEqual([late]);
    expect(await evaluated("--filter", "date_to=2026-03-02", "--filter", "tags=a")).toEqual(old.sort());
    expect(await evaluated("--filter=tags=a", "--filter=tags=b", "--filter=status=completed")).toEqual(
      [...old, late].sort(),
    );
    expect(await evaluated(`--trace=${old[0]}`, `--trace=${late}`)).toEqual([old[0], late].sort());
    expect(await evaluated("--sample=0.4")).toHaveLength(1);
  });

  test("reports an existing run, without creating another", async () => {
    const server = await useJudgedServer([0.25, 0.75]);
    await storeTraces(server.api, 2);
    const { id } = await createRun(server.api, { metrics: ["confidence"] });
    const { code, stdout } = await runEval(server, ["--run", id, "--min=confidence=0.5"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Run ${id} · 2 traces`);
    await endedRun(server.api, id);
    const { body } = await server.api.get<{ total: number }>("/evaluations/trace-runs");
    expect(body.total).toBe(1);
    const unjudged = await runEval(server, ["--run", id, "--min=task_completion=0"]);
    expect(unjudged.code).toBe(1);
    expect(unjudged.stdout).toContain("every score for task_completion failed");
  });
});
