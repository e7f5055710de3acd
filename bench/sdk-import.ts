import { writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { packPackage } from "../packages/sdk/test/support/packed-package.ts";
import { run } from "../packages/sdk/test/support/run.ts";
import { median } from "./times.ts";

/*
 * How long it takes to import the SDK ÷ to import `openai`: as installed, for which there is a goal, and each bundled into one
 * minified file, which saves `openai` reading most of its files. `fetch` is loaded before, because both need it and it belongs
 * to the platform. An empty file shows the minimum of any import.
 */

const rounds = 15;
const limit = 0.15;

await using packed = await packPackage();
const sdk = path.join(packed.project, "node_modules/@pandaprobe/sdk/dist/index.js");
const openai = fileURLToPath(import.meta.resolve("openai"));

const nothing = path.join(packed.project, "nothing.mjs");
await writeFile(nothing, "export {};\n");

const ratio = await compare("as installed", sdk, openai);
console.log(`goal: ${limit * 100} %, as installed`);
if (ratio >= limit) process.exitCode = 1;
await compare("bundled", await bundle("sdk", sdk), await bundle("openai", openai));

async function bundle(name: string, entry: string): Promise<string> {
  const outfile = path.join(packed.project, "bundled", `${name}.mjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
  });
  return outfile;
}

async function compare(how: string, sdkFile: string, openaiFile: string): Promise<number> {
  const times = new Map<string, number[]>([sdkFile, openaiFile, nothing].map((file) => [file, []]));
  // Alternately, so that other load on the machine affects all.
  for (let round = 0; round < rounds; round++) {
    for (const [file, each] of times) each.push(await importMs(file));
  }
  const ratioOf = (file: string) => median(times.get(file) ?? []) / median(times.get(openaiFile) ?? []);
  const percent = (file: string) => `${(ratioOf(file) * 100).toFixed(1)} %`;
  console.log(
    `${how}: importing the SDK takes ${percent(sdkFile)} of importing openai (an empty file: ${percent(nothing)})`,
  );
  return ratioOf(sdkFile);
}

async function importMs(file: string): Promise<number> {
  const script = `
    await fetch("data:,");
    const startedAt = performance.now();
    await import(${JSON.stringify(pathToFileURL(file).href)});
    console.log(performance.now() - startedAt);`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script]);
  return Number(stdout);
}
