import { globSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { compileSnippets, readSnippets, type SnippetFile } from "../../packages/sdk/test/support/snippets.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const tsconfig = join(root, "tsconfig.json");

/** The folder in which a page's snippets are compiled. Default: `examples`. */
const places: Readonly<Record<string, string>> = {
  "docs/metrics.md": "packages/server/src/metrics",
  "packages/contract/README.md": "packages/contract",
  "packages/server/README.md": "packages/server",
};

/** What a snippet may use without creating it. */
const globals: SnippetFile = {
  path: join(root, "examples/snippet-globals.ts"),
  snippet: {
    file: "the snippets' globals",
    line: 1,
    code: `import type { PandaProbe } from "@pandaprobe/sdk";
declare global {
  const client: PandaProbe;
}`,
  },
};

const pages = globSync(
  ["README.md", "CONTRIBUTING.md", "docs/**/*.md", "examples/*.md", "packages/*/README.md"],
  {
    cwd: root,
  },
).sort();
const snippets = pages.flatMap((page) => readSnippets(root, page));

test("there are snippets to check", () => {
  expect(snippets.map(({ file }) => file)).toContain("README.md");
});

test("every TypeScript snippet of the documentation compiles", () => {
  const files = snippets.map((snippet, n) => ({
    path: join(root, places[snippet.file] ?? "examples", `snippet-${n}.ts`),
    snippet,
  }));
  expect(compileSnippets(tsconfig, [globals, ...files])).toEqual([]);
});

test("a snippet that does not compile is found, with its page and line", () => {
  const code = 'import { PandaProbe } from "@pandaprobe/sdk";\nnew PandaProbe({ projekt: "typo" });';
  const path = join(root, "examples/snippet-wrong.ts");
  const wrong = { path, snippet: { file: "wrong.md", line: 10, code } };
  expect(compileSnippets(tsconfig, [wrong])).toEqual([expect.stringMatching(/^wrong\.md:11: .*'projekt'/)]);
});
