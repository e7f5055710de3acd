// Checks that documents have lines of a readable length, and that comments, docs and messages use plain words.
import { globSync, readFileSync } from "node:fs";
import { findLongLines, findTics } from "./prose/find-problems.ts";
import { notYetClean } from "./prose/word-list.ts";

const files = globSync(
  ["*.{md,mjs,ts}", "{.changeset,bench,chaos,docs,examples,packages,scripts}/**/*.{md,mjs,ts}"],
  {
    exclude: ["**/node_modules/**", "**/dist/**", "**/CHANGELOG.md", "scripts/{prose,test}/**"],
  },
).map((file) => file.replaceAll("\\", "/"));

const problems = files.flatMap((file) => {
  const text = readFileSync(file, "utf8");
  // These two show the words that they forbid.
  const words = file === "CONTRIBUTING.md" ? [] : findTics(file, text);
  return file.endsWith(".md") ? [...findLongLines(file, text), ...words] : words;
});
const isExempt = (file: string) => notYetClean.find((start) => file.startsWith(start));

const failures = problems.filter(({ file }) => isExempt(file) === undefined);
for (const { file, line, message } of failures) console.error(`${file}:${line}: ${message}`);
for (const start of notYetClean) {
  const left = problems.filter(({ file }) => isExempt(file) === start).length;
  console.log(
    left === 0 ? `${start} is clean: remove it from notYetClean.` : `${start}: ${left} not checked yet`,
  );
}
console.log(`${failures.length} problems in ${files.length} files`);
process.exitCode = failures.length === 0 ? 0 : 1;
