import { endOfString, exactIntegers } from "../common/exact-integers.ts";

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Deeper JSON stays text, because values are walked recursively later. */
const maxDepth = 256;

/**
 * Parses a text that is a JSON object, array or string; returns anything else unchanged. An integer that JavaScript
 * cannot represent becomes text, so that no digit is lost.
 */
export function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{"]/.test(value)) return value;
  try {
    return nestsDeeper(value, maxDepth) ? value : (JSON.parse(exactIntegers(value)) as unknown);
  } catch {
    // Probably cut by a limit on the length of attributes.
    return value;
  }
}

/** Checks the text, because parsed brackets take a hundred times the memory. */
function nestsDeeper(json: string, levels: number): boolean {
  if (json.length <= levels) return false;
  let depth = 0;
  for (let at = 0; at < json.length && depth <= levels; at += 1) {
    const char = json[at];
    if (char === '"') at = endOfString(json, at) - 1;
    else if (char === "[" || char === "{") depth += 1;
    else if (char === "]" || char === "}") depth -= 1;
  }
  return depth > levels;
}
