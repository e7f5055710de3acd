// Checks that documents have short lines and working links, and that comments, docs and messages use plain words.
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { findBrokenLinks, findLongLines, findTics } from "./prose/find-problems.ts";

/** Released migrations never change. */
const unchangeable = "packages/server/src/db/migrations/0*.ts";

const files = globSync(
  ["*.{md,mjs,ts}", "{.changeset,bench,chaos,docs,examples,packages,scripts}/**/*.{md,mjs,ts}"],
  {
    exclude: [
      "**/node_modules/**",
      "**/{dist,.declarations}/**",
      "**/CHANGELOG.md",
      "scripts/{prose,test}/**",
      unchangeable,
    ],
  },
).map((file) => file.replaceAll("\\", "/"));

const problems = files.flatMap((file) => {
  const text = readFileSync(file, "utf8");
  // Its rules quote the words that they forbid.
  const words = file === "CONTRIBUTING.md" ? [] : findTics(file, text);
  if (!file.endsWith(".md")) return words;
  return [...findLongLines(file, text), ...findBrokenLinks(file, text, readIfThere), ...words];
});

for (const { file, line, message } of problems) console.error(`${file}:${line}: ${message}`);
console.log(`${problems.length} problems in ${files.length} files`);
process.exitCode = problems.length === 0 ? 0 : 1;

function readIfThere(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  return statSync(path).isDirectory() ? "" : readFileSync(path, "utf8");
}
