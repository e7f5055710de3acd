/** @module-tag slow */
import { cp, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile, measureCompilation } from "./support/compile.ts";
import { declaredNames } from "./support/declared-names.ts";
import { installPackage } from "./support/install-package.ts";
import type { PackedPackage } from "./support/packed-package.ts";
import { publicNames } from "./support/public-names.ts";
import { run } from "./support/run.ts";
import { packSharedPackage } from "./support/shared-package.ts";

/*
 * The package as its users get it: packed, installed, compiled (with `skipLibCheck` off), and run. With pnpm it sees
 * only the dependencies that it declares.
 */

const timeout = 180_000;

const installers = ["pnpm", "npm"] as const;
/** npm is the more lenient of the two, so what passes with pnpm passes with npm. */
const tagsOf = { pnpm: [], npm: ["tail"] } as const;

describe("the packed package", { timeout }, () => {
  let packed: PackedPackage;
  beforeAll(async () => {
    packed = await packSharedPackage();
  }, timeout);
  afterAll(() => packed[Symbol.asyncDispose]());

  for (const installer of installers) {
    describe(`installed by ${installer} into an empty project`, { tags: [...tagsOf[installer]] }, () => {
      let project: string;
      beforeAll(async () => {
        project =
          installer === "npm" ? packed.project : await installPackage(packed.tarball, installer, "alone");
        await addProgram(project, "program.ts");
      }, timeout);
      const met = [true, true, 0, [], false, true, 36];

      it("installs no other packages", async () => {
        const folders = await readdir(join(project, "node_modules"));
        expect(folders.filter((name) => !name.startsWith("."))).toEqual(["@pandaprobe"]);
        expect(await readdir(join(project, "node_modules/@pandaprobe"))).toEqual(["sdk"]);
      });

      it.each([
        ["node16", 6],
        ["nodenext", 7],
      ] as const)(
        "compiles under %s with TypeScript %d, and runs, as ESM and as CommonJS",
        async (moduleResolution, version) => {
          const files = ["program.mts", "program.cts"];
          expect(await compile(project, moduleResolution, files, { version })).toEqual([]);
          expect(await runEsm(project, "built/program.mjs")).toEqual(met);
          expect(
            await runCommonJs(project, "built/program.cjs", ["--no-experimental-require-module"]),
          ).toEqual(met);
        },
      );

      it("compiles under bundler, and runs when bundled", async () => {
        expect(await compile(project, "bundler", ["program.ts"])).toEqual([]);
        const outfile = join(project, "bundled.mjs");
        await build({
          entryPoints: [join(project, "built/program.js")],
          bundle: true,
          format: "esm",
          outfile,
        });
        expect(await runEsm(project, "bundled.mjs")).toEqual(met);
      });

      it("has the pandaprobe command", async () => {
        const { stdout } = await run(join(project, "node_modules/.bin/pandaprobe"), ["--help"]);
        expect(stdout).toMatch(/^Usage: pandaprobe <command> /);
      });
    });
  }

  it("gives the compiler little more work than an empty program", async () => {
    await writeFile(join(packed.project, "empty.mts"), "export {};\n");
    await addProgram(packed.project, "program.ts");
    const empty = await measureCompilation(packed.project, "nodenext", ["empty.mts"]);
    const ours = await measureCompilation(packed.project, "nodenext", ["program.mts"]);
    // `npm run bench -- sdk-compile` measures the time and memory that this takes.
    for (const name of ["Identifiers", "Symbols", "Types", "Instantiations"] as const) {
      expect.soft(ours[name] / empty[name], name).toBeLessThan(1.1);
    }
  });

  for (const installer of installers) {
    describe(`installed by ${installer} with all its peers`, { tags: [...tagsOf[installer]] }, () => {
      let project: string;
      beforeAll(async () => {
        project = await installPackage(packed.tarball, installer, "with peers");
        for (const name of [...programs, "global-expect.mjs"]) await addProgram(project, name);
        await cp(join(project, "with-vitest.ts"), join(project, "agent.test.ts"));
      }, timeout);
      const programs = ["program.ts", "with-peers.ts", "with-vitest.ts"];
      // All entry points except vitest's, which cannot be required.
      const both = [...programs.map((name) => name.replace(".ts", ".mts")), "program.cts", "with-peers.cts"];
      const met = [0.5, 1];
      // As jest provides it.
      const globalExpect = ["--import", "./global-expect.mjs"];

      it("compiles under nodenext, and runs, as ESM and as CommonJS", async () => {
        expect(await compile(project, "nodenext", both)).toEqual([]);
        expect(await runEsm(project, "built/with-peers.mjs", globalExpect)).toEqual(met);
        expect(await runCommonJs(project, "built/with-peers.cjs", globalExpect)).toEqual(met);
      });

      const entries = Object.entries(publicNames);
      it.each([".d.ts", ".d.cts"])(
        "declares the values that it exports, these types, and no others: %s",
        (extension) => {
          const own = entries.filter(([entry]) => extension === ".d.ts" || entry !== "testing/vitest");
          const dist = join(project, "node_modules/@pandaprobe/sdk/dist");
          const declared = declaredNames(own.map(([entry]) => join(dist, `${entry}${extension}`)));
          expect(Object.fromEntries(own.map(([entry], n) => [entry, declared[n]]))).toEqual(
            Object.fromEntries(own),
          );
        },
      );

      it("compiles with Node.js's types instead of the DOM's", async () => {
        const options = { lib: ["es2023"], types: ["node"] };
        expect(await compile(project, "nodenext", ["program.mts", "program.cts"], options)).toEqual([]);
      });

      it("compiles under bundler", async () => {
        expect(await compile(project, "bundler", programs)).toEqual([]);
      });

      it("compiles with TypeScript 6", { tags: ["tail"] }, async () => {
        expect(await compile(project, "nodenext", both, { version: 6 })).toEqual([]);
      });

      it("compiles under node16, except CommonJS with msw, an ES module that node16 cannot require", async () => {
        const errors = await compile(project, "node16", both);
        const places = errors.map((error) => /([^/]+)\(.*TS1479: .*dynamic 'import\("(.*)"\)'/.exec(error));
        expect(places.map((place) => place?.slice(1))).toEqual([
          ["msw.d.cts", "msw"],
          ["with-peers.cts", "msw/node"],
        ]);
      });

      it("passes in a vitest test", async () => {
        const vitest = join(project, "node_modules/vitest/vitest.mjs");
        const env = { PATH: process.env["PATH"], NO_COLOR: "1" };
        const { stdout } = await run(process.execPath, [vitest, "run"], { cwd: project, env });
        expect(stdout).toMatch(/Tests +1 passed \(1\)/);
      });

      it("says what to do if jest's global expect is missing", async () => {
        const script = ["--input-type=module", "-e", 'import "@pandaprobe/sdk/testing/jest";'];
        await expect(runScript(project, script)).rejects.toThrow("There is no global expect");
      });
    });
  }
});

/** TypeScript goes by the extension to tell ESM from CommonJS. */
async function addProgram(project: string, name: string): Promise<void> {
  const from = fileURLToPath(new URL(`installed/${name}`, import.meta.url));
  for (const extension of name.endsWith(".ts") ? [".ts", ".mts", ".cts"] : [".mjs"]) {
    await cp(from, join(project, name.replace(/\.m?[jt]s$/, extension)));
  }
}

function runEsm(project: string, file: string, options: readonly string[] = []): Promise<unknown> {
  const script = `import { main } from "./${file}"; console.log(JSON.stringify(await main()));`;
  return runScript(project, [...options, "--input-type=module", "-e", script]);
}

function runCommonJs(project: string, file: string, options: readonly string[] = []): Promise<unknown> {
  const script = `require("./${file}").main().then((met) => console.log(JSON.stringify(met)));`;
  return runScript(project, [...options, "--input-type=commonjs", "-e", script]);
}

async function runScript(project: string, options: readonly string[]): Promise<unknown> {
  const { stdout } = await run(process.execPath, options, { cwd: project });
  return JSON.parse(stdout);
}
