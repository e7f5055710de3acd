import { describe, expect, test } from "vitest";
import { perform } from "../perform.ts";
import { scenarios } from "../scenarios/index.ts";

/** Budgets and turns have tests of their own, which take less time. */
const performed = scenarios.filter(({ name }) => name !== "budget" && name !== "fairness");

/** They mostly wait for processes that start, and for silence that has to last. */
describe.concurrent("in its short form", () => {
  for (const scenario of performed) {
    test(scenario.title, { timeout: 300_000 }, async ({ signal, expect: expectHere }) => {
      const said: string[] = [];
      const say = (progress: string) => void said.push(progress);
      const { findings } = await perform(scenario, { seed: 1, short: true, signal, say });
      expectHere(
        findings.filter(({ holds }) => holds === false),
        said.join("\n"),
      ).toEqual([]);
      expectHere(findings.some(({ holds }) => holds === true)).toBe(true);
    });
  }
});

test("scenarios are told apart by their names", () => {
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
});
