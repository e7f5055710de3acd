import { expect } from "vitest";

/** Fields whose content the caller chooses. */
const free = new Set(["filters", "metadata"]);

/** Expects every documented field in a response, with the documented type; `null` stands for any type. */
export function expectSameShape(documented: unknown, actual: unknown, at = "answer"): void {
  if (documented === null || actual === null) return;
  if (Array.isArray(documented)) {
    expect(Array.isArray(actual) && actual.length > 0, `${at} is a list that holds something`).toBe(true);
    for (const item of actual as unknown[]) expectSameShape(documented[0], item, `${at}[]`);
    return;
  }
  expect(typeof actual, at).toBe(typeof documented);
  if (typeof documented !== "object") return;
  for (const [name, value] of Object.entries(documented)) {
    expect(actual, at).toHaveProperty([name]);
    const field = (actual as Readonly<Record<string, unknown>>)[name];
    if (!free.has(name)) expectSameShape(value, field, `${at}.${name}`);
  }
}
