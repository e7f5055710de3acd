import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest";
import { type InstalledRuntime, installedRuntime } from "./runtimes/installed-runtime.ts";
import { findChromium, runInChromium } from "./runtimes/run-in-chromium.ts";
import { runInWorkerd } from "./runtimes/run-in-workerd.ts";
import { runAsProgram } from "./runtimes/run-program.ts";
import { startScriptedApi } from "./runtimes/scripted-api.ts";
import { caseNames, type Outcome } from "./runtimes/suite.ts";
import { type SuiteFiles, writeSuite } from "./runtimes/suite-files.ts";
import { type PackedPackage, packPackage, run } from "./support/packed-package.ts";
import type { TestServer } from "./support/test-server.ts";

/** A runtime may have to be fetched first, of 60 MB or more. */
const timeout = 300_000;

describe("the packed package does all that it promises in", { timeout, concurrent: true }, () => {
  let packed: PackedPackage;
  let api: TestServer;
  let files: SuiteFiles;
  beforeAll(async () => {
    [packed, api] = await Promise.all([packPackage(), startScriptedApi()]);
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

  function expectAll(outcomes: readonly Outcome[]): void {
    expect(outcomes).toEqual(caseNames.map((name) => ({ name, failure: null })));
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

  test("Node.js 22, as its command", async (context) => {
    const node = await installed(context, "Node.js 22");
    const command = join(packed.project, "node_modules/@pandaprobe/sdk/dist/cli.js");
    const environment = { PANDAPROBE_API_KEY: "sk_pp_a", PANDAPROBE_PROJECT_NAME: "b" };
    const failure = run(node, [command, "eval", "--metrics=c", "--endpoint=http://127.0.0.1:9"], {
      env: environment,
    });
    await expect(failure).rejects.toMatchObject({ code: 3, stderr: expect.stringContaining("127.0.0.1:9") });
  });

  test("Deno, which lets it read nothing of the environment", async (context) => {
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
    const chromium = findChromium() ?? context.skip("No Chromium on this machine; npm has none to install.");
    expectAll(await runInChromium(chromium, files.page, endpoint(context)));
  });
});
