import { exactIntegers } from "@pandaprobe/contract/rules";

/** Whether a JSON value is an object, neither a list nor null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** JSON nested deeper than this stays text, since values are walked recursively later. */
const maxDepth = 256;

/** Parses JSON text of an object or a list; returns anything else unchanged. Integers that are too large stay text. */
export function parseIfJson(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value) || nestsTooDeep(value)) return value;
  try {
    return JSON.parse(exactIntegers(value));
  } catch {
    return value;
  }
}

/** In malformed JSON, brackets inside strings may be counted; at worst the text is left unparsed. */
function nestsTooDeep(json: string): boolean {
  let depth = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === "[" || token === "{") depth += 1;
    else if (token === "]" || token === "}") depth -= 1;
    if (depth > maxDepth) return true;
  }
  return false;
}
