// Builds the page into the server's package: hashed files, each also compressed, and the HTML that loads them.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

/** In bytes of gzip: the files that the browser loads before it shows the first page. */
const firstLoadLimit = 80_000;

const web = join(import.meta.dirname, "../../server/web");
const assets = join(web, "assets");

mkdirSync(assets, { recursive: true });
const { outputFiles, metafile } = await build({
  absWorkingDir: join(import.meta.dirname, ".."),
  entryPoints: ["src/main.tsx"],
  outdir: assets,
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: "es2024",
  conditions: ["@pandaprobe/source"],
  jsx: "automatic",
  jsxImportSource: "preact",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  metafile: true,
  write: false,
});

/** Files are moved to their place, so that a server never reads a part of one, whatever else builds meanwhile. */
const made = mkdtempSync(join(web, ".made-"));
function place(path: string, contents: string | Uint8Array): void {
  const temporary = join(made, basename(path));
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

const gzipBytes = new Map<string, number>();
for (const { path, contents } of outputFiles) {
  const gzip = gzipSync(contents, { level: 9 });
  gzipBytes.set(basename(path), gzip.length);
  place(path, contents);
  place(`${path}.gz`, gzip);
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: contents.length };
  place(`${path}.br`, brotliCompressSync(contents, { params }));
}

/** The entry's files and everything that they import statically, by name. */
function firstLoad(): { script: string; imported: string[]; style: string } {
  const outputs = Object.entries(metafile.outputs);
  const [entry, output] = outputs.find(([, { entryPoint }]) => entryPoint === "src/main.tsx") ?? [];
  if (entry === undefined || output?.cssBundle === undefined)
    throw new Error("The build has no entry point.");
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { path, kind } of metafile.outputs[file]?.imports ?? [])
      if (kind === "import-statement") visit(path);
  };
  visit(entry);
  const [script = "", ...imported] = [...seen].map((file) => basename(file));
  return { script, imported, style: basename(output.cssBundle) };
}

const { script, imported, style } = firstLoad();
const total = [script, ...imported, style].reduce((sum, name) => sum + (gzipBytes.get(name) ?? 0), 0);
const preloads = imported
  .map((name) => `    <link rel="modulepreload" href="/app/assets/${name}" />\n`)
  .join("");
place(
  join(web, "index.html"),
  `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>PandaProbe</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/app/assets/${style}" />
${preloads}    <script type="module" src="/app/assets/${script}"></script>
  </head>
  <body>
    <div id="app"></div>
    <noscript>This page needs JavaScript. The API's reference is at <a href="/docs">/docs</a>.</noscript>
  </body>
</html>
`,
);
rmSync(made, { recursive: true });
// Last, so that a server or test that uses the files of the previous build does not miss any meanwhile.
const current = new Set(
  outputFiles.flatMap(({ path }) => ["", ".gz", ".br"].map((end) => basename(path) + end)),
);
// Another build may remove the same files at the same time.
for (const name of readdirSync(assets)) if (!current.has(name)) rmSync(join(assets, name), { force: true });
process.stdout.write(`First load: ${(total / 1000).toFixed(1)} of ${firstLoadLimit / 1000} kB gzip\n`);
if (total > firstLoadLimit) {
  process.stderr.write("The first load is too large. Load what only some pages need with `lazy`.\n");
  process.exitCode = 1;
}
