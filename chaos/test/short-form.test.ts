/** @module-tag slow */
import { describe, expect, test } from "vitest";
import { perform } from "../perform.ts";
import { scenarios } from "../scenarios/index.ts";

/** `budget` and `fairness` have faster tests of their own. */
const performed = scenarios.filter(({ name }) => name !== "budget" && name !== "fairness");

/** The most that can break at once. `mortal-processes.test.ts` covers what else breaks; its variations are in the tail. */
const inEveryRun = new Set(["kills"]);

/** Concurrent, because they mostly wait: for processes to start, and for heartbeats to be missed. */
describe.concurrent("the short form of scenarios", () => {
  for (const scenario of performed) {
    const tags = inEveryRun.has(scenario.name) ? [] : ["tail"];
    test(scenario.title, { timeout: 300_000, tags }, async ({ signal, expect: expectHere }) => {
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

test("the names of scenarios are unique", () => {
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
});
