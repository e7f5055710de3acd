/** @module-tag slow */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EvalRunResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import { createRun } from "../support/run-helpers.ts";
import type { TestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { useJudgedServer } from "./support/judged-server.ts";
import { parseXml } from "./support/parse-xml.ts";
import { runEval } from "./support/run-command.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const cases = 7;
/** The first seven cases score well, and the same cases of the next version badly. */
const scores = Array.from({ length: 2 * cases }, (_, n) => (n < cases ? 0.9 - n / 100 : 0.4 + n / 100));
const reason = (n: number) => `Number ${n} | @everyone \`rm\` <img> [x](y)`;

/** Traces of two versions of an agent, on the same cases. */
async function storeVersions({ api }: TestServer, fields: (n: number) => object): Promise<string[]> {
  return storeTraces(
    api,
    Array.from({ length: 2 * cases }, (_, n) => ({
      input: `What is ${n} plus ${n}?`,
      output: `It is ${2 * n}.`,
      release: n < cases ? "v1" : "v2",
      tags: [n < cases ? "main" : "branch"],
      ...fields(n),
    })),
  );
}

const withCases = (n: number) => ({ metadata: { case_id: `case ${n % cases}` } });
const ofRelease = (release: string) => ["--metrics=confidence", `--filter=release=${release}`];

describe("pandaprobe eval --baseline", () => {
  test("fails if a metric got worse, names the cases, and reports it everywhere", async () => {
    const server = await useJudgedServer(scores, { reason });
    const traces = await storeVersions(server, withCases);
    expect(await runEval(server, ofRelease("v1"))).toMatchObject({ code: 0 });
    const folder = await temporaryFolder();
    const [markdown, junit] = [join(folder, "comment.md"), join(folder, "report.xml")];
    const command = [...ofRelease("v2"), "--baseline=release=v1"];
    const { code, stdout } = await runEval(server, [
      ...command,
      `--markdown=${markdown}`,
      `--junit=${junit}`,
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain("Compared with release=v1, paired by metadata.case_id\n");
    expect(stdout).toMatch(/✗ Worse: confidence is 0\.500 after 0\.870 \(−0\.370, /);
    expect(stdout).toContain(`    0.90 → 0.47  case 0  ${traces[cases]}  Number 7`);
    expect(stdout).toContain("Not passed: confidence is worse than the baseline.\n");

    const comment = await readFile(markdown, "utf8");
    expect(comment).toMatch(/^<!-- pandaprobe eval -->\n\n### ❌ Evaluation failed\n/);
    expect(comment).toMatch(
      /\| `confidence` \| 0\.87 \| 0\.50 \| −0\.370 \(.*\) \| 0\.016 \| 0 \/ 7 \/ 0 \| ❌ worse \|/,
    );
    // Judges and agents write neither mentions nor HTML nor links into the comment.
    expect(comment).toContain("`Number 7 \\| @everyone 'rm' <img> [x](y)`");

    const report = parseXml(await readFile(junit, "utf8"));
    expect(JSON.stringify(report)).toContain("confidence is not worse than the baseline");
    expect(JSON.stringify(report)).toContain("Worse: confidence is 0.500 after 0.870");

    const json = JSON.parse((await runEval(server, [...command, "--json"])).stdout);
    expect(json).toMatchObject({
      passed: false,
      comparison: {
        baseline: "release=v1",
        pair_by: "metadata.case_id",
        verdict: "regressed",
        metrics: [{ metric: "confidence", losses: 7 }],
      },
    });
  });

  test("passes if the difference may be chance, or is better", async () => {
    const server = await useJudgedServer(scores);
    await storeVersions(server, withCases);
    const first = await runEval(server, [...ofRelease("v2"), "--baseline=tag=main"]);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(/· Not enough to compare confidence: /);
    expect(first.stdout).toContain("Passed: no threshold is set.");
    const { body } = await server.api.get<{ items: EvalRunResponse[] }>("/evaluations/trace-runs");
    const [run] = body.items;
    const better = await runEval(server, [...ofRelease("v1"), `--baseline=run=${run?.id}`]);
    expect(better).toMatchObject({ code: 0 });
    expect(better.stdout).toMatch(/✓ Better: confidence is 0\.870 after 0\.500/);
    expect(better.stdout).toMatch(/\nPassed\.\n$/);
    // Without cases that pair, versions are compared as a whole.
    const unpaired = await runEval(server, [...ofRelease("v1"), "--baseline=tag=branch", "--pair-by=none"]);
    expect(unpaired.stdout).toContain("Compared with tag=branch, not paired\n");
    expect(unpaired).toMatchObject({ code: 0 });
    const missed = await runEval(server, [
      ...ofRelease("v1"),
      "--min=confidence=0.95",
      "--baseline=tag=branch",
    ]);
    expect(missed).toMatchObject({ code: 1 });
    expect(missed.stdout).toContain("✓ Better: ");
  });

  test("refuses incomparable sides before the run", async () => {
    const server = await useJudgedServer(scores);
    await storeVersions(server, () => ({}));
    const refusals = {
      "--baseline=relase=v1": "--baseline must be name=value",
      "--baseline=release=": "--baseline release has no value",
      "--baseline=run=v1": "--baseline run must be the id of an existing run",
      "--baseline=run=019ce180-7185-70d1-a4cb-3656fed4e2a3": "There is no trace run",
      "--pair-by=input": "--pair-by says how to compare: add --baseline.",
      "--baseline=release=v1 --pair-by=case_id": "--pair-by must be metadata.<key>",
      "--baseline=release=v1 --sessions": "it cannot be combined with --sessions",
      "--baseline=release=v1 --estimate": "--estimate creates no run, so there is nothing to compare.",
      "--estimate --markdown=x.md": "--estimate creates no run, so --markdown has nothing to report.",
      "--markdown=/proc/no/file": "--markdown /proc/no/file cannot be written",
    };
    for (const [options, message] of Object.entries(refusals)) {
      const ended = await runEval(server, [...ofRelease("v2"), ...options.split(" ")]);
      expect(ended, options).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
    }
    const { body } = await server.api.get<{ total: number }>("/evaluations/trace-runs");
    expect(body.total).toBe(0);
  });

  test("does not evaluate anything while the baseline's run is in progress", async () => {
    const answers = Promise.withResolvers<void>();
    const server = await useJudgedServer(scores, { until: () => answers.promise });
    await storeVersions(server, withCases);
    const { id } = await createRun(server.api, { metrics: ["confidence"], filters: { release: "v1" } });
    const ended = await runEval(server, [...ofRelease("v2"), `--baseline=run=${id}`]);
    answers.resolve();
    expect(ended).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(`The run ${id} of --baseline is still`),
    });
    const { body } = await server.api.get<{ total: number }>("/evaluations/trace-runs");
    expect(body.total).toBe(1);
  });
});
