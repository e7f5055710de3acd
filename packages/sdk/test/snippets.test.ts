import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { operations } from "../scripts/operations.ts";
import { compileSnippets, readSnippets, type Snippet } from "./support/snippets.ts";

const packageFolder = fileURLToPath(new URL("../", import.meta.url));

/** The snippets of the README and of the sources' `@example`s. */
function snippets(): Snippet[] {
  const sources = readdirSync(join(packageFolder, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join("src", name));
  return ["README.md", ...sources].flatMap((file) => readSnippets(packageFolder, file));
}

/** The entry points with clients of their own, and the client's name in their examples. */
const ownClients = [
  ["admin", "PandaProbeAdmin"],
  ["metrics", "PandaProbeMetrics"],
  ["review", "PandaProbeReview"],
] as const;

/** An example of a method can use a client, and the names that it mentions. */
function preludeOf({ file, code }: Snippet): string {
  const own = ownClients.find(([entry]) => file.startsWith(`src/${entry}/`));
  if (own !== undefined) {
    const [entry, type] = own;
    const declared = code.includes(`const ${entry} =`)
      ? ""
      : `declare const ${entry}: import("@pandaprobe/sdk/${entry}").${type};\n`;
    const mentioned = ["score", "queue", "item"].filter((name) => !code.match(`const (\\{ )?${name}\\b`));
    return declared + mentioned.map((name) => `declare const ${name}: { readonly id: string };\n`).join("");
  }
  const entry = file.startsWith("src/traces/") ? "@pandaprobe/sdk/traces" : "@pandaprobe/sdk";
  const client = code.includes("const client =")
    ? ""
    : `declare const client: import("${entry}").PandaProbe;\n`;
  const names = code.includes('from "@pandaprobe/sdk') ? "" : `import { PandaProbe } from "${entry}";\n`;
  return `${names}${client}${testingPrelude(file, code)}`;
}

/** An example of the testing kit can use a mock server and `expect`. */
function testingPrelude(file: string, code: string): string {
  if (!file.startsWith("src/testing/") || code.includes("const pandaProbe =")) return "";
  const mockServer = `declare const pandaProbe: import("@pandaprobe/sdk/testing/msw").PandaProbeMock;\n`;
  return `import { expect } from "vitest";\nimport "@pandaprobe/sdk/testing/vitest";\n${mockServer}`;
}

it("compiles every snippet of the README and the sources", () => {
  const files = snippets().map((snippet, n) => ({
    path: join(packageFolder, `test/snippet-${n}.ts`),
    prelude: preludeOf(snippet),
    snippet,
  }));
  expect(files.length).toBeGreaterThan(25);
  expect(compileSnippets(join(packageFolder, "tsconfig.json"), files)).toEqual([]);
});

it("shows an example and the errors of each method", () => {
  const folder = join(packageFolder, "src/methods");
  const sources = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  // A docstring, and the name that it documents.
  const comments = /\/\*\*((?:(?!\*\/).)*)\*\/\s+(?:declare )?(\w+)/gs;
  const shown = sources.flatMap((source) =>
    [...source.matchAll(comments)].flatMap(([, comment = "", name]) =>
      comment.includes("@example") && comment.includes("client.") && comment.includes("@throws")
        ? [name]
        : [],
    ),
  );
  expect(operations().flatMap(({ id }) => (shown.includes(id) ? [] : [id]))).toEqual([]);
});
