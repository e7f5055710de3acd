/** No call takes more; a larger number is a fault of whoever counted. */
const MOST_TOKENS = 2_147_483_647;

/** A number of tokens as a provider gave it, rounded; null for what cannot be one. */
export function tokenCount(value: unknown): number | null {
  const isText = typeof value === "string" && /^\s{0,8}\d{1,12}(?:\.\d{1,12})?\s{0,8}$/.test(value);
  const count = isText ? Number(value) : value;
  if (typeof count !== "number" || !(count >= 0 && count <= MOST_TOKENS)) return null;
  return Math.round(count);
}

/**
 * Stands for a count that a provider left out or got wrong, where the library wants a number. No sum with real counts is
 * positive, so that `tokenCount` makes null of it.
 */
export const UNKNOWN_COUNT = -Number.MAX_SAFE_INTEGER;

type Fields = Readonly<Record<string, unknown>>;

const COUNT_KEY = /tokens?$|tokencount$|token_count$/i;
const DEEPEST = 3;

/**
 * A usage report with its counts as whole numbers.
 *
 * @param wanted the counts without which it says nothing: they are unknown where they are missing.
 */
export function normalizeUsage(usage: unknown, wanted: readonly string[]): Fields | null {
  if (!isFields(usage)) return null;
  const unknown = Object.fromEntries(wanted.map((key) => [key, UNKNOWN_COUNT]));
  return { ...unknown, ...normalizeCounts(usage, wanted, DEEPEST) };
}

function normalizeCounts(usage: Fields, wanted: readonly string[], depth: number): Fields {
  const entries = Object.entries(usage).flatMap(([key, value]): [string, unknown][] => {
    if (COUNT_KEY.test(key)) {
      const count = tokenCount(value) ?? (wanted.includes(key) ? UNKNOWN_COUNT : undefined);
      return count === undefined ? [] : [[key, count]];
    }
    if (!isFields(value)) return [[key, value]];
    return depth > 0 ? [[key, normalizeCounts(value, [], depth - 1)]] : [];
  });
  return Object.fromEntries(entries);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
