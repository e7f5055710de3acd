import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { variables } from "../../src/config/variables.ts";

const page = readFileSync(new URL("../../../../docs/configuration.md", import.meta.url), "utf8");

/** The default of each variable in the page's tables, as a user would write it. */
const documented = new Map(
  [...page.matchAll(/^\| `([A-Z_]+)` +\| +(?:`(.*?)` *)?\| \S.*\|$/gm)].map(([, name = "", fallback]) => [
    name,
    fallback ?? null,
  ]),
);

describe("docs/configuration.md", () => {
  test("lists the variables that the server reads, each once, and no others", () => {
    const rows = [...page.matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(([, name]) => name);
    expect(rows.toSorted()).toEqual(Object.keys(variables).sort());
  });

  test.each(Object.entries(variables))("says the default of %s", (name, variable) => {
    expect(documented.get(name)).toBe(asWritten(name, variable.default));
  });
});

/** Durations are set in seconds and kept in milliseconds. */
function asWritten(name: string, value: unknown): string | null {
  if (value === null) return null;
  return String(name.endsWith("_SECONDS") ? Number(value) / 1000 : value);
}
