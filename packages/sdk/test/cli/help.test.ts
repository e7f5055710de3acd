import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { evalOptionDefinitions } from "../../src/cli/eval-options.ts";
import { exitCodes } from "../../src/cli/exit-codes.ts";
import { evalHelp } from "../../src/cli/help.ts";

const page = await readFile(new URL("../../../../docs/ci.md", import.meta.url), "utf8");

it("lists every option, and no others", () => {
  const listed = [...evalHelp.matchAll(/^ +(?:-\w, )?--([\w-]+)/gm)].map(([, name]) => name);
  // --version is not an option of eval alone.
  expect([...listed, "version"].sort()).toEqual(Object.keys(evalOptionDefinitions).sort());
});

it.each(Object.keys(evalOptionDefinitions).filter((name) => name !== "help" && name !== "version"))(
  "is explained in docs/ci.md: --%s",
  (name) => {
    expect(page).toMatch(new RegExp(`--${name}\\b`));
  },
);

it("exits with the codes of docs/ci.md, and no others", () => {
  const codes = [...page.matchAll(/^\| `(\d)` /gm)].map(([, code]) => Number(code));
  expect(codes).toEqual(Object.values(exitCodes));
});
