import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";

/*
 * How long importing the SDK takes, beside importing `openai`: as they are installed, which is what the bar is for; and
 * each bundled into one minified file. `fetch` is loaded before the clock starts: both need it, and it is the platform's.
 */

const rounds = 15;
const limit = 0.15;
const run = promisify(execFile);
const folder = await mkdtemp(path.join(tmpdir(), "pandaprobe-import-"));

try {
  await bundle("sdk", "@pandaprobe/sdk");
  await bundle("openai", "openai");
  const installed = (name: string) => import.meta.resolve(name);
  const built = installed("@pandaprobe/sdk").replace("/src/index.ts", "/dist/index.js");
  const ratio = await compare("as installed", built, installed("openai"));
  if (ratio >= limit) process.exitCode = 1;
  await compare("bundled", bundled("sdk"), bundled("openai"));
} finally {
  await rm(folder, { recursive: true, force: true });
}

function bundled(name: string): string {
  return new URL(`file://${path.join(folder, `${name}.mjs`)}`).href;
}

async function bundle(name: string, from: string): Promise<void> {
  const entry = path.join(import.meta.dirname, `.${name}-entry.ts`);
  await writeFile(entry, `export * from "${from}";\n`);
  await build({
    entryPoints: [entry],
    outfile: path.join(folder, `${name}.mjs`),
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
  }).finally(() => rm(entry));
}

async function compare(how: string, sdk: string, openai: string): Promise<number> {
  const ours: number[] = [];
  const theirs: number[] = [];
  // In turns, so that whatever else the machine does meets both.
  for (let round = 0; round < rounds; round++) {
    ours.push(await importMs(sdk));
    theirs.push(await importMs(openai));
  }
  const ratio = median(ours) / median(theirs);
  console.log(`${how}: importing the SDK takes ${(ratio * 100).toFixed(1)} % of importing openai`);
  return ratio;
}

async function importMs(url: string): Promise<number> {
  const script = `
    await fetch("data:,");
    const startedAt = performance.now();
    await import(${JSON.stringify(url)});
    console.log(performance.now() - startedAt);`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script]);
  return Number(stdout);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
