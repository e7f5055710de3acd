/** @module-tag slow */
import { spawn } from "node:child_process";
import { mkdtempDisposable, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import * as sdk from "@pandaprobe/sdk";
import * as openaiAgents from "@pandaprobe/sdk/openai-agents";
import * as otel from "@pandaprobe/sdk/otel";
import * as matchers from "@pandaprobe/sdk/testing/matchers";
import * as traces from "@pandaprobe/sdk/traces";
import * as tracing from "@pandaprobe/sdk/tracing";
import * as validate from "@pandaprobe/sdk/validate";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startRunServer } from "./cli/support/run-server.ts";
import type { PackedPackage } from "./support/packed-package.ts";
import { run } from "./support/run.ts";
import { sampleRun } from "./support/sample-run.ts";
import { packSharedPackage } from "./support/shared-package.ts";
import { sendJson, startTestServer } from "./support/test-server.ts";

describe("the published package", () => {
  let packed: PackedPackage;
  beforeAll(async () => {
    packed = await packSharedPackage();
  }, 300_000);
  afterAll(() => packed[Symbol.asyncDispose]());

  const node = async (folder: string, ...options: string[]) => {
    const { stdout } = await run(process.execPath, options, { cwd: folder });
    return JSON.parse(stdout) as unknown;
  };
  const entries = Object.entries({
    "": sdk,
    "/openai-agents": openaiAgents,
    "/otel": otel,
    "/testing/matchers": matchers,
    "/traces": traces,
    "/tracing": tracing,
    "/validate": validate,
  }).map(([path, exported]): [string, string[]] => [`@pandaprobe/sdk${path}`, Object.keys(exported).sort()]);
  const print = "console.log(JSON.stringify(Object.keys(sdk).filter((name) => name !== 'default').sort()))";

  it("contains the build, and nothing else", () => {
    const both = [
      "admin",
      "metrics",
      "review",
      "index",
      "openai-agents",
      "otel",
      "testing/cases",
      "testing/jest",
      "testing/matchers",
      "testing/msw",
      "traces",
      "tracing",
      "validate",
    ];
    const built = both.flatMap((name) =>
      ["cjs", "d.cts", "d.ts", "js"].map((extension) => `dist/${name}.${extension}`),
    );
    // vitest itself cannot be required; a command is run, not loaded.
    const esmAlone = ["dist/cli.js", "dist/testing/vitest.d.ts", "dist/testing/vitest.js"];
    expect([...packed.files].sort()).toEqual(
      ["LICENSE", "README.md", ...built, ...esmAlone, "package.json"].sort(),
    );
  });

  it.each(entries)("is imported as ESM: %s", async (entry, names) => {
    const script = `import * as sdk from "${entry}"; ${print}`;
    expect(await node(packed.project, "--input-type=module", "-e", script)).toEqual(names);
  });

  it.each(entries)("is required as CommonJS, with everything it needs bundled: %s", async (entry, names) => {
    const script = `const sdk = require("${entry}"); ${print}`;
    const commonJs = ["--no-experimental-require-module", "--input-type=commonjs", "-e", script];
    expect(await node(packed.project, ...commonJs)).toEqual(names);
  });

  it("recognizes the errors of its other copy if a program loads it as both ESM and CommonJS", async () => {
    const script = `
      import { createRequire } from "node:module";
      import * as esm from "@pandaprobe/sdk";
      const cjs = createRequire(process.cwd() + "/")("@pandaprobe/sdk");
      const fetch = async () => Response.json({ detail: "No.", code: "not_found" }, { status: 404 });
      const options = { apiKey: "a", projectName: "b", fetch };
      const recognized = [];
      for (const [made, other] of [[esm, cjs], [cjs, esm]]) {
        const error = await new made.PandaProbe(options).getTrace("a").catch((reason) => reason);
        recognized.push(error instanceof other.NotFoundError, other.isNotFoundError(error), other.isApiError(error),
          other.isServerError(error), error.name, error.code);
      }
      console.log(JSON.stringify(recognized));`;
    const one = [false, true, true, false, "NotFoundError", "not_found"];
    const options = ["--no-experimental-require-module", "--input-type=module", "-e", script];
    expect(await node(packed.project, ...options)).toEqual([...one, ...one]);
  });

  const gzipped = async (entry: string, external: string[] = []) => {
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      external,
      write: false,
    });
    return gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
  };

  it("weighs at most 17 kB, and 8 kB without ky", async () => {
    const source = fileURLToPath(new URL("../src/index.ts", import.meta.url));
    expect(await gzipped(source)).toBeLessThan(17_000);
    expect(await gzipped(source, ["ky"])).toBeLessThan(8_000);
    expect(await gzipped(join(packed.folder, "dist/index.js"))).toBeLessThan(17_000);
  });

  it.each(["admin", "metrics", "review"])("weighs at most 2 kB more with %s", async (entry) => {
    const source = fileURLToPath(new URL(`../src/${entry}/index.ts`, import.meta.url));
    expect(await gzipped(source, ["@pandaprobe/sdk"])).toBeLessThan(2000);
  });

  it("weighs at most 3 kB more with openai-agents, beside the exporter of OpenTelemetry", async () => {
    const source = fileURLToPath(new URL("../src/openai-agents/index.ts", import.meta.url));
    expect(await gzipped(source, ["@pandaprobe/sdk/*"])).toBeLessThan(3000);
  });

  it("weighs at most 4.5 kB more with tracing, beside the trace sender", async () => {
    const source = fileURLToPath(new URL("../src/tracing/index.ts", import.meta.url));
    expect(await gzipped(source, ["@pandaprobe/sdk/traces"])).toBeLessThan(4500);
  });

  it("imports nothing, neither Node.js modules nor packages", async () => {
    for (const file of ["dist/index.js", "dist/index.cjs", "dist/index.d.ts"]) {
      const source = await readFile(join(packed.folder, file), "utf8");
      expect(source).not.toMatch(/^import\b|\bfrom "|\brequire\(|\bimport\(/m);
    }
  });

  it("declares the API's types once, and no internals of the client", async () => {
    const declarations = packed.files.filter((file) => /\.d\.c?ts$/.test(file));
    const texts = await Promise.all(
      declarations.map(async (file) => [file, await readFile(join(packed.folder, file), "utf8")] as const),
    );
    const withText = (text: string) => texts.filter(([, each]) => each.includes(text)).map(([file]) => file);
    expect(withText("interface EvalRunResponse ").sort()).toEqual(["dist/index.d.cts", "dist/index.d.ts"]);
    expect(withText("interface Operations ")).toEqual([]);
  });

  it.each([
    ["index", []],
    ["traces", ["@pandaprobe/sdk"]],
    ["tracing", ["@pandaprobe/sdk/traces"]],
    ["admin", ["@pandaprobe/sdk"]],
    ["metrics", ["@pandaprobe/sdk"]],
    ["review", ["@pandaprobe/sdk"]],
    ["openai-agents", ["@pandaprobe/sdk/otel", "@pandaprobe/sdk/traces"]],
    ["otel", ["@pandaprobe/sdk/traces"]],
    ["validate", ["@pandaprobe/sdk"]],
    ["testing/cases", ["@pandaprobe/sdk"]],
    ["testing/jest", []],
    ["testing/matchers", []],
    ["testing/msw", ["msw"]],
    ["testing/vitest", ["vitest"]],
  ])(
    "uses neither Node.js modules nor packages that are not installed with it: %s",
    async (entry, packages) => {
      const entryPoints = [join(packed.folder, `dist/${entry}.js`)];
      const options = {
        bundle: true,
        packages: "external",
        format: "esm",
        write: false,
        metafile: true,
      } as const;
      const { metafile } = await build({ entryPoints, ...options });
      const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
      expect([...new Set(imports.map(({ path }) => path))]).toEqual(packages);
    },
  );

  it("shares one client between all entry points, imported or required", async () => {
    const script = (load: (name: string) => string) =>
      `${load("")} ${load("/traces")} ${load("/validate")} console.log(JSON.stringify([new sdk_traces.PandaProbe({ apiKey: "a", projectName: "b" }) instanceof sdk_.PandaProbe, sdk_validate.ResponseValidationError.prototype instanceof sdk_.PandaProbeError]));`;
    const esm = script((path) => `import * as sdk_${path.slice(1)} from "@pandaprobe/sdk${path}";`);
    const cjs = script((path) => `const sdk_${path.slice(1)} = require("@pandaprobe/sdk${path}");`);
    expect(await node(packed.project, "--input-type=module", "-e", esm)).toEqual([true, true]);
    expect(await node(packed.project, "--input-type=commonjs", "-e", cjs)).toEqual([true, true]);
  });

  it("has a command that npx runs in an empty folder, with the client that programs import", async () => {
    const ended = sampleRun({ status: "COMPLETED", total_targets: 1, completed_at: "2026-03-29T10:00:01Z" });
    await using server = await startTestServer((response, { method, url }) =>
      sendJson(response, method === "POST" ? 202 : 200, url.includes("/scores") ? [] : ended),
    );
    await using folder = await mkdtempDisposable(join(tmpdir(), "pandaprobe-npx-"));
    const env = {
      ...process.env,
      npm_config_cache: join(folder.path, "cache"),
      PANDAPROBE_API_KEY: "sk_pp_test",
      PANDAPROBE_PROJECT_NAME: "a",
      PANDAPROBE_ENDPOINT: server.endpoint,
    };
    const npx = (...args: string[]) =>
      run("npx", ["--yes", "--offline", `@pandaprobe/sdk@file:${packed.tarball}`, ...args], {
        cwd: folder.path,
        env,
      });
    const { version } = JSON.parse(await readFile(join(packed.folder, "package.json"), "utf8"));
    expect((await npx("--version")).stdout).toBe(`${version}\n`);
    const { stdout } = await npx("eval", "--metrics=task_completion", "--max-cost-usd=2.5", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ passed: true, run: { id: ended.id } });
    const body = { metrics: ["task_completion"], filters: {}, max_cost_usd: 2.5 };
    expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual(body);
    await expect(npx("eval", "--min=task_completion=0.8")).rejects.toMatchObject({ code: 1 });
  });

  it.each(["SIGTERM", "SIGHUP", "SIGKILL"] as const)(
    "cancels its run where npx, which started it, is ended by %s",
    async (signal) => {
      await using server = await startRunServer();
      const env = {
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        PANDAPROBE_API_KEY: "sk_pp_test",
        PANDAPROBE_PROJECT_NAME: "a",
        PANDAPROBE_ENDPOINT: server.endpoint,
      };
      const options = { cwd: packed.project, env, stdio: "ignore" } as const;
      const npx = spawn("npx", ["--offline", "pandaprobe", "eval", "--metrics=coherence"], options);
      await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(1), 30_000);
      npx.kill(signal);
      await vi.waitFor(() => expect(server.isCancelled()).toBe(true), 20_000);
    },
    60_000,
  );

  it("has a command that asks for a newer Node.js on one that is too old", async () => {
    const source = await readFile(join(packed.folder, "dist/cli.js"), "utf8");
    const pretend = "Object.defineProperty(process.versions, 'node', { value: '18.20.0' });";
    const script = `${pretend} await import(${JSON.stringify(pathToFileURL(join(packed.project, "node_modules/@pandaprobe/sdk/dist/cli.js")))})`;
    expect(source.startsWith("#!/usr/bin/env node\n")).toBe(true);
    const options = { cwd: packed.project };
    const failure = run(process.execPath, ["--input-type=module", "-e", script], options);
    await expect(failure).rejects.toMatchObject({
      code: 2,
      stderr: "pandaprobe needs Node.js 22 or newer; this is 18.20.0.\n",
    });
  });

  it("passes publint", async () => {
    const pkg = JSON.parse(await readFile(join(packed.folder, "package.json"), "utf8")) as Record<
      string,
      unknown
    >;
    const { messages } = await publint({ pkgDir: packed.folder, strict: true, pack: false });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it("passes attw: its types resolve everywhere", async () => {
    const cli = dirname(fileURLToPath(import.meta.resolve("@arethetypeswrong/cli/package.json")));
    // The profile leaves out `node10`, which does not support `exports` and is deprecated in TypeScript 6. A problem exits with 1.
    const attw = [join(cli, "dist/index.js"), packed.tarball, "--profile", "node16"];
    await run(process.execPath, [...attw, "--exclude-entrypoints", "testing/vitest"]);
    const vitest = ["--entrypoints", "testing/vitest", "--ignore-rules", "cjs-resolves-to-esm"];
    await run(process.execPath, [...attw, ...vitest]);
  });
});
