import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { readEvalOptions } from "../../src/cli/eval-options.ts";
import { evalSettings } from "../../src/cli/eval-settings.ts";
import { evalHelp } from "../../src/cli/help.ts";

const pages = ["README.md", "docs/ci.md", "packages/sdk/README.md"];
const texts = await Promise.all(
  pages.map((page) => readFile(new URL(`../../../../${page}`, import.meta.url), "utf8")),
);

/** Whole command lines, in code and in CI configurations. */
const lines = [evalHelp, ...texts].flatMap((text) =>
  [
    ...text.matchAll(/^(?: {2,}|- run: | +- )?(?:npx (?:--yes )?@pandaprobe\/sdk|pandaprobe) eval (--.+)$/gm),
  ].map(([, args = ""]) => args),
);

it("are found", () => {
  expect(lines.length).toBeGreaterThanOrEqual(9);
});

it.each(lines)("works as written: eval %s", (line) => {
  // The shell, and GitHub before it, replace variables.
  const filled = line.replace(/\$\{\{ [\w.]+ \}\}|\$\w+/g, "v42");
  const settings = evalSettings(readEvalOptions(filled.split(" ")));
  expect(settings.source.kind).toMatch(/^(traces|sessions)$/);
});
