import { expect, test } from "vitest";
import { perform } from "../perform.ts";
import { scenarios } from "../scenarios/index.ts";

test.for(scenarios.map((scenario) => [scenario.title, scenario] as const))(
  "%s",
  { timeout: 300_000 },
  async ([, scenario], { signal }) => {
    const { findings } = await perform(scenario, { seed: 1, short: true, signal, say: () => undefined });
    expect(findings.filter(({ holds }) => holds === false)).toEqual([]);
    expect(findings.some(({ holds }) => holds === true)).toBe(true);
  },
);
