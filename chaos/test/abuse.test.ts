/** @module-tag slow */
import { describe, expect, test } from "vitest";
import { families } from "../abuse/families/index.ts";
import { scenarioOf } from "../abuse/perform-family.ts";
import { perform } from "../perform.ts";

describe("the short form of attacks", () => {
  for (const family of families) {
    test(family.title, { timeout: 600_000 }, async ({ signal }) => {
      const said: string[] = [];
      const say = (progress: string) => void said.push(progress);
      const { findings } = await perform(scenarioOf(family), { seed: 1, short: true, signal, say });
      expect(
        findings.filter(({ holds }) => holds === false),
        said.join("\n"),
      ).toEqual([]);
      expect(findings.some(({ holds }) => holds === true)).toBe(true);
    });
  }
});

test("the names of attacks are unique", () => {
  const names = families.flatMap(({ name, attacks }) => [name, ...attacks.map((attack) => attack.name)]);
  expect(new Set(names).size).toBe(names.length);
});
