import { exactIntegers } from "../common/exact-integers.ts";

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Deeper JSON stays text, because values are walked recursively later. */
const maxDepth = 256;

/**
 * Parses a text that is a JSON object, array or string; gives anything else unchanged. An integer that JavaScript cannot
 * hold becomes text, so that no digit is lost.
 */
export function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{"]/.test(value)) return value;
  try {
    const read: unknown = JSON.parse(exactIntegers(value));
    return typeof read === "object" && nestsDeeper(read, maxDepth) ? value : read;
  } catch {
    // Cut by a limit on the length of attributes, most likely.
    return value;
  }
}

function nestsDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => nestsDeeper(inner, levels - 1));
}
