/** Deeper JSON stays text: what walks a value later does so by recursion. */
const maxDepth = 256;

/** JSON text as the value it stands for; any other text, and any other value, as it is. */
export function parseIfJson(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value) || nestsTooDeep(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Brackets inside of strings count only while the string lasts, which at worst leaves a text as it is. */
function nestsTooDeep(json: string): boolean {
  let depth = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === "[" || token === "{") depth += 1;
    else if (token === "]" || token === "}") depth -= 1;
    if (depth > maxDepth) return true;
  }
  return false;
}
