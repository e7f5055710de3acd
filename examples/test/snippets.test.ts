/** @module-tag slow */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The folder in which a page's snippets are compiled. Default: `examples`. */
const places: Readonly<Record<string, string>> = {
  "docs/metrics.md": "packages/server/src/metrics",
  "packages/contract/README.md": "packages/contract",
  "packages/server/README.md": "packages/server",
};

/** What a snippet may use without creating it. */
const prelude = `
import type { PandaProbe } from "@pandaprobe/sdk";
declare global {
  const client: PandaProbe;
}
`;

interface Snippet {
  /** A path for the compiler; the file does not exist. */
  readonly path: string;
  readonly code: string;
  /** The page, and the line of the first line of code. */
  readonly page: string;
  readonly line: number;
}

const pages = globSync(
  ["README.md", "CONTRIBUTING.md", "docs/*.md", "examples/*.md", "packages/*/README.md"],
  {
    cwd: root,
  },
).sort();
const snippets = pages.flatMap(readSnippets);

test("there are snippets to check", () => {
  expect(snippets.map(({ page }) => page)).toContain("README.md");
});

test("every TypeScript snippet of the documentation compiles", { timeout: 120_000 }, () => {
  expect(compileErrors(snippets)).toEqual([]);
});

test("a snippet that does not compile is found, with its page and line", { timeout: 120_000 }, () => {
  const code = 'import { PandaProbe } from "@pandaprobe/sdk";\nnew PandaProbe({ projekt: "typo" });';
  const wrong = { path: join(root, "examples/snippet-wrong.ts"), code, page: "wrong.md", line: 10 };
  expect(compileErrors([wrong])).toEqual([expect.stringMatching(/^wrong\.md:11: .*'projekt'/)]);
});

function readSnippets(page: string): Snippet[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(({ index, 1: code = "" }, n) => ({
    path: join(root, places[page] ?? "examples", `snippet-${page.replace(/\W/g, "-")}-${n}.ts`),
    code,
    page,
    line: text.slice(0, index).split("\n").length + 1,
  }));
}

function compileErrors(given: readonly Snippet[]): string[] {
  const preludePath = join(root, "examples/snippet-prelude.ts");
  // Without an export, a snippet without imports would be a script, and share its names with all others.
  const sources = new Map(given.map(({ path, code }) => [path, `${code}\nexport {};\n`]));
  sources.set(preludePath, prelude);
  const options = compilerOptions();
  const program = ts.createProgram([...sources.keys()], options, hostWith(sources, options));
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => describe(diagnostic, given));
}

function compilerOptions(): ts.CompilerOptions {
  const file = join(root, "tsconfig.json");
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, dirname(file));
  // A snippet may declare names that it does not use.
  return { ...options, noUnusedLocals: false, noEmit: true };
}

function hostWith(sources: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    fileExists: (path) => sources.has(path) || host.fileExists(path),
    readFile: (path) => sources.get(path) ?? host.readFile(path),
    getSourceFile: (path, languageVersion, ...rest) => {
      const source = sources.get(path);
      return source === undefined
        ? host.getSourceFile(path, languageVersion, ...rest)
        : ts.createSourceFile(path, source, languageVersion);
    },
  };
}

function describe({ file, start = 0, messageText }: ts.Diagnostic, given: readonly Snippet[]): string {
  const message = ts.flattenDiagnosticMessageText(messageText, " ");
  const snippet = given.find(({ path }) => path === file?.fileName);
  if (file === undefined || snippet === undefined) return `${file?.fileName ?? "options"}: ${message}`;
  return `${snippet.page}:${snippet.line + file.getLineAndCharacterOfPosition(start).line}: ${message}`;
}
