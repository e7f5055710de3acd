import { realpath, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { jestApp } from "./jest-app.ts";

/** The suites as programs of a project with the package installed. */
export interface SuiteFiles {
  /** Takes the endpoint as its argument and prints the outcomes as JSON, as an ES module. */
  readonly esm: string;
  /** The same as CommonJS. */
  readonly cjs: string;
  /** A Worker, bundled with the package: a request with `?endpoint=…` is answered with the outcomes. */
  readonly worker: string;
  /** A page's script, bundled with the package: it reads the endpoint from the page's address, and posts the outcomes. */
  readonly page: string;
  /** The testing kit's suite: prints the outcomes as JSON, as an ES module. */
  readonly kit: string;
  /** The same for a page with msw's service worker. */
  readonly kitPage: string;
  /** The tests of an application for jest, as an ES module. */
  readonly jestEsm: string;
  /** The same as CommonJS. */
  readonly jestCjs: string;
}

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const mswFolder = fileURLToPath(new URL("../../node_modules/msw", import.meta.url));

/** msw's service worker, which a site must serve. */
export const serviceWorkerScript = join(mswFolder, "lib/mockServiceWorker.js");

export async function writeSuite(project: string): Promise<SuiteFiles> {
  const write = async (name: string, text: string) => {
    await writeFile(join(project, name), text);
    return join(project, name);
  };
  // Deno uses node_modules only if there is a manifest.
  await write(
    "package.json",
    '{ "private": true, "dependencies": { "@pandaprobe/sdk": "*", "msw": "*" } }\n',
  );
  await symlink(await realpath(mswFolder), join(project, "node_modules/msw"));
  await write("suite.mjs", await programOf("suite.ts", "esm"));
  await write("suite.cjs", await programOf("suite.ts", "cjs"));
  await write("kit-suite.mjs", await programOf("kit-suite.ts", "esm"));
  const print = "runSuite(process.argv[2]).then((outcomes) => console.log(JSON.stringify(outcomes)));\n";
  return {
    esm: await write("main.mjs", `import { runSuite } from "./suite.mjs";\n${print}`),
    cjs: await write("main.cjs", `const { runSuite } = require("./suite.cjs");\n${print}`),
    worker: await write("worker.js", await bundled(project, workerProgram)),
    page: await write("page.js", await bundled(project, pageProgram)),
    kit: await write("kit.mjs", kitProgram),
    kitPage: await write("kit-page.js", await bundled(project, kitPageProgram)),
    jestEsm: await write("app.test.mjs", jestApp),
    jestCjs: await write("app.test.cjs", (await transform(jestApp, { format: "cjs" })).code),
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

const kitProgram = `
import { setupServer } from "msw/node";
import { runKitSuite } from "./kit-suite.mjs";
const outcomes = await runKitSuite((handlers) => setupServer(...handlers).listen({ onUnhandledFrame: "error" }));
console.log(JSON.stringify(outcomes));`;

const kitPageProgram = `
import { setupWorker } from "msw/browser";
import { runKitSuite } from "./kit-suite.mjs";
const outcomes = await runKitSuite((handlers) =>
  setupWorker(...handlers).start({ quiet: true, onUnhandledFrame: "bypass" }),
);
await fetch("/outcomes", { method: "POST", body: JSON.stringify(outcomes) });`;

/** Bundles a suite with its own files, but not with packages. */
async function programOf(suite: string, format: "esm" | "cjs"): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [here(suite)],
    bundle: true,
    packages: "external",
    format,
    target: "es2023",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

/** Bundles for a browser, which fails on modules of Node.js. */
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
