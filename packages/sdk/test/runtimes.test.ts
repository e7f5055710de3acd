/** @module-tag slow */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest";
import { type InstalledRuntime, installedRuntime } from "./runtimes/installed-runtime.ts";
import { kitCaseNames } from "./runtimes/kit-suite.ts";
import type { Outcome } from "./runtimes/outcome.ts";
import { findChromium, runInChromium } from "./runtimes/run-in-chromium.ts";
import { type JestOutcome, runInJest } from "./runtimes/run-in-jest.ts";
import { runInWorkerd } from "./runtimes/run-in-workerd.ts";
import { runAsProgram } from "./runtimes/run-program.ts";
import { startScriptedApi } from "./runtimes/scripted-api.ts";
import { caseNames } from "./runtimes/suite.ts";
import { type SuiteFiles, writeSuite } from "./runtimes/suite-files.ts";
import type { PackedPackage } from "./support/packed-package.ts";
import { run } from "./support/run.ts";
import { packSharedPackage } from "./support/shared-package.ts";
import type { TestServer } from "./support/test-server.ts";

/** A runtime, 60 MB or more, may have to be downloaded first. */
const timeout = 300_000;

describe("the packed package keeps its promises in", { timeout, concurrent: true }, () => {
  let packed: PackedPackage;
  let api: TestServer;
  let files: SuiteFiles;
  beforeAll(async () => {
    [packed, api] = await Promise.all([packSharedPackage(), startScriptedApi()]);
    files = await writeSuite(packed.project);
  }, 120_000);
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    await packed[Symbol.asyncDispose]();
  });

  const endpoint = ({ task }: TestContext) => `${api.endpoint}/${task.name.replace(/\W+/g, "-")}`;

  async function installed(context: TestContext, name: InstalledRuntime): Promise<string> {
    return (await installedRuntime(name)) ?? context.skip(`There is no ${name} for this kind of machine.`);
  }

  const chromium = (context: TestContext) =>
    findChromium() ?? context.skip("No Chromium on this machine; npm has none to install.");

  function expectAll(outcomes: readonly Outcome[], names = caseNames): void {
    expect(outcomes).toEqual(names.map((name) => ({ name, failure: null })));
  }

  test("this Node.js, as ESM", async (context) => {
    expectAll(await runAsProgram(process.execPath, [files.esm, endpoint(context)]));
  });

  test("this Node.js, as CommonJS", async (context) => {
    const options = ["--no-experimental-require-module", files.cjs];
    expectAll(await runAsProgram(process.execPath, [...options, endpoint(context)]));
  });

  test("Node.js 22, as ESM", async (context) => {
    const node = await installed(context, "Node.js 22");
    expectAll(await runAsProgram(node, [files.esm, endpoint(context)]));
  });

  test("Node.js 22, as CommonJS", async (context) => {
    const node = await installed(context, "Node.js 22");
    const options = ["--no-experimental-require-module", files.cjs];
    expectAll(await runAsProgram(node, [...options, endpoint(context)]));
  });

  for (const [name, tags] of [
    ["Node.js 22", []],
    // This Node.js is nearly as new.
    ["Node.js 26", ["tail"]],
  ] as const) {
    test(`${name}, as its command, with and without a proxy`, { tags: [...tags] }, async (context) => {
      const node = await installed(context, name);
      const command = join(packed.project, "node_modules/@pandaprobe/sdk/dist/cli.js");
      const failureOf = (endpoint: string, environment: Record<string, string> = {}) =>
        run(node, [command, "eval", "--metrics=c", `--endpoint=${endpoint}`], {
          env: { PANDAPROBE_API_KEY: "sk_pp_a", PANDAPROBE_PROJECT_NAME: "b", ...environment },
        });
      await expect(failureOf("http://127.0.0.1:9")).rejects.toMatchObject({
        code: 3,
        stderr: expect.stringContaining("127.0.0.1:9"),
      });
      // Nothing listens at the proxy, and the name does not resolve.
      const proxied = failureOf("http://pandaprobe.invalid", { HTTP_PROXY: "http://127.0.0.1:9" });
      await expect(proxied).rejects.toMatchObject({
        code: 3,
        stderr: expect.stringContaining("ECONNREFUSED"),
      });
    });
  }

  test("Deno, without permission to read the environment", async (context) => {
    const deno = await installed(context, "Deno");
    const options = [
      "run",
      "--no-prompt",
      "--cached-only",
      "--allow-net=127.0.0.1",
      "--allow-read",
      files.esm,
    ];
    expectAll(await runAsProgram(deno, [...options, endpoint(context)]));
  });

  test("Bun, as ESM", async (context) => {
    expectAll(await runAsProgram(await installed(context, "Bun"), [files.esm, endpoint(context)]));
  });

  test("Bun, as CommonJS", async (context) => {
    expectAll(await runAsProgram(await installed(context, "Bun"), [files.cjs, endpoint(context)]));
  });

  test("workerd, the runtime of Cloudflare's Workers", async (context) => {
    const workerd = await installed(context, "workerd");
    expectAll(await runInWorkerd(workerd, files.worker, endpoint(context)));
  });

  test("a page in Chromium, from another origin, if there is a Chromium", async (context) => {
    expectAll(await runInChromium(chromium(context), files.page, endpoint(context)));
  });

  describe("the mock server works with msw in", () => {
    test("this Node.js", async () => {
      expectAll(await runAsProgram(process.execPath, [files.kit]), kitCaseNames);
    });

    test("Node.js 22", async (context) => {
      expectAll(await runAsProgram(await installed(context, "Node.js 22"), [files.kit]), kitCaseNames);
    });

    test("a page in Chromium, through a service worker, if there is a Chromium", async (context) => {
      expectAll(await runInChromium(chromium(context), files.kitPage, endpoint(context)), kitCaseNames);
    });

    test("jest, as ESM", { tags: ["tail"] }, async (context) => {
      expectWholeJest(await runInJest(await installed(context, "jest"), files.jestEsm));
    });

    test("jest, as CommonJS", async (context) => {
      expectWholeJest(await runInJest(await installed(context, "jest"), files.jestCjs));
    });
  });
});

/** The expected outcome of each test in `jest-app.ts`. */
function expectWholeJest(outcomes: readonly JestOutcome[]): void {
  expect(outcomes.map(({ title, failureMessages }) => [title, failureMessages.length])).toEqual([
    ["a threshold that is met", 0],
    ["faults, and runs that take minutes, with fake timers", 0],
    ["a threshold that is missed", 1],
  ]);
  expect(outcomes.at(-1)?.failureMessages[0]).toContain(
    [
      'expect(scores).toPass("task_completion", { min: 0.8, rate: 0.95 })',
      "",
      "1 of 3 pass (33.3 %); at least 3 (95 %) should.",
    ].join("\n"),
  );
  expect(outcomes.at(-1)?.failureMessages[0]).toMatch(
    /^ {2}failed +\S+ +The judge gave no answer\.\n {2}0\.4 +\S+ +The end of trip 1\.$/m,
  );
}
