import { globSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../support/run.ts";

/*
 * The runtimes take half a gigabyte, so they are not dependencies: each is downloaded when a test first needs it, and
 * kept in a cache.
 */
const cache = fileURLToPath(new URL("../../../../node_modules/.cache/pandaprobe-runtimes/", import.meta.url));
const platform = process.platform === "win32" ? "win" : process.platform;

/**
 * The npm package of each runtime. Its binary is in the package, or in one that depends on the platform. jest is here
 * because it loads modules in its own way and brings 190 packages. The libraries with their own `fetch` are here too.
 */
const packages = {
  "Node.js 22": { spec: `node-${platform}-${process.arch}@22.23.3`, binary: "node-*/bin/node{,.exe}" },
  "Node.js 26": { spec: `node-${platform}-${process.arch}@26.10.0`, binary: "node-*/bin/node{,.exe}" },
  Deno: { spec: "deno@2.9.6", binary: "@deno/*/deno{,.exe}" },
  Bun: { spec: "bun@1.4.5", binary: "@oven/bun-*/bin/bun{,.exe}" },
  jest: { spec: "jest@30.5.2", binary: "jest/bin/jest.js" },
  "other fetches": {
    spec: "undici6@npm:undici@6.29.1 undici7@npm:undici@7.30.2 undici8@npm:undici@8.13.1 node-fetch@2.7.0 cross-fetch@4.1.0",
    binary: "node-fetch/package.json",
  },
  workerd: { spec: "workerd@1.20261117.1", binary: "@cloudflare/workerd-*/bin/workerd{,.exe}" },
} as const;

export type InstalledRuntime = keyof typeof packages;

/** By runtime, so that concurrent tests wait for the same installation. */
const programs = new Map<InstalledRuntime, Promise<string | undefined>>();

/**
 * Finds the runtime's program, and installs it if it is missing.
 *
 * @returns `undefined` if there is none for this platform.
 */
export function installedRuntime(name: InstalledRuntime): Promise<string | undefined> {
  const program = programs.get(name) ?? programOf(name);
  programs.set(name, program);
  return program;
}

async function programOf(name: InstalledRuntime): Promise<string | undefined> {
  const { spec, binary } = packages[name];
  const folder = join(cache, spec.replace(/[@/: ]/g, "-"));
  const find = () => globSync(`node_modules/${binary}`, { cwd: folder }).map((file) => join(folder, file))[0];
  return find() ?? ((await install(spec, folder)) ? find() : undefined);
}

/** Installs into a temporary folder and renames it, so that an interrupted installation is not used. */
async function install(spec: string, folder: string): Promise<boolean> {
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(join(cache, "unfinished-"));
  try {
    await writeFile(join(unfinished, "package.json"), '{ "private": true }\n');
    // No scripts: they would only move the binary, and npm is about to stop running them.
    const options = ["--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
    await run("npm", ["install", ...options, ...spec.split(" ")], { cwd: unfinished });
    await rename(unfinished, folder);
    return true;
  } catch (error) {
    if (/EBADPLATFORM/.test(String(error))) return false;
    throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
