/** No call takes more tokens; a larger number is a counting error. */
const MOST_TOKENS = 2_147_483_647;

/** A provider's token count, rounded; null if it cannot be one. */
export function tokenCount(value: unknown): number | null {
  const isText = typeof value === "string" && /^\s{0,8}\d{1,12}(?:\.\d{1,12})?\s{0,8}$/.test(value);
  const count = isText ? Number(value) : value;
  if (typeof count !== "number" || !(count >= 0 && count <= MOST_TOKENS)) return null;
  return Math.round(count);
}

/**
 * Replaces a missing or wrong count, because the AI SDK requires a number. Its sum with real counts is negative, so `tokenCount`
 * turns it into null.
 */
export const UNKNOWN_COUNT = -Number.MAX_SAFE_INTEGER;

type Fields = Readonly<Record<string, unknown>>;

const COUNT_KEY = /tokens?$|tokencount$|token_count$/i;
const DEEPEST = 3;

/**
 * A usage report with whole numbers as counts.
 *
 * @param wanted the counts that are needed; missing ones become `UNKNOWN_COUNT`.
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
