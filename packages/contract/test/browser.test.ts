import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";

test("loads in a browser: imports no module of Node.js", async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL("../src/index.ts", import.meta.url))],
    bundle: true,
    platform: "browser",
    format: "esm",
    conditions: ["@pandaprobe/source"],
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  // With `platform: "browser"`, importing a built-in module of Node.js is an error. None may be left to load at run time.
  const external = Object.values(metafile.outputs).flatMap((output) => output.imports);
  expect(external).toEqual([]);
  const code = outputFiles[0]?.text ?? "";
  const url = `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
  const { contract } = (await import(url)) as { contract: object };
  expect(Object.keys(contract)).toContain("traceRuns");
});
