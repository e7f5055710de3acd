import { expect, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { quotasOf } from "../../src/config/project-limits.ts";

const id = "0197a0b2-0000-7000-8000-000000000001";
const quotas = (value: unknown) => readConfig({ PROJECT_QUOTAS: JSON.stringify(value) }).quotas;

test("a project's quotas override those of all, field by field", () => {
  const read = quotas({ [id]: { monitors: 5, usd_per_day: 2.5 } });
  expect(quotasOf(read, id)).toMatchObject({ monitors: 5, usdPerDay: 2.5, traces: 0 });
  expect(quotasOf(read, "0197a0b2-0000-7000-8000-000000000002")).toMatchObject({
    monitors: 100,
    usdPerDay: 0,
  });
  expect(quotasOf(readConfig({}).quotas, "toString")).toMatchObject({ monitors: 100 });
});

test.each([
  ["a name in place of an id", { shop: { traces: 1 } }, /must be a project's id/],
  ["an unknown quota", { [id]: { users: 1 } }, /"users"/],
  ["a negative quota", { [id]: { traces: -1 } }, /traces/],
])("%s is refused, and the message says why", (_, value, why) => {
  expect(() => quotas(value)).toThrow(/^PROJECT_QUOTAS must be JSON with quotas/);
  expect(() => quotas(value)).toThrow(why);
});
