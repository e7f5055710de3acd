/** @module-tag slow */
import { readdirSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, it } from "vitest";
import { operations } from "../scripts/operations.ts";

const packageFolder = fileURLToPath(new URL("../", import.meta.url));

/** The TypeScript snippets of the README and of the sources' `@example`s: their places and their code. */
function snippets(): Map<string, string> {
  const sources = readdirSync(`${packageFolder}src`, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${packageFolder}src/${name}`);
  const found = new Map<string, string>();
  for (const file of [`${packageFolder}README.md`, ...sources]) {
    const text = readFileSync(file, "utf8");
    for (const match of text.matchAll(/^ *(\* )?```ts\n(.*?)```$/gms)) {
      const code = (match[2] ?? "").replace(/^ *\* ?/gm, (prefix) => (match[1] === undefined ? prefix : ""));
      const line = text.slice(0, match.index).split("\n").length;
      found.set(`${relative(packageFolder, file)}:${line}`, code);
    }
  }
  return found;
}

/** An example of a method can use a client, and the names that it mentions. */
function program(place: string, code: string): string {
  const entry = place.startsWith("src/traces/") ? "@pandaprobe/sdk/traces" : "@pandaprobe/sdk";
  const admin = `declare const admin: import("@pandaprobe/sdk/admin").PandaProbeAdmin;\n`;
  if (place.startsWith("src/admin/"))
    return code.includes("const admin =") ? code : `${admin}${code}\nexport {};\n`;
  const client = code.includes("const client =")
    ? ""
    : `declare const client: import("${entry}").PandaProbe;\n`;
  const names = code.includes('from "@pandaprobe/sdk') ? "" : `import { PandaProbe } from "${entry}";\n`;
  return `${names}${client}${tested(place, code)}${code}\nexport {};\n`;
}

/** An example of the testing kit can use a mock server and `expect`. */
function tested(place: string, code: string): string {
  if (!place.startsWith("src/testing/") || code.includes("const pandaProbe =")) return "";
  const double = `declare const pandaProbe: import("@pandaprobe/sdk/testing/msw").PandaProbeMock;\n`;
  return `import { expect } from "vitest";\nimport "@pandaprobe/sdk/testing/vitest";\n${double}`;
}

it("compiles every snippet of the README and the sources", { timeout: 300_000 }, () => {
  const files = new Map(
    [...snippets()].map(([place, code], index) => [
      `${packageFolder}test/snippet-${index}.ts`,
      { place, text: program(place, code) },
    ]),
  );
  expect(files.size).toBeGreaterThan(25);

  const { config } = ts.readConfigFile(`${packageFolder}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, packageFolder);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name)?.text ?? readFile(name);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const snippet = files.get(name);
    return snippet === undefined
      ? getSourceFile(name, languageVersion, ...rest)
      : ts.createSourceFile(name, snippet.text, languageVersion);
  };
  // A snippet may show a value that it does not use.
  const checked = { ...options, noUnusedLocals: false };
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([...files.keys()], checked, host));
  const errors = diagnostics.map(({ file, messageText }) => {
    const place = files.get(file?.fileName ?? "")?.place ?? file?.fileName;
    return `${place}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
  expect(errors).toEqual([]);
});

it("shows an example and the errors of each method", () => {
  const folder = `${packageFolder}src/methods/`;
  const sources = readdirSync(folder).map((name) => readFileSync(`${folder}${name}`, "utf8"));
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
