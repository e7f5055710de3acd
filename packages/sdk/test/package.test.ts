import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as sdk from "@pandaprobe/sdk";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PackedPackage, packPackage, run } from "./support/packed-package.ts";

describe("the package that is published", () => {
  let packed: PackedPackage;
  beforeAll(async () => {
    packed = await packPackage();
  }, 120_000);
  afterAll(() => packed[Symbol.asyncDispose]());

  const node = async (folder: string, ...options: string[]) => {
    const { stdout } = await run(process.execPath, options, { cwd: folder });
    return JSON.parse(stdout) as unknown;
  };
  const names = Object.keys(sdk).sort();
  const print = "console.log(JSON.stringify(Object.keys(sdk).filter((name) => name !== 'default').sort()))";

  it("holds what is built, and nothing else", () => {
    expect([...packed.files].sort()).toEqual([
      "README.md",
      "dist/index.cjs",
      "dist/index.d.cts",
      "dist/index.d.ts",
      "dist/index.js",
      "package.json",
    ]);
  });

  it("is imported as ESM", async () => {
    const script = `import * as sdk from "@pandaprobe/sdk"; ${print}`;
    expect(await node(packed.project, "--input-type=module", "-e", script)).toEqual(names);
  });

  it("is required as CommonJS, with ky inside", async () => {
    const script = `const sdk = require("@pandaprobe/sdk"); ${print}`;
    const commonJs = ["--no-experimental-require-module", "--input-type=commonjs", "-e", script];
    expect(await node(packed.projectWithoutKy, ...commonJs)).toEqual(names);
  });

  it.each(["src/index.ts", "dist/index.js"])(
    "weighs at most 17 kB with ky, 8.7 kB without (%s)",
    async (entry) => {
      const absolute = entry.startsWith("dist")
        ? join(packed.project, "node_modules/@pandaprobe/sdk", entry)
        : fileURLToPath(new URL(`../${entry}`, import.meta.url));
      const gzipped = async (external: string[]) => {
        const { outputFiles } = await build({
          entryPoints: [absolute],
          bundle: true,
          minify: true,
          format: "esm",
          platform: "browser",
          external,
          write: false,
        });
        return gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
      };
      expect(await gzipped([])).toBeLessThan(17_000);
      expect(await gzipped(["ky"])).toBeLessThan(8_700);
    },
  );

  it("has nothing of Node in it", async () => {
    const source = await readFile(join(packed.folder, "dist/index.js"), "utf8");
    const imports = [...source.matchAll(/\bfrom "([^"]+)"|\brequire\("([^"]+)"\)/g)].map(
      ([, a, b]) => a ?? b,
    );
    expect(new Set(imports)).toEqual(new Set(["ky"]));
  });

  it("is clean to publint", async () => {
    const pkg = JSON.parse(await readFile(join(packed.folder, "package.json"), "utf8")) as Record<
      string,
      unknown
    >;
    const { messages } = await publint({ pkgDir: packed.folder, strict: true, pack: false });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it("resolves to the right types everywhere, says attw", async () => {
    const cli = dirname(fileURLToPath(import.meta.resolve("@arethetypeswrong/cli/package.json")));
    // The profile leaves out `node10`, which knows no `exports`; TypeScript 6 deprecates it. A problem exits with 1.
    await run(process.execPath, [join(cli, "dist/index.js"), packed.tarball, "--profile", "node16"]);
  });

  it.each([
    ["node16", "node16", "program.mts"],
    ["node16", "node16", "program.cts"],
    ["nodenext", "nodenext", "program.mts"],
    ["bundler", "esnext", "program.ts"],
  ])("compiles under %s (%s, %s), library checks and all", async (moduleResolution, module, file) => {
    const compilerOptions = { module, moduleResolution, target: "es2022", strict: true, skipLibCheck: false };
    await writeFile(
      join(packed.project, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { ...compilerOptions, noEmit: true }, files: [file] }),
    );
    await writeFile(join(packed.project, file), program);
    // An error exits with 1.
    const tsc = fileURLToPath(new URL("tsc.js", import.meta.resolve("typescript")));
    await run(process.execPath, [tsc, "-p", packed.project]);
  });
});

const program = `
import { type EvalRunResponse, isNotFoundError, PandaProbe } from "@pandaprobe/sdk";

const client = new PandaProbe({ apiKey: "a", projectName: "b" });
export const run: Promise<EvalRunResponse> = client.waitForRun("c");
// @ts-expect-error A run's id is a string, as the types say through the package too.
client.getTraceRun(7);
console.log(isNotFoundError(null));
`;
