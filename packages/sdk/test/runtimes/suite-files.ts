import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

/** The suite as programs of a project that has the package installed. */
export interface SuiteFiles {
  /** Takes the endpoint as its argument and prints the outcomes as JSON, as an ES module. */
  readonly esm: string;
  /** The same as CommonJS. */
  readonly cjs: string;
  /** One file, package and all, that is a Worker: it is asked with `?endpoint=…`, and answers the outcomes. */
  readonly worker: string;
  /** One file, package and all, for a page: it takes the endpoint from the page's address, and posts the outcomes to it. */
  readonly page: string;
}

const suite = fileURLToPath(new URL("suite.ts", import.meta.url));

export async function writeSuite(project: string): Promise<SuiteFiles> {
  const source = await readFile(suite, "utf8");
  const write = async (name: string, text: string) => {
    await writeFile(join(project, name), text);
    return join(project, name);
  };
  // Deno takes packages from node_modules where there is a manifest.
  await write("package.json", '{ "private": true, "dependencies": { "@pandaprobe/sdk": "*" } }\n');
  for (const format of ["esm", "cjs"] as const) {
    const { code } = await transform(source, { loader: "ts", format, target: "es2023" });
    await write(`suite.${format === "esm" ? "mjs" : "cjs"}`, code);
  }
  const print = "runSuite(process.argv[2]).then((outcomes) => console.log(JSON.stringify(outcomes)));\n";
  return {
    esm: await write("main.mjs", `import { runSuite } from "./suite.mjs";\n${print}`),
    cjs: await write("main.cjs", `const { runSuite } = require("./suite.cjs");\n${print}`),
    worker: await write("worker.js", await bundled(project, workerProgram)),
    page: await write("page.js", await bundled(project, pageProgram)),
  };
}

const workerProgram = `
import { runSuite } from "./suite.mjs";
export default {
  async fetch(request) {
    return Response.json(await runSuite(new URL(request.url).searchParams.get("endpoint")));
  },
};`;

const pageProgram = `
import { runSuite } from "./suite.mjs";
const outcomes = await runSuite(new URL(location.href).searchParams.get("endpoint"));
await fetch("/outcomes", { method: "POST", body: JSON.stringify(outcomes) });`;

/** For a browser: what is of Node.js does not get through. */
async function bundled(project: string, contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: project, loader: "js" },
    bundle: true,
    platform: "browser",
    format: "esm",
    target: "es2023",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
