/** @module-tag slow */
import { cp, mkdtempDisposable, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { run } from "./support/run.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const packages = ["contract", "sdk", "server"];

describe("npm pack", () => {
  // That the build is started at all is what the next test checks.
  it("builds what it packs, in a checkout without dist", { tags: ["tail"], timeout: 300_000 }, async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "pandaprobe-checkout-"));
    const checkout = join(folder.path, "pandaprobe");
    const leftOut = [".git", ".tools", "dist", "node_modules"];
    await cp(repository, checkout, { recursive: true, filter: (from) => !leftOut.includes(basename(from)) });
    // The packages that bootstrap.mjs would install.
    const workspace = [
      "",
      "examples",
      "bench",
      "chaos",
      ...(await readdir(join(repository, "packages"))).map((name) => join("packages", name)),
    ];
    for (const project of workspace)
      await symlink(join(repository, project, "node_modules"), join(checkout, project, "node_modules"));
    const files = await pack(join(checkout, "packages/contract"), folder.path);
    expect(files).toEqual(expect.arrayContaining(["dist/index.js", "dist/index.d.ts"]));
  });

  it("is preceded by a build in every package", async () => {
    const prepacks = await Promise.all(
      packages.map(async (name) => (await manifest(name)).scripts?.["prepack"]),
    );
    // The page is built into the server's package.
    const built = ["packages/contract", "packages/sdk", "packages/web packages/server"];
    const build = (folders: string) => `node ../../scripts/bootstrap.mjs scripts/build-package.ts ${folders}`;
    expect(prepacks).toEqual(built.map(build));
  });

  it("makes tarballs that npm installs together", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "pandaprobe-tarballs-"));
    for (const name of packages)
      await pack(join(repository, "packages", name), folder.path, "--ignore-scripts");
    const tarballs = (await readdir(folder.path)).map((name) => `./${name}`);
    await writeFile(join(folder.path, "package.json"), '{ "private": true }\n');
    // Resolves all dependencies without downloading them.
    const install = ["install", "--package-lock-only", "--prefer-offline", "--no-audit", "--no-fund"];
    await run("npm", [...install, ...tarballs], { cwd: folder.path });
    const lock = JSON.parse(await readFile(join(folder.path, "package-lock.json"), "utf8"));
    const installed = Object.keys(lock.packages).filter((path) => /@pandaprobe\/\w+$/.test(path));
    expect(installed).toEqual(packages.map((name) => `node_modules/@pandaprobe/${name}`));
  }, 120_000);

  it("names the contract that is beside the server", async () => {
    const { dependencies = {} } = await manifest("server");
    expect(dependencies["@pandaprobe/contract"]).toBe((await manifest("contract")).version);
  });
});

/** @returns the files in the tarball. */
async function pack(folder: string, destination: string, ...options: string[]): Promise<string[]> {
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", destination, ...options], {
    cwd: folder,
  });
  const packed = Object.values(JSON.parse(stdout) as Record<string, { files: { path: string }[] }>);
  return packed.flatMap(({ files }) => files.map(({ path }) => path));
}

interface Manifest {
  readonly version: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

async function manifest(name: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(repository, "packages", name, "package.json"), "utf8"));
}
