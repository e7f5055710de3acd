/** @module-tag slow */
import { expect, test } from "vitest";
import { families } from "../abuse/families/index.ts";
import { scenarioOf } from "../abuse/perform-family.ts";
import { perform } from "../perform.ts";

test("no attack of the short form harms another tenant", { timeout: 600_000 }, async ({ signal }) => {
  const said: string[] = [];
  const say = (progress: string) => void said.push(progress);
  // One server for all families: each attack has a project of its own.
  const all = scenarioOf({
    name: "all",
    title: "all attacks",
    attacks: families.flatMap(({ attacks }) => attacks),
    environment: Object.fromEntries(families.flatMap(({ environment = {} }) => Object.entries(environment))),
  });
  const { findings } = await perform(all, { seed: 1, short: true, signal, say });
  expect(
    findings.filter(({ holds }) => holds === false),
    said.join("\n"),
  ).toEqual([]);
  for (const { title, attacks } of families) {
    const names = attacks.map((attack) => attack.title);
    expect(
      findings.some(({ what, holds }) => names.includes(what) && holds === true),
      title,
    ).toBe(true);
  }
});

test("the names of attacks are unique", () => {
  const names = families.flatMap(({ name, attacks }) => [name, ...attacks.map((attack) => attack.name)]);
  expect(new Set(names).size).toBe(names.length);
});
