import { globSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../support/run.ts";

/*
 * The runtimes weigh half a gigabyte, which nobody should have to install who does not try them: each is fetched when it
 * is first needed, and kept beside the other packages.
 */
const cache = fileURLToPath(new URL("../../../../node_modules/.cache/pandaprobe-runtimes/", import.meta.url));
const platform = process.platform === "win32" ? "win" : process.platform;

/**
 * Each runtime as an npm package, with its binary inside the package, or in one that is chosen by the platform. jest is one
 * of them, for it loads modules in its own way, and brings 190 packages; so are the libraries with a `fetch` of their own.
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

/** Tests run side by side: whoever needs a runtime that is being installed waits for it. */
const programs = new Map<InstalledRuntime, Promise<string | undefined>>();

/**
 * The runtime's program, installed if it is not there yet.
 *
 * @returns `undefined` where there is none for this kind of machine.
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

/** Whole or not at all: an installation that was broken off must not be taken for one. */
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
